import { key, workspaceScope } from '../armId.ts';
import type { FileRows, MadeRows, WorkspaceLogs } from '../logs/source.ts';
import { addWorkspace, type TableSpec } from '../populate.ts';
import type { Subscription, Tenant, Workspace, World } from '../state.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import type { DataFiles } from './dataDir.ts';
import {
  madeTables,
  orphansOf,
  SHARED_HOSTS,
  type CustomerPlan,
  type TenantPlan,
  type WorkspacePlan,
} from './estatePlan.ts';
import { CAPPED_HOURS, DAY, HOUR } from './generator.ts';
import { makeProfile, type HostOwner, type ProfileInput } from './makeProfile.ts';
import type { WorkspaceProfile } from './profile.ts';
import { hashWords } from './random.ts';
import { functionsOf } from './sampleFunctions.ts';
import type { FilledWorkspace } from './sampleResources.ts';
import { GENERATORS } from './tables/catalog.ts';
import { findReferenceColumns, findReferenceName, referenceTableNames } from './tableReference.ts';

/** Where a tenant's things go. */
export interface Placed {
  readonly subscription: Subscription;
  readonly tenant: Tenant;
  readonly group: string;
  readonly domain: string;
  /** Where its computers stand, if nothing else is said. */
  readonly region: string;
}

/** A workspace of the sample, and whose it is. */
export interface WorkspaceInput {
  readonly customer: CustomerPlan;
  readonly tenant: TenantPlan;
  readonly plan: WorkspacePlan;
  readonly place: Placed;
  /** Every customer's first place, by customer key. */
  readonly owners: ReadonlyMap<string, Placed>;
  readonly scale: number;
  /** Real rows for this workspace. */
  readonly files: DataFiles;
  /** Tables of the customer that come from files, here or in another of its workspaces: no rows of these are made. */
  readonly replaced: readonly string[];
  /**
   * The hand-made estate: also list its computers and other resources in ARM, with all tables and the whole history.
   */
  readonly resources: boolean;
}

/** Microsoft tables every workspace lists, with or without rows; the small estate lists more of them. */
const ALWAYS = [
  'Heartbeat',
  'Perf',
  'Event',
  'Syslog',
  'SigninLogs',
  'AuditLogs',
  'AzureActivity',
  'AzureDiagnostics',
  'AzureMetrics',
  'Usage',
  'Operation',
  'LAQueryLogs',
  'InsightsMetrics',
  'Alert',
];
const OFTEN = [
  'AppRequests',
  'AppExceptions',
  'AppDependencies',
  'AppTraces',
  'AppEvents',
  'AppPageViews',
  'StorageBlobLogs',
  'ContainerLogV2',
  'KubePodInventory',
  'KubeEvents',
  'VMConnection',
  'VMComputer',
  'Update',
  'ConfigurationChange',
  'WindowsEvent',
  'W3CIISLog',
  'AppServiceHTTPLogs',
  'ComputerGroup',
  'LASummaryLogs',
  'AADNonInteractiveUserSignInLogs',
  'AADServicePrincipalSignInLogs',
  'OfficeActivity',
  'SecurityEvent',
  'CommonSecurityLog',
];
/** Columns that every table has: they are not among a custom table's own. */
const STANDARD = new Set(['_BilledSize', '_ResourceId', '_SubscriptionId']);
const SENTINEL = [
  'SecurityAlert',
  'SecurityIncident',
  'ThreatIntelligenceIndicator',
  'BehaviorAnalytics',
  'Watchlist',
  'SentinelHealth',
];

/**
 * A workspace that was added. `logs` makes its rows, where it has any; `filled` is what its resources are made from.
 */
interface AddedWorkspace {
  readonly customerId: string;
  readonly logs?: () => WorkspaceLogs;
  readonly filled?: FilledWorkspace;
}

