import type { AppErrorData } from '../base/errors.ts';
import type { AccountId, SubscriptionId, TenantId, WorkspaceKey } from './ids.ts';

/** What a person asked for when they create a workspace. */
export interface WorkspaceRequest {
  readonly account: AccountId;
  /** The tenant whose token does the work (the issuer), and the one that owns the subscription. */
  readonly issuer: TenantId;
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  readonly resourceGroup: string;
  readonly createResourceGroup: boolean;
  readonly name: string;
  readonly region: string;
  readonly sku: { readonly name: 'PerGB2018' } | { readonly name: 'CapacityReservation'; readonly gbPerDay: number };
  readonly retentionDays: number;
  readonly dailyCapGb?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type PlanStepKind =
  | 'createResourceGroup'
  | 'createWorkspace'
  | 'recoverWorkspace'
  | 'updateWorkspace'
  | 'deleteWorkspace';

export interface PlanStep {
  readonly kind: PlanStepKind;
  readonly title: string;
  readonly detail: string;
}

/** Readable before it does anything. `template` is the ARM template, `commands` the equivalent az commands. */
export interface ProvisionPlan {
  readonly title: string;
  readonly request: WorkspaceRequest;
  readonly steps: readonly PlanStep[];
  readonly warnings: readonly string[];
  readonly template: string;
  readonly commands: readonly string[];
}

export interface WorkspaceChange {
  readonly workspace: WorkspaceKey;
  readonly retentionDays?: number;
  readonly dailyCapGb?: number | null;
  readonly tags?: Readonly<Record<string, string>>;
}

/** `failed` says in `error` what failed; `exists` what is there now; the next step is in the error's message. */
export interface ProvisionResult {
  readonly ok: boolean;
  readonly workspace?: WorkspaceKey;
  readonly done: readonly PlanStepKind[];
  readonly exists: readonly string[];
  readonly error?: AppErrorData;
}

export interface ProvisionProgress {
  readonly step: PlanStepKind;
  readonly message: string;
  readonly fraction?: number;
}
