import { DAY, defineTable, each, HOUR, MINUTE, pairs, type Source, type TableGenerator } from '../generator.ts';
import type { AzureThing, Host, WorkspaceProfile } from '../profile.ts';
import { daylight } from './agents.ts';

const ACTIVITIES = [
  ['Administrative', 'Microsoft.Compute/virtualMachines/write', 'Create or Update Virtual Machine'],
  ['Administrative', 'Microsoft.Resources/deployments/write', 'Create Deployment'],
  ['Policy', 'Microsoft.Authorization/policies/audit/action', "'audit' Policy action."],
  ['Administrative', 'Microsoft.Network/networkSecurityGroups/securityRules/write', 'Create or Update Security Rule'],
  ['Administrative', 'Microsoft.Compute/virtualMachines/restart/action', 'Restart Virtual Machine'],
  ['Administrative', 'Microsoft.Authorization/roleAssignments/write', 'Create role assignment'],
  ['Administrative', 'Microsoft.KeyVault/vaults/write', 'Update Key Vault'],
  ['Administrative', 'Microsoft.Storage/storageAccounts/listKeys/action', 'List Storage Account Keys'],
  ['ServiceHealth', 'Microsoft.ServiceHealth/incident/action', 'Service issue'],
  ['Administrative', 'Microsoft.Compute/virtualMachines/delete', 'Delete Virtual Machine'],
] as const;

const azureActivity = defineTable<WorkspaceProfile>({
  table: 'AzureActivity',
  every: 20 * MINUTE,
  span: 5 * DAY,
  billable: false,
  columns:
    'CategoryValue OperationNameValue OperationName ActivityStatusValue ActivitySubstatusValue Caller CallerIpAddress Level ResourceProviderValue ResourceGroup Resource SubscriptionId CorrelationId EventDataId EventSubmissionTimestamp HTTPRequest Properties_d Authorization_d Claims_d _ResourceId _SubscriptionId',
  sources: (profile) => [{ key: 'activity', it: profile }],
  row: (profile, time, random) => {
    if (!random.chance(0.3 + 0.7 * daylight(time))) return undefined;
    const [category, value, name] = random.skewed(ACTIVITIES);
    const host = random.pick(profile.hosts.filter(({ resourceId }) => resourceId)) as Host | undefined;
    const caller = random.pick(profile.people.filter(({ admin }) => admin));
    const status = random.pick(['Start', 'Success', 'Success', 'Success', random.chance(0.2) ? 'Failure' : 'Success']);
    const vault = profile.vaults[0];
    const resource =
      value.includes('KeyVault') && vault
        ? vault.resourceId
        : (host?.resourceId ?? `/subscriptions/${profile.subscriptionId}/resourceGroups/${profile.resourceGroup}`);
    const group = /resourcegroups\/([^/]+)/i.exec(resource)?.[1] ?? '';
    return [
      category,
      value.toUpperCase(),
      name,
      status,
      status === 'Failure'
        ? 'Forbidden (HTTP Status Code: 403)'
        : status === 'Success'
          ? 'OK (HTTP Status Code: 200)'
          : '',
      caller.upn,
      caller.ip,
      status === 'Failure' ? 'Error' : 'Information',
      value.slice(0, value.indexOf('/')).toUpperCase(),
      group.toUpperCase(),
      resource.slice(resource.lastIndexOf('/') + 1),
      profile.subscriptionId,
      random.guid(),
      random.guid(),
      new Date(time + 60_000).toISOString(),
      JSON.stringify({ clientIpAddress: caller.ip, method: value.endsWith('delete') ? 'DELETE' : 'PUT' }),
      JSON.stringify({ eventCategory: category, entity: resource, message: value, hierarchy: profile.entraTenant }),
      JSON.stringify({ action: value, scope: resource }),
      JSON.stringify({ aud: 'https://management.core.windows.net/', name: caller.name, upn: caller.upn }),
      resource.toLowerCase(),
      profile.subscriptionId,
    ];
  },
});

