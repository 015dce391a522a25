import type { CancelSignal } from '../base/cancel.ts';
import type { SubscriptionId } from '../model/ids.ts';
import type { WorkspaceListing } from './directory.ts';
import type { Issuer } from './issuer.ts';

/**
 * Provisioning's side of ARM. Long-running operations report and can be cancelled (the service may still finish them).
 */
export interface ProvisionPort {
  /** Regions that workspaces can be made in, of those that the subscription has; by name. */
  locations(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly displayName: string }[]>;
  resourceGroups(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly region: string }[]>;
  /** Whether a subscription is registered for a resource provider. Undefined where Azure knows no such provider. */
  resourceProvider(
    issuer: Issuer,
    subscription: SubscriptionId,
    namespace: string,
    signal?: CancelSignal,
  ): Promise<ResourceProviderNow | undefined>;
  /** Begins the registration; `resourceProvider` shows when it is done. */
  registerResourceProvider(
    issuer: Issuer,
    subscription: SubscriptionId,
    namespace: string,
    signal?: CancelSignal,
  ): Promise<void>;
  /** Undefined where there is none; a subscription that cannot be seen is a failure, not an absence. */
  resourceGroup(
    issuer: Issuer,
    subscription: SubscriptionId,
    name: string,
    signal?: CancelSignal,
  ): Promise<ResourceGroupNow | undefined>;
  /** Only for a group that is not there: the same request would take the tags off one that is. */
  createResourceGroup(
    issuer: Issuer,
    subscription: SubscriptionId,
    name: string,
    region: string,
    signal?: CancelSignal,
  ): Promise<void>;
  /** Undefined where there is none; a subscription that cannot be seen is a failure, not an absence. */
  workspace(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<WorkspaceNow | undefined>;
  deletedWorkspaces(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly DeletedWorkspace[]>;
  putWorkspace(
    issuer: Issuer,
    armId: string,
    body: WorkspaceBody,
    report: (state: string) => void,
    signal?: CancelSignal,
  ): Promise<void>;
  patchWorkspace(issuer: Issuer, armId: string, body: Partial<WorkspaceBody>, signal?: CancelSignal): Promise<void>;
  deleteWorkspace(
    issuer: Issuer,
    armId: string,
    permanent: boolean,
    report: (state: string) => void,
    signal?: CancelSignal,
  ): Promise<void>;
}

/** `registrationState` in the service's words: `NotRegistered`, `Registering`, `Registered`, `Unregistered` ... */
export interface ResourceProviderNow {
  readonly registrationState: string;
}

/** A resource group as a GET shows it. `provisioningState` in the service's words: `Succeeded` when it is whole. */
export interface ResourceGroupNow {
  readonly name: string;
  readonly region: string;
  readonly provisioningState: string;
}

/**
 * A workspace as a GET shows it. `provisioningState` in the service's words: `Creating`, `Succeeded`, `Failed` ...;
 * `listing` is absent while it has no workspace id, without which nothing can ask it.
 */
export interface WorkspaceNow {
  readonly name: string;
  readonly region: string;
  readonly provisioningState: string;
  readonly listing?: WorkspaceListing;
}

/** A workspace that was deleted less than fourteen days ago and can be brought back. */
export interface DeletedWorkspace {
  readonly name: string;
  readonly resourceGroup: string;
  readonly region: string;
}

/** What a PUT or PATCH of a workspace sets. */
export interface WorkspaceBody {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: string;
  readonly capacityReservationLevel?: number;
  readonly retentionDays: number;
  /** -1 for no cap. */
  readonly dailyCapGb: number;
}
