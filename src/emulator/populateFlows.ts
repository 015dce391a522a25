import { groupScope, key, workspaceScope } from './armId.ts';
import type { CollectionAssociation, DataExport, SummaryRule } from './flows.ts';
import { addResourceGroup, newTable } from './populate.ts';
import type { DiagnosticSetting, OtherResource, Subscription, TableColumn, Workspace, World } from './state.ts';

/** Adds a resource that is no workspace, and its resource group where there is none. `type` in any case. */
export function addResource(
  world: World,
  spec: {
    subscription: Subscription;
    resourceGroup: string;
    /** e.g. `Microsoft.Compute/virtualMachines`. */
    type: string;
    name: string;
    location: string;
    kind?: string;
    tags?: Record<string, string>;
    properties?: Record<string, unknown>;
  },
): OtherResource {
  const group = groupScope(spec.subscription.subscriptionId, spec.resourceGroup);
  if (!world.resourceGroups.has(key(group)))
    addResourceGroup(world, { subscription: spec.subscription, name: spec.resourceGroup, location: spec.location });
  const resource: OtherResource = {
    id: `${group}/providers/${spec.type}/${spec.name}`,
    name: spec.name,
    type: key(spec.type),
    location: spec.location,
    tags: spec.tags ?? {},
    properties: spec.properties ?? { provisioningState: 'Succeeded' },
    ...(spec.kind === undefined ? {} : { kind: spec.kind }),
  };
  world.resources.set(key(resource.id), resource);
  world.touch();
  return resource;
}

/**
 * Adds a data collection rule that sends streams into workspaces, as Resource Manager writes it
 * (azure-rest-api-specs, monitor 2023-03-11, examples/DataCollectionRulesGet.json). `machines` are associated with it.
 */
export function addCollectionRule(
  world: World,
  spec: {
    subscription: Subscription;
    resourceGroup: string;
    name: string;
    location: string;
    /** Streams, e.g. `Microsoft-Perf`; a `Custom-` one flows into the table of that name. */
    streams: readonly string[];
    workspaces: readonly Workspace[];
    /** `Direct` takes what programs send; without it the rule is for machines of both systems. */
    kind?: 'Direct' | 'Linux' | 'Windows';
    /** ARM ids. */
    machines?: readonly string[];
  },
): OtherResource {
  const destinations = spec.workspaces.map((workspace, at) => ({
    workspaceResourceId: workspaceScope(workspace),
    workspaceId: workspace.properties.customerId,
    name: `la-${at + 1}`,
  }));
  const rule = addResource(world, {
    subscription: spec.subscription,
    resourceGroup: spec.resourceGroup,
    type: 'Microsoft.Insights/dataCollectionRules',
    name: spec.name,
    location: spec.location,
    ...(spec.kind ? { kind: spec.kind } : {}),
    properties: {
      immutableId: `dcr-${world.guid('collection rule', spec.subscription.subscriptionId, spec.name).replaceAll('-', '')}`,
      dataSources: {},
      destinations: { logAnalytics: destinations },
      dataFlows: spec.streams.map((stream) => ({
        streams: [stream],
        destinations: destinations.map(({ name }) => name),
        ...(stream.startsWith('Custom-') ? { transformKql: 'source', outputStream: stream } : {}),
      })),
      ...(spec.kind === 'Direct'
        ? { endpoints: { logsIngestion: `https://${key(spec.name)}.${spec.location}-1.ingest.monitor.azure.com` } }
        : {}),
      provisioningState: 'Succeeded',
    },
  });
  for (const machine of spec.machines ?? []) associate(world, { rule: rule.id, resource: machine });
  return rule;
}

/** Associates a machine or other resource (ARM ids) with a data collection rule. */
export function associate(
  world: World,
  spec: { rule: string; resource: string; name?: string },
): CollectionAssociation {
  const association: CollectionAssociation = {
    name: spec.name ?? `${spec.rule.slice(spec.rule.lastIndexOf('/') + 1)}-association`,
    resourceId: spec.resource,
    ruleId: spec.rule,
  };
  world.collectionAssociations.push(association);
  world.touch();
  return association;
}

/**
 * Adds a data export rule: tables that flow to a storage account or an event hub namespace (ARM id). On unless
 * `enable` is false.
 */