interface Diagnosed {
  readonly thing: AzureThing;
  readonly provider: string;
  readonly type: string;
  readonly categories: readonly (readonly [category: string, operation: string])[];
}
function diagnosed(profile: WorkspaceProfile): Source<Diagnosed>[] {
  const of = (
    things: readonly AzureThing[],
    provider: string,
    type: string,
    categories: Diagnosed['categories'],
  ): Diagnosed[] => things.map((thing) => ({ thing, provider, type, categories }));
  return each(
    [
      ...of(profile.vaults, 'MICROSOFT.KEYVAULT', 'VAULTS', [
        ['AuditEvent', 'SecretGet'],
        ['AuditEvent', 'KeySign'],
        ['AuditEvent', 'VaultGet'],
        ['AuditEvent', 'SecretList'],
      ]),
      ...of(profile.databases, 'MICROSOFT.SQL', 'SERVERS/DATABASES', [
        ['SQLSecurityAuditEvents', 'AuditEvent'],
        ['Errors', 'ErrorEvent'],
        ['QueryStoreRuntimeStatistics', 'QueryStoreRuntimeStatisticsEvent'],
      ]),
      ...of(profile.firewalls, 'MICROSOFT.NETWORK', 'AZUREFIREWALLS', [
        ['AzureFirewallNetworkRule', 'AzureFirewallNetworkRuleLog'],
        ['AzureFirewallApplicationRule', 'AzureFirewallApplicationRuleLog'],
      ]),
    ],
    ({ thing }) => thing.resourceId,
  );
}

const azureDiagnostics = defineTable<Diagnosed>({
  table: 'AzureDiagnostics',
  every: 10 * MINUTE,
  span: DAY,
  columns:
    'ResourceProvider ResourceType Resource ResourceId ResourceGroup SubscriptionId Category OperationName ResultType ResultSignature ResultDescription CallerIPAddress DurationMs CorrelationId httpStatusCode_d:real requestUri_s:string identity_claim_upn_s:string msg_s:string server_principal_name_s:string database_name_s:string Level _ResourceId _SubscriptionId',
  sources: diagnosed,
  row: ({ thing, provider, type, categories }, _time, random, profile) => {
    const [category, operation] = random.pick(categories);
    const person = random.skewed(profile.people);
    const vault = type === 'VAULTS';
    const denied = random.chance(0.06);
    const host = random.pick(profile.hosts);
    return [
      provider,
      type,
      thing.name.toUpperCase(),
      thing.resourceId.toUpperCase(),
      thing.resourceGroup.toUpperCase(),
      thing.subscriptionId,
      category,
      operation,
      vault ? (denied ? 'Failed' : 'Success') : '',
      vault ? (denied ? 'Forbidden' : 'OK') : '',
      '',
      person.ip,
      random.int(2, 240),
      random.guid(),
      vault ? (denied ? 403 : 200) : null,
      vault
        ? `https://${thing.name}.vault.azure.net/secrets/${random.pick(['db', 'api-key', 'tls'])}?api-version=7.4`
        : '',
      vault ? person.upn : '',
      type === 'AZUREFIREWALLS'
        ? `TCP request from ${host.ip}:${random.int(49152, 65000)} to ${random.ip('20.60')}:443. Action: ${denied ? 'Deny' : 'Allow'}`
        : '',
      type.startsWith('SERVERS') ? person.upn : '',
      type.startsWith('SERVERS') ? thing.name : '',
      denied ? 'Warning' : 'Informational',
      thing.resourceId.toLowerCase(),
      thing.subscriptionId,
    ];
  },
});

const METRICS = [
  ['Percentage CPU', 'Percent', 60],
  ['Network In Total', 'Bytes', 4_000_000],
  ['Disk Read Bytes', 'Bytes', 900_000],
] as const;

