import { key, parseArmId, workspaceScope } from '../armId.ts';
import {
  addCollectionRule,
  addDataExport,
  addDiagnosticSetting,
  addResource,
  addSummaryRule,
} from '../populateFlows.ts';
import { installAgent } from '../ingestion/agentSources.ts';
import { addLock } from '../populate.ts';
import type { Subscription, Workspace, World } from '../state.ts';
import type { Destination, TenantPlan, WorkspacePlan } from './estatePlan.ts';
import type { Host, WorkspaceProfile } from './profile.ts';

/** Streams of a collection rule, by the table they flow into. */
const STREAMS: Readonly<Record<string, string>> = {
  Perf: 'Microsoft-Perf',
  Event: 'Microsoft-Event',
  Syslog: 'Microsoft-Syslog',
  SecurityEvent: 'Microsoft-SecurityEvent',
  WindowsEvent: 'Microsoft-WindowsEvent',
  InsightsMetrics: 'Microsoft-InsightsMetrics',
  CommonSecurityLog: 'Microsoft-CommonSecurityLog',
};

/** A workspace of the sample with everything its resources are made from. */
export interface FilledWorkspace {
  readonly workspace: Workspace;
  readonly plan: WorkspacePlan;
  readonly profile: WorkspaceProfile;
  /** Names of the tables that have rows. */
  readonly tables: readonly string[];
}

/** Lists a workspace's computers and services in ARM, so that they can be found and asked about one by one. */
export function addSampleResources(world: World, { profile, plan, tables }: FilledWorkspace): void {
  const add = (id: string, type: string, location: string, kind?: string): void => {
    if (id)
      world.resources.set(key(id), {
        id,
        name: id.slice(id.lastIndexOf('/') + 1),
        type,
        location,
        tags: {},
        properties: { provisioningState: 'Succeeded' },
        ...(kind ? { kind } : {}),
      });
  };
  const has = (table: string): boolean => tables.includes(table);
  const group = (
    needs: string,
    things: readonly { readonly resourceId: string }[],
    type: string,
    kind?: string,
  ): void => {
    if (has(needs)) for (const { resourceId } of things) add(resourceId, type, plan.region, kind);
  };
  // Where no agent reports, its computers are the nodes of a cluster or appliances: nothing that ARM lists by itself.
  if (has('Heartbeat')) for (const host of profile.hosts) add(host.resourceId, typeOf(host), host.region);
  group('AzureDiagnostics', profile.vaults, 'microsoft.keyvault/vaults');
  group('StorageBlobLogs', profile.storages, 'microsoft.storage/storageaccounts', 'StorageV2');
  group('AppRequests', profile.webApps, 'microsoft.web/sites', 'app');
  group('ContainerLogV2', profile.clusters, 'microsoft.containerservice/managedclusters');
}

function typeOf({ resourceId }: Host): string {
  return /hybridcompute/i.test(resourceId) ? 'microsoft.hybridcompute/machines' : 'microsoft.compute/virtualmachines';
}

/**
 * What carries logs into a workspace and out of it: collection rules in the tenants of the computers that report to it,
 * exports, diagnostic settings, the summary rule; and its lock. `find` gives a workspace of the estate by name.
 */
export function addSampleFlows(
  world: World,
  filled: FilledWorkspace,
  find: (name: string) => Workspace | undefined,
): void {
  const { workspace, plan, profile, tables } = filled;
  const id = workspaceScope(workspace);
  const streams = tables.flatMap((table) => STREAMS[table] ?? []);
  const managed = profile.hosts.filter((host) => host.resourceId && host.agent === 'Azure Monitor Agent');
  if (streams.length > 0 && tables.includes('Heartbeat'))
    for (const owner of new Set(managed.map((host) => host.owner))) {
      const hosts = managed.filter((host) => host.owner === owner);
      const { subscriptionId, resourceGroup } = parseArmId(hosts[0]!.resourceId);
      addCollectionRule(world, {
        subscription: world.subscriptions.get(key(subscriptionId!))!,
        resourceGroup: resourceGroup!,
        name: `dcr-${workspace.name}`,
        location: workspace.location,
        streams,
        workspaces: [workspace],
        machines: hosts.map(({ resourceId }) => resourceId),
      });
    }
  if (tables.includes('LAQueryLogs'))
    addDiagnosticSetting(world, { resource: id, name: 'audit', categories: ['Audit'], workspace: id });
  for (const { name, categories, to } of plan.settings ?? [])
    addDiagnosticSetting(world, { resource: id, name, categories, workspace: destination(world, to, find) });
  for (const { name, tables: exported, enabled } of plan.exports ?? [])
    addDataExport(world, workspace, {
      name,
      tables: exported,
      destination: `/subscriptions/${workspace.subscriptionId}/resourceGroups/${workspace.resourceGroup}/providers/Microsoft.Storage/storageAccounts/exp${plan.name.replaceAll('-', '')}`,
      enable: enabled,
    });
  if (tables.includes('HostsDaily_CL'))
    addSummaryRule(world, workspace, {
      name: 'hosts-daily',
      query: 'Heartbeat | summarize Beats = count() by Computer',
      destinationTable: 'HostsDaily_CL',
      binSize: 1440,
      columns: [
        { name: 'Computer', type: 'string' },
        { name: 'Beats', type: 'long' },
      ],
    });
  if (plan.locked) addLock(world, { scope: id, notes: 'Logs are evidence.' });
}

function destination(world: World, to: Destination, find: (name: string) => Workspace | undefined): string {
  if (typeof to !== 'string')
    return `/subscriptions/${world.guid('subscription', to.elsewhere)}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/${to.elsewhere}`;
  const workspace = find(to);
  if (!workspace) throw new Error(`The sample estate has no workspace ${to} to send to.`);
  return workspaceScope(workspace);
}

/**
 * A tenant's machines without an agent, or with one that follows nothing, and the collection rules beside those of its
 * computers.
 */
export function addTenantResources(
  world: World,
  plan: TenantPlan,
  place: { readonly subscription: Subscription; readonly group: string; readonly region: string },
  find: (name: string) => Workspace | undefined,
): void {
  const { subscription, region } = place;
  for (let index = 1; index <= (plan.unmonitored ?? 0); index++)
    addResource(world, {
      subscription,
      resourceGroup: place.group,
      type: 'Microsoft.Compute/virtualMachines',
      name: `${plan.domain.split('.')[0]!.slice(0, 5)}-lab${String(index).padStart(2, '0')}`,
      location: region,
    });
  for (const { name, os } of plan.waiting ?? [])
    installAgent(
      world,
      addResource(world, {
        subscription,
        resourceGroup: place.group,
        type: 'Microsoft.Compute/virtualMachines',
        name,
        location: region,
      }),
      os,
    );
  for (const { name, to } of plan.rules ?? []) {
    const workspace = find(to);
    if (!workspace) throw new Error(`The sample estate has no workspace ${to} to send to.`);
    addCollectionRule(world, {
      subscription,
      resourceGroup: place.group,
      name,
      location: region,
      streams: ['Microsoft-Perf'],
      workspaces: [workspace],
    });
  }
}
