import type { TablePlan, WorkspaceSku } from '../state.ts';
import type { Quirk } from './profile.ts';

/** How the provider gets into a tenant. */
export type Access = 'home' | 'lighthouse' | 'guest' | 'both' | 'none';

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
} as const;

/** Names of sets of tables that a workspace of a kind has. */
export type TableGroup = keyof typeof TABLE_GROUPS;

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
  /** Keys of customers whose computers report here too. */
  readonly sharedWith?: readonly string[];
  /** Only the resource group is delegated, not the subscription. */
  readonly groupDelegation?: boolean;
  /** ISO time it was made, instead of some time in the last three years: before 2023, and its id is in lower case. */
  readonly made?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A tenant to make, and how the provider reaches it. */
export interface TenantPlan {
  readonly name: string;
  /** Verified domain; the default domain is its first word at onmicrosoft.com. */
  readonly domain: string;
  readonly country: string;
  readonly access: Access;
  readonly mfaRequired?: boolean;
  /** A lock on the resource group of its workspaces, set by a person of theirs. */
  readonly lock?: { readonly name: string; readonly notes: string; readonly by: string };
  readonly workspaces: readonly WorkspacePlan[];
}

/** A customer to make, with its tenants and what it declared. */
export interface CustomerPlan {
  readonly key: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly declaredRetention?: number;
  readonly declaredRegions?: readonly string[];
  readonly tenants: readonly TenantPlan[];
}
