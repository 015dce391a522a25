import type { Declared } from '../../model/assessment/declared.ts';
import type { Architecture } from '../../model/assessment/verdict.ts';
import type { RoleName } from '../roles.ts';
import type { TablePlan, WorkspaceSku } from '../state.ts';
import type { Quirk } from './profile.ts';

/** How the provider gets into a tenant. */
export type Access = 'home' | 'lighthouse' | 'guest' | 'both' | 'none';

/** What the provider calls what it offers: the name of every delegation to it. */
export const OFFER = 'Northbridge managed logs';

/** Groups of tables that are collected together. */
export const TABLE_GROUPS = {
  agents: ['Heartbeat', 'Perf', 'InsightsMetrics', 'VMConnection', 'Update', 'ConfigurationChange'],
  windows: ['Event', 'SecurityEvent', 'WindowsEvent'],
  linux: ['Syslog'],
  identity: ['SigninLogs', 'AuditLogs', 'OfficeActivity'],
  azure: ['AzureActivity', 'AzureDiagnostics', 'AzureMetrics', 'StorageBlobLogs'],
  apps: ['AppRequests', 'AppExceptions', 'AppDependencies'],
  containers: ['ContainerLogV2', 'KubePodInventory'],
  network: ['CommonSecurityLog'],
  sentinel: ['SecurityAlert', 'SecurityIncident'],
  audit: ['LAQueryLogs'],
  firewall: ['Firewall_CL'],
  backup: ['BackupJobs_CL', 'PatchCompliance_CL'],
  cheap: ['AppTrace_CL', 'ProxyArchive_CL'],
  summary: ['HostsDaily_CL'],
  rollup: ['CustomerHourly_CL'],
} as const;

/** Names of sets of tables that a workspace of a kind has. */
export type TableGroup = keyof typeof TABLE_GROUPS;

/** Where a flow of logs ends: a workspace of the estate by name, or one that nobody of the estate owns. */
export type Destination = string | { readonly elsewhere: string };

/** A data export rule of a workspace; off where it is not `enabled`. */
export interface ExportPlan {
  readonly name: string;
  readonly tables: readonly string[];
  readonly enabled: boolean;
}

/**
 * A diagnostic setting of a workspace beside the one of its query audit: log categories, and the workspace they go to.
 */
export interface SettingPlan {
  readonly name: string;
  readonly categories: readonly string[];
  readonly to: Destination;
}

/** What the provider is given in a tenant by Azure Lighthouse. */
export interface OfferPlan {
  /** Of its operations group and its automation; `Contributor` unless given. */
  readonly operations?: readonly RoleName[];
  /** `Log Analytics Reader` unless given. */
  readonly readers?: RoleName;
  /** Roles of the operations group that must be activated first. */
  readonly eligible?: readonly RoleName[];
  /** Nobody of the provider may end it. */
  readonly endless?: true;
}

/**
 * A workspace to make. Numbers are small on purpose: rows are made of few computers and people, and multiplied by
 * `--scale`.
 */