/** Adds one workspace to the world (or to its deleted ones) and says how its rows are made, where it has any. */
export function addSampleWorkspace(world: World, input: WorkspaceInput): AddedWorkspace {
  const { plan, place, files } = input;
  const rows = madeTables(plan);
  const filled = [
    ...new Set([...rows.filter((table) => !input.replaced.includes(table)), ...files.map(({ table }) => table)]),
  ];
  const sentinel = plan.groups.includes('sentinel');
  const profileInput = toProfileInput(world, input, [...new Set([...rows, ...files.map(({ table }) => table)])]);
  const small: Pick<WorkspaceProfile, 'quirks'> = { quirks: new Set(plan.quirks ?? []) };
  const workspace = addWorkspace(world, {
    subscription: place.subscription,
    resourceGroup: place.group,
    name: plan.name,
    location: plan.region,
    tags: { customer: input.customer.key, ...plan.tags },
    tables: tableSpecs(input, filled, sentinel, small),
    savedSearches: functionsOf(filled),
    solutions: [
      'LogManagement',
      ...(sentinel ? ['SecurityInsights'] : []),
      ...(plan.groups.includes('containers') ? ['ContainerInsights'] : []),
    ],
    ingestedTodayBytes: Math.round(
      1e9 * (plan.capHitDaily ? (plan.cap ?? 1) * 1.02 : (plan.gbPerDay * (world.clock.now() % DAY)) / DAY),
    ),
    properties: properties(world, plan, sentinel),
  });
  for (const name of plan.protected ?? []) workspace.tables.get(key(name))!.protectionLevel = 'Protected';
  const { customerId } = workspace.properties;
  if (plan.softDeleted) {
    softDelete(world, workspace);
    return { customerId };
  }
  if (filled.length === 0) return { customerId };
  const profile = (): WorkspaceProfile =>
    makeProfile({ ...profileInput, customerId, workspaceId: key(workspaceScope(workspace)) });
  return {
    customerId,
    ...(input.resources && rows.length ? { filled: { workspace, plan, profile: profile(), tables: filled } } : {}),
    logs: () =>
      toLogs(
        profile(),
        rows.filter((table) => !input.replaced.includes(table)),
        files,
      ),
  };
}

function toProfileInput(
  world: World,
  input: WorkspaceInput,
  tables: readonly string[],
): Omit<ProfileInput, 'customerId' | 'workspaceId'> {
  const { plan, place, customer } = input;
  const anchor = world.clock.now();
  const owner = (from: Placed, ownerKey: string, count: number, shared: boolean): HostOwner => ({
    key: ownerKey,
    domain: from.domain,
    subscriptionId: from.subscription.subscriptionId,
    resourceGroup: shared && !plan.sameComputersAs?.[ownerKey] ? `rg-${ownerKey}-vms` : from.group,
    count,
    region: shared ? from.region : plan.region,
    ...(plan.away && !shared ? { away: plan.away } : {}),
    shared,
    ...(plan.sameComputersAs?.[ownerKey] ? { computersOf: plan.sameComputersAs[ownerKey] } : {}),
  });
  const shared = (plan.sharedWith ?? [])
    .map((other) => [other, input.owners.get(other)] as const)
    .flatMap(([other, from]) => (from ? [owner(from, other, SHARED_HOSTS, true)] : []));
  return {
    seed: world.seed,
    anchor,
    guid: (...words) => world.guid(...words),
    workspaceName: plan.name,
    customer: customer.name,
    domain: place.domain,
    region: plan.region,
    entraTenant: place.tenant.tenantId,
    subscriptionId: place.subscription.subscriptionId,
    resourceGroup: place.group,
    owners: [owner(place, customer.key, Math.max(1, plan.hosts), false), ...shared],
    orphans: orphansOf(plan),
    legacyAgents: plan.legacyAgents ?? 0,
    silent: plan.silent ?? 0,
    tables,
    gbPerDay: plan.gbPerDay,
    scale: input.scale,
    history: input.resources ? 1 : 0.25,
    quirks: new Set(plan.quirks ?? []),
    silentTables: Object.fromEntries(
      Object.entries(plan.silentTables ?? {}).map(([table, days]) => [table, anchor - days * DAY]),
    ),
    ...(plan.suspendedDays === undefined ? {} : { stopped: anchor - plan.suspendedDays * DAY }),
    rollups: (plan.rollupsOf ?? []).flatMap((other) => {
      const from = input.owners.get(other);
      return from ? [{ name: from.domain, subscriptionId: from.subscription.subscriptionId }] : [];
    }),
    // The cap was hit three hours ago and holds for five more.
    ...(plan.capHitDaily ? { capHour: (Math.floor(anchor / HOUR) + 21) % 24 } : {}),
  };
}

function properties(world: World, plan: WorkspacePlan, sentinel: boolean): Partial<Workspace['properties']> {
  const { clock } = world;
  const created = plan.made ? Date.parse(plan.made) : clock.now() - (200 + (hashWords(plan.name) % 900)) * DAY;
  const reset = plan.capHitDaily
    ? (Math.floor(clock.now() / HOUR) - 3 + CAPPED_HOURS) * HOUR
    : Math.ceil(clock.now() / DAY) * DAY;
  return {
    retentionInDays: plan.retention ?? 30,
    sku: {
      name: plan.sku ?? 'PerGB2018',
      lastSkuUpdate: clock.iso(created),
      ...(plan.commitment === undefined ? {} : { capacityReservationLevel: plan.commitment }),
    },
    createdDate: clock.iso(created),
    modifiedDate: clock.iso(created + 30 * DAY),
    workspaceCapping: {
      dailyQuotaGb: plan.cap ?? -1,
      quotaNextResetTime: clock.iso(reset),
      dataIngestionStatus:
        plan.suspendedDays !== undefined ? 'SubscriptionSuspended' : plan.capHitDaily ? 'OverQuota' : 'RespectQuota',
    },
    features: {
      legacy: 0,
      searchVersion: 1,
      enableLogAccessUsingOnlyResourcePermissions: true,
      ...(plan.keys ? {} : { disableLocalAuth: true }),
      ...(plan.dataActionsOnly ? { dataAuthorizationMode: 'DataActionsOnly' as const } : {}),
      ...(sentinel ? { associations: ['Microsoft Sentinel'] } : {}),
    },
  };
}

