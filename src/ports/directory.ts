import type { CancelSignal } from '../base/cancel.ts';
import type { AppErrorData } from '../base/errors.ts';
import type { WorkspaceFunction, WorkspaceTable } from '../model/estate.ts';
import type { SubscriptionId, TenantId } from '../model/ids.ts';
import type { Issuer } from './issuer.ts';

/** A tenant as an account sees it. */
export interface TenantListing {
  readonly id: TenantId;
  readonly name: string;
  readonly defaultDomain?: string;
  readonly domains?: readonly string[];
  /**
   * True for a tenant this account has no identity in: it is listed only because its subscriptions are delegated to us.
   */
  readonly delegatedOnly?: boolean;
}

/** A subscription as one issuer sees it. */
export interface SubscriptionListing {
  readonly id: SubscriptionId;
  readonly name: string;
  /** The tenant that owns it; not the issuer's where the subscription is delegated by Lighthouse. */
  readonly tenant: TenantId;
  readonly state: string;
}

/** A workspace as ARM or Resource Graph describes it, before customers are known. */
export interface WorkspaceListing {
  readonly armId: string;
  readonly guid: string;
  readonly name: string;
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  readonly resourceGroup: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: string;
  readonly retentionDays: number;
  readonly dailyCapGb?: number;
  readonly ingestionStatus?: string;
  readonly sentinel?: boolean;
  /** `features.dataAuthorizationMode` is `DataActionsOnly`. */
  readonly dataActionsOnly?: true;
}

/**
 * What one issuer can see: tenants, subscriptions, workspaces, and what is in a workspace. Rejects with an AppError.
 */
export interface DirectoryPort {
  tenants(issuer: Issuer, signal?: CancelSignal): Promise<readonly TenantListing[]>;
  subscriptions(issuer: Issuer, signal?: CancelSignal): Promise<readonly SubscriptionListing[]>;
  /**
   * Resource Graph, paged by 1,000; falls back to listing where Resource Graph is refused. What a listing had to leave
   * out is told to `report`.
   */
  workspaces(
    issuer: Issuer,
    signal?: CancelSignal,
    report?: (where: string, error: AppErrorData) => void,
  ): Promise<readonly WorkspaceListing[]>;
  tables(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<readonly WorkspaceTable[]>;
  functions(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<readonly WorkspaceFunction[]>;
}
