import type { AppErrorData } from '../../base/errors.ts';
import type { CapState, Workspace, WorkspaceTable } from '../estate.ts';
import type { Drift, UnknownSetting } from '../drift.ts';
import type { SubscriptionId, TenantId, WorkspaceKey } from '../ids.ts';

/** What gave a fact: enough to open it, to ask it again, and to show it to somebody else. */
export type FactSource =
  | { readonly kind: 'query'; readonly workspace: WorkspaceKey; readonly query: string; readonly timespan: string }
  | { readonly kind: 'arm'; readonly path: string; readonly apiVersion: string }
  | { readonly kind: 'graph'; readonly query: string }
  /** The picture of the estate, which came with its discovery. */
  | { readonly kind: 'estate' }
  /** A field of the customers file. */
  | { readonly kind: 'declared'; readonly field: string }
  /** A check of the baseline, with the lists that it reads. */
  | { readonly kind: 'baseline' };

/** How a fact was had: from what, when (ISO), how long it took (milliseconds), and how many calls it cost. */
export interface Measurement {
  readonly source: FactSource;
  readonly at: string;
  readonly ms: number;
  /** Calls of its own; 0 for what came along with something else. */
  readonly calls: number;
  /** What it does not cover, and why: `ProxyArchive_CL (Auxiliary)`. Absent where it covers everything. */
  readonly leftOut?: readonly string[];
}

/** One fact, or why it is not known: a missing fact makes "unknown", never "fine". */
export type Fact<V> = Measurement &
  ({ readonly state: 'known'; readonly value: V } | { readonly state: 'unknown'; readonly error: AppErrorData });

/** A workspace's settings, from Resource Graph. */
export interface WorkspaceConfiguration {
  readonly sku: string;
  /** GB a day that are paid for in advance. */
  readonly commitmentGb?: number;
  readonly retentionDays: number;
  readonly dailyCapGb?: number;
  readonly cap: CapState;
  /** Workspace keys are accepted: `disableLocalAuth` is not set. */
  readonly localAuth: boolean;
  /** Whoever may read a resource may read its logs: `enableLogAccessUsingOnlyResourcePermissions`. */
  readonly resourcePermissions: boolean;
  readonly dataActionsOnly: boolean;
  readonly sentinel: boolean;
  /** ARM id of the dedicated cluster, lower case. */
  readonly cluster?: string;
  readonly publicIngestion: boolean;
  readonly publicQuery: boolean;
}

/** An enabled diagnostic setting of a workspace: which categories go where. ARM ids in lower case. */
export interface DiagnosticSetting {
  readonly name: string;
  /** Enabled categories and category groups: `Audit`, `allLogs` ... */
  readonly categories: readonly string[];
  readonly workspace?: string;
  readonly storage?: string;
  readonly eventHub?: string;
}

/** A data export rule: which tables flow to which storage account or event hub (ARM id, lower case). */
export interface ExportRule {
  readonly name: string;
  readonly tables: readonly string[];
  readonly destination: string;
  readonly enabled: boolean;
}

/** One table's volume on one day (`YYYY-MM-DD`, UTC), in GB of 1,000 MB as they are billed. */
export interface TableDay {
  readonly table: string;
  readonly day: string;
  readonly gb: number;
  readonly billable: boolean;
}

/** Volume per table and day over `days` days, and when each table last received anything (ISO). */
export interface UsageFact {
  readonly days: number;
  readonly volumes: readonly TableDay[];
  readonly last: Readonly<Record<string, string>>;
}

/** One computer as its newest heartbeat tells it. Times are ISO. */
export interface AgentFact {
  readonly computer: string;
  /** The retired agent, which signs in with the workspace's key. */
  readonly legacy: boolean;
  readonly os: string;
  /** Lower case; empty for what is neither in Azure nor connected with Arc. */
  readonly resourceId: string;
  readonly subscription: string;
  readonly first: string;
  readonly last: string;
}

/** Rows of one table of the last day that say the same of whose they are. GB are billed bytes / 1e9. */
export interface AttributionRow {
  readonly table: string;
  /** `_SubscriptionId`, lower case; empty where the rows have none. */
  readonly subscription: string;
  /** Whether `_ResourceId` is filled. */
  readonly resource: boolean;
  /** What follows the first dot of `Computer`, lower case; empty where there is none. */
  readonly domain: string;
  readonly rows: number;
  readonly gb: number;
}

/** What one source (a resource id or a computer, lower case) wrote into one table during the last day. */
export interface SourceRow {
  readonly source: string;
  readonly table: string;
  readonly rows: number;
  readonly gb: number;
}

/** What the workspace says of itself: days (`YYYY-MM-DD`) on which its cap stopped it, and rate limits it ran into. */
export interface OperationsFact {
  readonly capDays: readonly string[];
  readonly rateLimited: number;
}

