import type { ChangeAction } from './changeAction.ts';
import type { AppErrorData } from '../base/errors.ts';
import type { PlanSource } from './planExport.ts';
import type { AccountId, PlanId, SubscriptionId, TenantId, WorkspaceKey } from './ids.ts';

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

/** What a person asked to change of a workspace that exists; what is absent stays, a cap of null takes the cap off. */
export interface WorkspaceChange {
  readonly workspace: WorkspaceKey;
  readonly retentionDays?: number;
  readonly dailyCapGb?: number | null;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One setting, as it is now and as it will be; absent where the resource does not exist. In words for a person. */
export interface Difference {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** One change to one resource, readable before it happens. */
export interface PlannedChange {
  /** Unique within the plan. */
  readonly id: string;
  /** The kind of resource: the name of its handler, e.g. `workspace`. */
  readonly resource: string;
  /** The ARM id of the resource, also of one that does not exist yet. */
  readonly target: string;
  readonly action: ChangeAction;
  readonly title: string;
  readonly detail: string;
  readonly differences: readonly Difference[];
  /** Ids of earlier changes of the plan that must be right before this one is tried. */
  readonly after: readonly string[];
}

/** Whom or what a plan is about: what it is, its name as people say it, and the id (mostly a GUID) behind the name. */
export interface PlanSubject {
  readonly what: string;
  readonly name: string;
  readonly id?: string;
  /** Told also where there is room for little, e.g. in a dialog. */
  readonly main?: true;
}

/**
 * Readable before it does anything; carried out by its id. `template` is an ARM template (empty where there is nothing
 * that a template could create), `commands` are the equivalent `az` commands, a line each.
 */
export interface Plan {
  readonly id: PlanId;
  readonly title: string;
  /** Customer, tenant, subscription ...: every id that the plan uses, with its name. */
  readonly about: readonly PlanSubject[];
  /** What a person has to type, exactly, before it is carried out; absent where nothing. */
  readonly typed?: string;
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly string[];
  readonly template: string;
  readonly commands: readonly string[];
  /** What its exports are made of. */
  readonly source: PlanSource;
}

/** `unchanged`: it was right already. `skipped`: not tried, because of another change or because of a cancellation. */
export type ChangeState = 'done' | 'unchanged' | 'failed' | 'skipped';

/** What became of one change. */
export interface ChangeOutcome {
  readonly id: string;
  readonly resource: string;
  readonly target: string;
  readonly action: ChangeAction;
  readonly state: ChangeState;
  /** Why it failed or was skipped. */
  readonly reason?: AppErrorData;
  /** ISO times of its beginning and end; absent where it was not tried. */
  readonly began?: string;
  readonly ended?: string;
  /** Ids that the service gave to what there is now, e.g. the workspace ID; the resource's own is `target`. */
  readonly ids?: readonly { readonly name: string; readonly value: string }[];
  /**
   * What there is now of the resource, as last seen: `workspace law-x in westeurope`. Absent where there is nothing.
   */
  readonly exists?: string;
}

/**
 * What became of a plan. `done` names the changes that were made, e.g. `createWorkspace`; `exists` what they left;
 * `error` says what failed, what there is now and how to go on.
 */
export interface PlanResult {
  readonly ok: boolean;
  /** ISO times. */
  readonly began: string;
  readonly ended: string;
  readonly changes: readonly ChangeOutcome[];
  readonly done: readonly string[];
  readonly exists: readonly string[];
  readonly error?: AppErrorData;
}

/** Where a plan stands while it is carried out. `fraction` is the whole so far, 0 to 1, and never goes back. */
export interface ChangeProgress {
  readonly change: string;
  readonly message: string;
  readonly fraction: number;
}
