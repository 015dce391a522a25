import type { Comparison, Measure } from './alert.ts';
import type { Architecture } from './assessment/verdict.ts';
import type { TablePlan } from './estate.ts';

/** Switches of a workspace; absent ones are not kept. */
export interface BaselineFeatures {
  /** Whoever may read a resource may read its logs. */
  readonly resourcePermissions?: boolean;
  /** Agents and programs may send with the keys of the workspace. */
  readonly workspaceKeys?: boolean;
  readonly publicIngestion?: boolean;
  readonly publicQuery?: boolean;
}

/** Settings of every workspace of a customer. */
export interface BaselineWorkspace {
  readonly retentionDays?: number;
  /** GB a day; `none` where there has to be no cap. */
  readonly dailyCapGb?: number | 'none';
  readonly sku?: 'PerGB2018' | 'CapacityReservation';
  /** GB a day that are paid for in advance, with `CapacityReservation`. */
  readonly commitmentGb?: number;
  /** Tags beside these stay. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly features?: BaselineFeatures;
}

/** Tags of what the workspaces lie in; others stay. */
export interface BaselineTags {
  /** Of every subscription of the customer. */
  readonly subscriptions?: Readonly<Record<string, string>>;
  /** Of the resource groups that have a workspace of the customer. */
  readonly resourceGroups?: Readonly<Record<string, string>>;
}

/** A table that is there: `workspace` for the retention of the workspace. */
export interface BaselineTable {
  readonly plan?: TablePlan;
  readonly retentionDays?: number | 'workspace';
  readonly totalRetentionDays?: number | 'workspace';
}

/** A function stored in every workspace, by its name. */
export interface BaselineFunction {
  /** KQL. */
  readonly query: string;
  /** KQL between the brackets: `age:timespan = 1h`. */
  readonly parameters?: string;
  readonly description?: string;
  readonly category?: string;
}

/** A saved query of every workspace, by its name. */
export interface BaselineQuery {
  /** KQL. */
  readonly query: string;
  readonly description?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
}

/** What machines with the Azure Monitor Agent send to the customer's workspace, and which machines. */
export interface BaselineCollectionRule {
  /** XPath queries: `System!*[System[(Level=1 or Level=2)]]`. */
  readonly windowsEvents?: readonly string[];
  readonly syslog?: { readonly facilities: readonly string[]; readonly levels: readonly string[] };
  readonly performance?: { readonly counters: readonly string[]; readonly seconds: number };
  /** Which machines of the customer are associated with it; none where absent. */
  readonly machines?: 'all' | 'azure' | 'arc';
}

/** Logs of Azure itself that go to the customer's workspace. */
export interface BaselineDiagnosticSetting {
  /** `workspace`: each workspace's own; `subscription`: the activity log; `entra`; else a type of resource. */
  readonly on: string;
  /** Categories, or `allLogs`. */
  readonly categories: readonly string[];
}

/** Whom alerts tell, in each resource group that has a workspace of the customer. */
export interface BaselineActionGroup {
  /** At most twelve characters. */
  readonly shortName: string;
  /** Addresses by name, without keys: the file is for everybody to read. */
  readonly webhooks: Readonly<Record<string, string>>;
}

/** An alert rule of every workspace. */
export interface BaselineAlert {
  /** KQL. */
  readonly query: string;
  readonly threshold: number;
  readonly description?: string;
  /** 0 critical to 4 verbose; 2 where absent. */
  readonly severity?: number;
  /** Minutes; 15 and 15 where absent. */
  readonly every?: number;
  readonly window?: number;
  /** How many rows where absent, else an aggregate of `column`. */
  readonly measure?: Measure;
  readonly column?: string;
  /** `>` where absent. */
  readonly comparison?: Comparison;
  /** It fires where in so many (`failing`, 1 where absent) of the last `periods` (1 where absent) windows it is met. */
  readonly failing?: number;
  readonly periods?: number;
  /** Columns of which every value is an alert of its own. */
  readonly dimensions?: readonly BaselineDimension[];
  /** Minutes that the query may look back, where that is not all its windows. */
  readonly lookBack?: number;
  /** It is resolved when the condition is not met any more; true where absent. */
  readonly autoResolve?: boolean;
  /** Names of action groups of the baseline. */
  readonly actionGroups?: readonly string[];
  /** It reads with an identity of its own, instead of the rights of who wrote it. */
  readonly identity?: boolean;
}

/** A dimension of an alert: all values of a column, or these, or all others. */
export interface BaselineDimension {
  readonly column: string;
  readonly values?: readonly string[];
  readonly exclude?: boolean;
}

/** What is delegated to us by Azure Lighthouse. */
export interface BaselineDelegation {
  /** Tenant that manages. */
  readonly managedBy: string;
  readonly authorizations: readonly { readonly principalId: string; readonly role: string; readonly name?: string }[];
}

/** A management lock. */
export interface BaselineLock {
  readonly on: 'workspace' | 'resourceGroup' | 'subscription';
  readonly level: 'CanNotDelete' | 'ReadOnly';
  readonly notes?: string;
}

type Named<T> = Readonly<Record<string, T>>;

/** What was agreed with one customer, all layers together: only what is named is kept. */
export interface Baseline {
  /** How the customer's logs lie: which of the layers of architectures is its. */
  readonly architecture?: Architecture;
  /** Name of the workspace that rules and diagnostic settings send to, where a customer has several. */
  readonly main?: string;
  readonly workspace?: BaselineWorkspace;
  readonly tags?: BaselineTags;
  readonly tables?: Named<BaselineTable>;
  readonly functions?: Named<BaselineFunction>;
  readonly savedQueries?: Named<BaselineQuery>;
  readonly collectionRules?: Named<BaselineCollectionRule>;
  readonly diagnosticSettings?: Named<BaselineDiagnosticSetting>;
  readonly actionGroups?: Named<BaselineActionGroup>;
  readonly alerts?: Named<BaselineAlert>;
  readonly delegations?: Named<BaselineDelegation>;
  readonly locks?: Named<BaselineLock>;
}

/** A part of a baseline as it is written: null takes away what a lower layer says. */
export type LayerOf<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: LayerOf<T[K]> | null }
    : T;
/** One layer of the file. */
export type BaselineLayer = LayerOf<Baseline>;

/** A layer under its name (a group, or a customer's key or name), and the line of that name from 1. */
export interface NamedLayer {
  readonly name: string;
  readonly line: number;
  readonly layer: BaselineLayer;
}

/**
 * A baseline file: the provider's layer, then those of architectures, then those of groups in the order of the file,
 * then those of customers.
 */
export interface BaselineFile {
  readonly provider: BaselineLayer;
  /** Named by an `Architecture`. */
  readonly architectures: readonly NamedLayer[];
  readonly groups: readonly NamedLayer[];
  readonly customers: readonly NamedLayer[];
}

/** A mistake in a baseline file; `line` from 1. */
export interface BaselineProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}