export function addDataExport(
  world: World,
  workspace: Workspace,
  spec: {
    name: string;
    tables: readonly string[];
    destination: string;
    /** Of an event hub namespace; without it every table gets a hub of its own. */
    eventHubName?: string;
    enable?: boolean;
  },
): DataExport {
  // The dates of export rules are HTTP dates (examples/DataExportListByWorkspace.json).
  const now = new Date(world.clock.now()).toUTCString();
  const rule: DataExport = {
    name: spec.name,
    dataExportId: world.guid('data export', key(workspaceScope(workspace)), spec.name),
    tableNames: [...spec.tables],
    destination: {
      resourceId: spec.destination,
      type: /\/microsoft\.storage\//i.test(spec.destination) ? 'StorageAccount' : 'EventHub',
      ...(spec.eventHubName === undefined ? {} : { eventHubName: spec.eventHubName }),
    },
    enable: spec.enable ?? true,
    createdDate: now,
    lastModifiedDate: now,
  };
  (workspace.dataExports ??= new Map()).set(key(spec.name), rule);
  world.touch();
  return rule;
}

/** What every row of a summary rule's destination has besides the answer of its query (AM logs/summary-rules.md). */
export const SUMMARY_COLUMNS: readonly TableColumn[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: '_RuleName', type: 'string' },
  { name: '_RuleLastModifiedTime', type: 'datetime' },
  { name: '_BinSize', type: 'int' },
  { name: '_BinStartTime', type: 'datetime' },
];

/** Adds a summary rule, and its destination table with `columns` and those that such a rule adds. */
export function addSummaryRule(
  world: World,
  workspace: Workspace,
  spec: {
    name: string;
    query: string;
    /** Ends in `_CL`. */
    destinationTable: string;
    /** Minutes; an hour unless given. */
    binSize?: number;
    columns?: readonly TableColumn[];
  },
): SummaryRule {
  const rule: SummaryRule = {
    name: spec.name,
    displayName: spec.name,
    isActive: true,
    ruleDefinition: {
      query: spec.query,
      binSize: spec.binSize ?? 60,
      destinationTable: spec.destinationTable,
      timeSelector: 'TimeGenerated',
    },
  };
  (workspace.summaryRules ??= new Map()).set(key(spec.name), rule);
  workspace.tables.set(
    key(spec.destinationTable),
    newTable({ name: spec.destinationTable, columns: [...SUMMARY_COLUMNS, ...(spec.columns ?? [])] }),
  );
  world.touch();
  return rule;
}

/** Adds a diagnostic setting to a resource (ARM id): it sends categories or category groups to one place or several. */
export function addDiagnosticSetting(
  world: World,
  spec: {
    resource: string;
    name: string;
    /** Categories, e.g. `Audit`; and groups, `allLogs` or `audit`. */
    categories?: readonly string[];
    categoryGroups?: readonly string[];
    /** Categories that are in the setting, switched off. */
    off?: readonly string[];
    /** ARM ids of where it goes. */
    workspace?: string;
    storage?: string;
    eventHubRule?: string;
  },
): DiagnosticSetting {
  const setting: DiagnosticSetting = {
    name: spec.name,
    resourceId: spec.resource,
    properties: {
      ...(spec.storage === undefined ? {} : { storageAccountId: spec.storage }),
      ...(spec.workspace === undefined ? {} : { workspaceId: spec.workspace }),
      ...(spec.eventHubRule === undefined ? {} : { eventHubAuthorizationRuleId: spec.eventHubRule }),
      logs: [
        ...(spec.categories ?? []).map((category) => toLog({ category }, true)),
        ...(spec.categoryGroups ?? []).map((categoryGroup) => toLog({ categoryGroup }, true)),
        ...(spec.off ?? []).map((category) => toLog({ category }, false)),
      ],
    },
  };
  world.diagnosticSettings.push(setting);
  world.touch();
  return setting;
}

/** One line of a setting's `logs`: the other of category and group is null, as the service writes it. */
function toLog(of: { category: string } | { categoryGroup: string }, enabled: boolean): object {
  return { category: null, categoryGroup: null, ...of, enabled, retentionPolicy: { enabled: false, days: 0 } };
}