/** Who asked during the last seven days, as the query audit has it; empty where nothing is audited. */
export interface AuditFact {
  readonly askers: readonly {
    /** Entra tenant of those who asked, lower case. */
    readonly tenant: string;
    readonly people: number;
    readonly queries: number;
    /** Of these, queries over more than one workspace. */
    readonly across: number;
  }[];
}

/** Facts of one workspace, by name. */
export interface WorkspaceFactValues {
  readonly configuration: WorkspaceConfiguration;
  readonly tables: readonly WorkspaceTable[];
  readonly diagnostics: readonly DiagnosticSetting[];
  readonly exports: readonly ExportRule[];
  readonly usage: UsageFact;
  readonly agents: readonly AgentFact[];
  readonly attribution: readonly AttributionRow[];
  readonly sources: readonly SourceRow[];
  readonly operations: OperationsFact;
  readonly audit: AuditFact;
}

/** A role assignment as the customer's own directory has it. */
export interface RoleFact {
  readonly principalId: string;
  readonly principalType: string;
  readonly roleId: string;
  readonly roleName: string;
  /** ARM id, lower case; `/` for the root. */
  readonly scope: string;
  readonly conditioned: boolean;
  /** It is nobody's yet: whoever it is for may activate it. */
  readonly eligible?: boolean;
}

/** A lock that keeps something from being deleted or changed. */
export interface LockFact {
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  /** ARM id, lower case. */
  readonly scope: string;
}

/** Facts of one subscription, by name. */
export interface SubscriptionFactValues {
  readonly roles: readonly RoleFact[];
  readonly locks: readonly LockFact[];
}

/** So many resources of one type in one region of one subscription. */
export interface ResourceCount {
  readonly subscription: SubscriptionId;
  /** Lower case, e.g. `microsoft.keyvault/vaults`. */
  readonly type: string;
  readonly region: string;
  readonly count: number;
}

/** A virtual machine, or a machine connected with Arc. ARM id in lower case. */
export interface MachineFact {
  readonly id: string;
  readonly name: string;
  readonly subscription: SubscriptionId;
  readonly region: string;
  readonly arc: boolean;
}

/**
 * A data collection rule: into which workspaces (ARM ids, lower case) it sends which streams, and for which machines.
 */
export interface CollectionRule {
  readonly id: string;
  readonly region: string;
  readonly subscription: SubscriptionId;
  readonly workspaces: readonly string[];
  readonly streams: readonly string[];
  /** `Direct` rules take what a program sends through the ingestion API. */
  readonly direct: boolean;
  /** ARM ids of the associated resources, lower case. */
  readonly machines: readonly string[];
}

/** A machine's association with a data collection rule. ARM ids; `machine` and `rule` in lower case. */
export interface AssociationFact {
  readonly id: string;
  readonly machine: string;
  readonly rule: string;
  readonly description?: string;
}

/** Who of the managing tenant has which role by a delegation; `eligible` where it must be activated first. */
export interface DelegatedRole {
  readonly principalId: string;
  readonly principalName?: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly eligible: boolean;
}

/** One Azure Lighthouse delegation: what of a subscription (ARM id, lower case) is managed by whom. */
export interface DelegationFact {
  readonly scope: string;
  readonly subscription: SubscriptionId;
  readonly managedBy: TenantId;
  readonly offer: string;
  readonly roles: readonly DelegatedRole[];
}

/** Facts of one tenant, by name. */
export interface TenantFactValues {
  readonly resources: readonly ResourceCount[];
  readonly machines: readonly MachineFact[];
  readonly rules: readonly CollectionRule[];
  readonly delegations: readonly DelegationFact[];
}

/** How a customer stands to what was agreed with it. */
export interface BaselineFact {
  /** Settings in all. */
  readonly settings: number;
  readonly drift: readonly Drift[];
  /** What could not be compared. */
  readonly unknown: readonly UnknownSetting[];
}

/** Facts of one customer, by name. */
export interface CustomerFactValues {
  readonly baseline: BaselineFact;
}

/** Every fact of such a list of values, each known or not. */
export type FactsOf<Values> = { readonly [Name in keyof Values]: Fact<Values[Name]> };

/** Names of facts. */
export type FactName =
  | keyof WorkspaceFactValues
  | keyof SubscriptionFactValues
  | keyof TenantFactValues
  | keyof CustomerFactValues;

/** One workspace with what was measured there. */
export interface WorkspaceFacts extends FactsOf<WorkspaceFactValues> {
  readonly workspace: Workspace;
}

/** One subscription with what was measured there. */
export interface SubscriptionFacts extends FactsOf<SubscriptionFactValues> {
  readonly subscription: SubscriptionId;
  readonly name: string;
  readonly tenant: TenantId;
}

/** One tenant with what was measured there. */
export interface TenantFacts extends FactsOf<TenantFactValues> {
  readonly tenant: TenantId;
}
