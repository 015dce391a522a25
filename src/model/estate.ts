import type { AppErrorData } from '../base/errors.ts';
import type { Declared } from './assessment/declared.ts';
import type { AccountId, CustomerKey, SubscriptionId, TenantId, WorkspaceGuid, WorkspaceKey } from './ids.ts';
import type { SharedRows } from './sharedWorkspace.ts';

/** How a workspace is reached. The same workspace reached twice is listed once, with every path. */
export type AccessPathKind = 'home' | 'lighthouse' | 'guest' | 'servicePrincipal';

/**
 * One way in: whose token, issued by which tenant. `issuer` is the tenant the token comes from, not necessarily the
 * workspace's.
 */
export interface AccessPath {
  readonly kind: AccessPathKind;
  readonly account: AccountId;
  readonly issuer: TenantId;
}

/** Who is signed in: a person or an application. `homeTenant` is absent where the way of signing in does not tell. */
export interface Account {
  readonly id: AccountId;
  readonly label: string;
  readonly homeTenant?: TenantId;
  readonly servicePrincipal?: true;
  /** Of an application: where else it is said to be installed. No service tells it. */
  readonly installedIn?: readonly TenantId[];
  /** A personal Microsoft account: at home in no directory that could be entered, a guest wherever it is let in. */
  readonly personal?: true;
}

/** Whom the provider serves: the boundary of everything. */
export interface Customer {
  readonly key: CustomerKey;
  readonly name: string;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly tenants: readonly TenantId[];
  /** Declared by the provider in the customers file, e.g. the retention the contract promises. */
  readonly declared?: Declared;
  /** Declared to be the provider itself: its workspaces may be central for others. */
  readonly provider?: true;
}

/**
 * `entered`: its own token was accepted, or its subscriptions are delegated to a tenant whose was. Everything else says
 * why not; `error` carries the next step.
 */
export type TenantState = 'entered' | 'signInRequired' | 'noAccess' | 'failed';

/** A Microsoft Entra directory, and whether it could be entered. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  readonly defaultDomain?: string;
  readonly customer: CustomerKey;
  readonly state: TenantState;
  readonly error?: AppErrorData;
  /**
   * Of an entered tenant, those with a token of its own (none where it is reached by delegation alone); of another,
   * those that were refused.
   */
  readonly accounts: readonly AccountId[];
}

/** How a workspace stands against its daily cap. */
export type CapState = 'none' | 'respected' | 'approaching' | 'hit' | 'suspended' | 'unknown';

/** A Log Analytics workspace, listed once however many ways lead to it. */
export interface Workspace {
  /** Lower-case ARM id. */
  readonly key: WorkspaceKey;
  readonly armId: string;
  readonly guid: WorkspaceGuid;
  readonly name: string;
  readonly customer: CustomerKey;
  /** The tenant that owns the subscription. */
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  readonly subscriptionName: string;
  readonly resourceGroup: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: string;
  readonly retentionDays: number;
  /** GB a day; undefined for no cap. */
  readonly dailyCapGb?: number;
  readonly cap: CapState;
  readonly sentinel: boolean;
  /**
   * Rows are read by data actions alone: a role of the control plane (Reader, whatever Lighthouse delegates) gets none,
   * and no error.
   */
  readonly dataActionsOnly?: true;
  /** Declared to hold the rows of several customers, and whose they are; `customer` is who owns the workspace. */
  readonly shared?: SharedRows;
  readonly paths: readonly AccessPath[];
}

/** A subscription that some account sees, listed once however many ways lead to it. */
export interface Subscription {
  readonly id: SubscriptionId;
  readonly name: string;
  readonly customer: CustomerKey;
  /** The tenant that owns it. */
  readonly tenant: TenantId;
  /** Best first. */
  readonly paths: readonly AccessPath[];
}

/** Everything this person can see, and everything they were told about but cannot enter. */
export interface Estate {
  readonly cloud: string;
  readonly accounts: readonly Account[];
  readonly customers: readonly Customer[];
  readonly tenants: readonly Tenant[];
  readonly workspaces: readonly Workspace[];
  /** By customer and name; absent where none was listed. */
  readonly subscriptions?: readonly Subscription[];
  /** ISO time of this picture. */
  readonly seenAt: string;
  /** What could not be listed and is therefore missing: never empty silently. */
  readonly problems: readonly EstateProblem[];
}

/** Something the estate lacks, and why; `tenant` where it concerns one. */
export interface EstateProblem {
  readonly where: string;
  readonly tenant?: TenantId;
  readonly error: AppErrorData;
}

/** What a table costs and how it may be asked: Basic and Auxiliary are charged per query and asked one at a time. */
export type TablePlan = 'Analytics' | 'Basic' | 'Auxiliary';

/** A table as Resource Manager lists it; retention in days, `classic` for those made by the old agents' API. */
export interface WorkspaceTable {
  readonly name: string;
  readonly plan: TablePlan;
  readonly retentionDays: number;
  readonly totalRetentionDays: number;
  readonly kind: 'Microsoft' | 'CustomLog' | 'RestoredLogs' | 'SearchResults';
  readonly classic: boolean;
  /** Standard roles get no rows of it, and no error. */
  readonly protected?: true;
  /** A summary rule fills it: it has the columns such a rule adds (`_RuleName`, `_BinStartTime`, `_BinSize`). */
  readonly summary?: true;
}

/** A function kept in a workspace: a saved search with an alias. `parameters` as KQL writes them, without brackets. */
export interface WorkspaceFunction {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
  readonly category?: string;
}