function tableSpecs(
  input: WorkspaceInput,
  filled: readonly string[],
  sentinel: boolean,
  profile: Pick<WorkspaceProfile, 'quirks'>,
): TableSpec[] {
  const { plan, files } = input;
  const names = new Map(
    [
      ...filled,
      ...(plan.classic ?? []),
      ...ALWAYS,
      ...(input.resources ? OFTEN : []),
      ...(sentinel ? SENTINEL : []),
    ].map((name) => [key(name), name]),
  );
  if (plan.tableCount !== undefined) {
    for (const name of referenceTableNames()) if (names.size < plan.tableCount) names.set(key(name), name);
    for (let index = 1; names.size < plan.tableCount; index++) names.set(`device${index}_cl`, `Device${index}_CL`);
  }
  return [...names.values()].map((name): TableSpec => {
    const tablePlan = plan.tablePlans?.[name];
    const custom = customColumns(name, files, profile);
    return {
      name,
      ...(tablePlan ? { plan: tablePlan } : {}),
      ...(tablePlan === 'Auxiliary' ? { retentionInDays: 30, totalRetentionInDays: 365 } : {}),
      ...(custom ? { columns: custom.map((column) => ({ ...column })) } : {}),
      ...retentionOf(plan, name),
      ...(plan.classic?.includes(name) ? { tableSubType: 'Classic' as const } : {}),
    };
  });
}

/**
 * A table cannot be queried for longer than its rows are kept: a total below the workspace's days shortens those too.
 */
function retentionOf(plan: WorkspacePlan, name: string): Pick<TableSpec, 'retentionInDays' | 'totalRetentionInDays'> {
  const total = plan.totalRetention?.[name];
  if (total === undefined) return {};
  const shorter = !plan.tablePlans?.[name] && total < (plan.retention ?? 30);
  return { totalRetentionInDays: total, ...(shorter ? { retentionInDays: total } : {}) };
}

/**
 * A table's own columns: all of a custom table; of a Microsoft table, whose columns the reference knows, those a file
 * adds.
 */
function customColumns(
  name: string,
  files: DataFiles,
  profile: Pick<WorkspaceProfile, 'quirks'>,
): readonly Column[] | undefined {
  const file = files.find(({ table }) => key(table) === key(name));
  if (findReferenceName(name)) {
    const known = new Set(findReferenceColumns(name)!.map((column) => column.name));
    const more = file?.columns.filter((column) => !known.has(column.name)) ?? [];
    return more.length ? more : undefined;
  }
  if (file) return file.columns;
  const generator = GENERATORS.get(name);
  const columns = generator
    ? (generator.columns ?? generator.make(profile as WorkspaceProfile).columns)
    : [
        { name: 'TimeGenerated', type: 'datetime' as const },
        { name: 'RawData', type: 'string' as const },
        { name: 'Value', type: 'real' as const },
      ];
  return columns.filter((column) => !STANDARD.has(column.name));
}

function toLogs(profile: WorkspaceProfile, made: readonly string[], files: DataFiles): WorkspaceLogs {
  const generated = made.flatMap((table): MadeRows[] => {
    const generator = GENERATORS.get(table);
    return generator ? [{ kind: 'made', ...generator.make(profile) }] : [];
  });
  const constants = (table: string): Record<string, Cell> => ({
    TenantId: profile.customerId,
    Type: table,
    SourceSystem: 'Azure',
    _IsBillable: 'True',
  });
  const loaded = files.map(({ table, path, columns }): FileRows => ({
    kind: 'file',
    table,
    path,
    columns,
    constants: constants(table),
  }));
  const resources = [
    ...profile.hosts,
    ...profile.vaults,
    ...profile.storages,
    ...profile.webApps,
    ...profile.clusters,
    ...profile.firewalls,
    ...profile.databases,
  ].flatMap(({ resourceId }) => (resourceId ? [key(resourceId)] : []));
  return { customerId: profile.customerId, tables: [...generated, ...loaded], resources };
}

function softDelete(world: World, workspace: Workspace): void {
  const id = key(workspaceScope(workspace));
  world.workspaces.delete(id);
  workspace.deletedAt = world.clock.iso(world.clock.now() - 4 * DAY);
  world.deletedWorkspaces.set(id, workspace);
}