export interface WorkspacePlan {
  readonly name: string;
  readonly region: string;
  readonly groups: readonly TableGroup[];
  readonly hosts: number;
  readonly gbPerDay: number;
  readonly retention?: number;
  readonly sku?: WorkspaceSku;
  readonly commitment?: number;
  /** GB a day. */
  readonly cap?: number;
  readonly capHitDaily?: boolean;
  readonly tablePlans?: Readonly<Record<string, TablePlan>>;
  readonly quirks?: readonly Quirk[];
  /** Part of its computers that still run the retired agent, and that fell silent: 0 to 1. */
  readonly legacyAgents?: number;
  readonly silent?: number;
  /** Also list this many tables in all: standard ones first, then custom ones. */
  readonly tableCount?: number;
  /** Deleted a few days ago: its name is still taken. */
  readonly softDeleted?: boolean;
  /** Keys of customers whose computers report here too: four of each. */
  readonly sharedWith?: readonly string[];
  /** By customer key: the workspace of it whose computers these are too, so that they send everything twice. */
  readonly sameComputersAs?: Readonly<Record<string, string>>;
  /** Computers with neither a domain nor a resource id; five where the quirk `noDomains` says nothing else. */
  readonly orphans?: number;
  /** Keys of customers whose summed-up rows lie here, in the tables of the group `rollup`. */
  readonly rollupsOf?: readonly string[];
  /** Workspace keys are accepted; off unless said. */
  readonly keys?: true;
  /** Roles of the control plane read no rows here. */
  readonly dataActionsOnly?: true;
  readonly locked?: true;
  readonly exports?: readonly ExportPlan[];
  readonly settings?: readonly SettingPlan[];
  /** Tables of the retired Data Collector API, with rows where a group has them. */
  readonly classic?: readonly string[];
  /** Tables that standard roles get no rows of. */
  readonly protected?: readonly string[];
  /** Days of total retention, where a table has its own. */
  readonly totalRetention?: Readonly<Record<string, number>>;
  /** Tables that received nothing for so many days. */
  readonly silentTables?: Readonly<Record<string, number>>;
  /** Ingestion has been suspended for so many days. */
  readonly suspendedDays?: number;
  /** So many of its computers stand in another region. */
  readonly away?: { readonly region: string; readonly hosts: number };
  /** Only the resource group is delegated, not the subscription. */
  readonly groupDelegation?: boolean;
  /** ISO time it was made, instead of some time in the last three years: before 2023, and its id is in lower case. */
  readonly made?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Computers that each customer has in a workspace it shares. */
export const SHARED_HOSTS = 4;

/** How many computers of a workspace nobody can attribute. */
export function orphansOf(plan: WorkspacePlan): number {
  return plan.orphans ?? (plan.quirks?.includes('noDomains') ? 5 : 0);
}

/** Names of the tables of a workspace that have rows, in order; none where it is empty. */
export function madeTables(plan: WorkspacePlan): readonly string[] {
  const made = plan.groups.flatMap((group): readonly string[] => TABLE_GROUPS[group]);
  return made.length ? [...made, 'Usage', 'Operation'] : [];
}

/** A tenant to make, and how the provider reaches it. */
export interface TenantPlan {
  readonly name: string;
  /** Verified domain; the default domain is its first word at onmicrosoft.com. */
  readonly domain: string;
  readonly country: string;
  readonly access: Access;
  readonly mfaRequired?: boolean;
  readonly offer?: OfferPlan;
  /** Region of its computers where it has no workspace; else that of the workspace they report to. */
  readonly region?: string;
  /** Machines that no agent runs on. */
  readonly unmonitored?: number;
  /** Machines whose agent follows no rule until somebody associates them with one. */
  readonly waiting?: readonly { readonly name: string; readonly os: 'Windows' | 'Linux' }[];
  /** A lock of the provider's on its subscription, or on the resource group of its workspaces. */
  readonly locked?: 'subscription' | 'group';
  /** Collection rules beside those its own computers have, and the workspaces of the estate they send to. */
  readonly rules?: readonly { readonly name: string; readonly to: string }[];
  /** A lock on the resource group of its workspaces, set by a person of theirs. */
  readonly lock?: { readonly name: string; readonly notes: string; readonly by: string };
  readonly workspaces: readonly WorkspacePlan[];
}

/** A customer to make, with its tenants, what it declared, and what fits it. */
export interface CustomerPlan {
  readonly key: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly declared?: Declared;
  readonly provider?: true;
  /** The architecture that what it declares makes the plain choice; absent where nothing may be expected. */
  readonly fits?: Architecture;
  /** The worst of what it does not keep of the sample's baseline (`media/samples/.tenantscope/baseline.json`). */
  readonly drift?: 'high' | 'medium' | 'low';
  readonly tenants: readonly TenantPlan[];
}