const azureMetrics = defineTable<readonly [Host, (typeof METRICS)[number]]>({
  table: 'AzureMetrics',
  every: HOUR,
  span: DAY,
  columns:
    'MetricName UnitName Average Minimum Maximum Total Count TimeGrain Resource ResourceId ResourceGroup ResourceProvider SubscriptionId _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      pairs(
        profile.hosts.filter(({ resourceId }) => /microsoft\.compute/i.test(resourceId)),
        METRICS,
      ),
      ([host, metric]) => `${host.name} ${metric[0]}`,
      ([host]) => host.silentSince,
    ),
  row: ([host, [metric, unit, level]], time, random) => {
    const average = random.real(level * 0.05, level * (0.3 + 0.5 * daylight(time)));
    return [
      metric,
      unit,
      average,
      Number((average * 0.4).toFixed(2)),
      Number((average * 1.7).toFixed(2)),
      Number((average * 60).toFixed(2)),
      60,
      'PT1M',
      host.name,
      host.resourceId.toUpperCase(),
      host.resourceGroup.toUpperCase(),
      'MICROSOFT.COMPUTE',
      host.subscriptionId,
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

const BLOBS = [
  ['GetBlob', 200, 'Success'],
  ['PutBlob', 201, 'Success'],
  ['ListBlobs', 200, 'Success'],
  ['GetBlobProperties', 200, 'Success'],
  ['DeleteBlob', 202, 'Success'],
  ['GetBlob', 404, 'BlobNotFound'],
  ['GetBlob', 403, 'AuthorizationPermissionMismatch'],
] as const;

const storageBlobLogs = defineTable<AzureThing>({
  table: 'StorageBlobLogs',
  every: 6 * MINUTE,
  span: DAY,
  columns:
    'AccountName OperationName StatusCode StatusText CallerIpAddress AuthenticationType RequesterUpn RequesterObjectId Uri ObjectKey DurationMs ServerLatencyMs RequestBodySize ResponseBodySize UserAgentHeader CorrelationId TlsVersion _ResourceId _SubscriptionId',
  constants: (profile) => ({
    Category: 'StorageRead',
    Protocol: 'HTTPS',
    Location: profile.region,
    ServiceType: 'blob',
    OperationVersion: '2023-11-03',
    SchemaVersion: '1.0',
    RequesterTenantId: profile.entraTenant,
  }),
  sources: (profile) => each(profile.storages, (thing) => thing.resourceId),
  row: (thing, _time, random, profile) => {
    const [operation, code, status] = random.skewed(BLOBS);
    const person = random.skewed(profile.people);
    const path = `${random.pick(['backups', 'exports', 'images'])}/${random.pick(['2026/11', 'daily', 'www'])}/${random.hex(6)}.bin`;
    const latency = random.int(2, 180);
    const oauth = random.chance(0.7);
    return [
      thing.name,
      operation,
      String(code),
      status,
      `${person.ip}:${random.int(1024, 65000)}`,
      oauth ? 'OAuth' : 'SAS',
      oauth ? person.upn : '',
      oauth ? person.id : '',
      `https://${thing.name}.blob.core.windows.net/${path}`,
      `/${thing.name}/${path}`,
      latency + random.int(0, 20),
      latency,
      operation === 'PutBlob' ? random.int(100, 4_000_000) : 0,
      operation === 'GetBlob' && code === 200 ? random.int(100, 9_000_000) : 0,
      'azsdk-net-Storage.Blobs/12.24.0',
      random.guid(),
      'TLS 1.3',
      `${thing.resourceId.toLowerCase()}/blobservices/default`,
      thing.subscriptionId,
    ];
  },
});

/** What Azure resources send through diagnostic settings. */
export const AZURE_TABLES: readonly TableGenerator[] = [azureActivity, azureDiagnostics, azureMetrics, storageBlobLogs];
