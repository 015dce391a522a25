import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import {
  addLock,
  addSubscription,
  addWorkspace,
  assignRole,
  delegate,
  newTable,
} from '../../../src/emulator/populate.ts';
import {
  addCollectionRule,
  addDataExport,
  addDiagnosticSetting,
  addResource,
  addSummaryRule,
} from '../../../src/emulator/populateFlows.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { toAccountId, toSubscriptionId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import type { AssessPort } from '../../../src/ports/assess.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

const small = smallEstate();
const { world, workspaces } = small;
const [provider, contoso, fabrikam] = [small.provider, small.contoso, small.fabrikam].map(({ tenantId }) =>
  toTenantId(tenantId),
);
const contosoId = workspaceScope(workspaces.contoso);
const fabrikamId = workspaceScope(workspaces.fabrikam);
const fabrikamSubscription = toSubscriptionId(small.foreign.subscriptionId);
const contosoSubscription = toSubscriptionId(small.delegated.subscriptionId);

// What there is at Contoso, which the provider reaches by Lighthouse.
Object.assign(workspaces.contoso.properties, {
  sku: { name: 'CapacityReservation', capacityReservationLevel: 100, lastSkuUpdate: world.clock.iso() },
  retentionInDays: 90,
  workspaceCapping: { dailyQuotaGb: 5, quotaNextResetTime: world.clock.iso(), dataIngestionStatus: 'OverQuota' },
  publicNetworkAccessForQuery: 'Disabled',
  features: {
    disableLocalAuth: true,
    clusterResourceId: '/subscriptions/S/resourceGroups/RG/providers/Microsoft.OperationalInsights/clusters/C',
    dataAuthorizationMode: 'DataActionsOnly',
  },
});
const there = { subscription: small.delegated, resourceGroup: 'RG-Machines', location: 'northeurope' };
const vm = addResource(world, { ...there, type: 'Microsoft.Compute/virtualMachines', name: 'WEB-01' });
const arc = addResource(world, { ...there, type: 'Microsoft.HybridCompute/machines', name: 'dc-01' });
addResource(world, { ...there, type: 'Microsoft.KeyVault/vaults', name: 'kv-1' });
addResource(world, { ...there, type: 'Microsoft.KeyVault/vaults', name: 'kv-2' });
const rule = addCollectionRule(world, {
  ...there,
  name: 'dcr-Machines',
  streams: ['Microsoft-Perf', 'Microsoft-Syslog'],
  workspaces: [workspaces.contoso, workspaces.provider],
  machines: [vm.id, arc.id],
});
addCollectionRule(world, {
  ...there,
  name: 'dcr-direct',
  streams: ['Custom-App_CL'],
  workspaces: [workspaces.contoso],
  kind: 'Direct',
});
delegate(world, {
  scope: `/subscriptions/${small.delegated.subscriptionId}/resourceGroups/rg-logs`,
  to: small.provider,
  offerName: 'Second offer',
  authorizations: [
    { principalId: small.reader.objectId, role: 'Managed Services Registration assignment Delete Role' },
  ],
  eligible: [{ principalId: small.reader.objectId, name: 'On call', role: 'Contributor' }],
});
// What there is at Fabrikam, where the engineer is a guest.
assignRole(world, {
  scope: fabrikamId,
  principalId: world.guid('group', 'auditors'),
  principalType: 'Group',
  role: 'Log Analytics Data Reader',
  condition: '((!(ActionMatches{...})))',
});
world.roleAssignments.push({
  name: world.guid('own role'),
  scope: '/',
  principalId: world.guid('robot'),
  principalType: 'ServicePrincipal',
  roleId: world.guid('custom role'),
  createdOn: world.clock.iso(),
});
addLock(world, { scope: fabrikamId, name: 'stay' });
addLock(world, { scope: `/subscriptions/${small.foreign.subscriptionId}`, name: 'still', level: 'ReadOnly' });
addDiagnosticSetting(world, {
  resource: fabrikamId,
  name: 'audit',
  categories: ['Audit'],
  off: ['SummaryLogs'],
  workspace: workspaceScope(workspaces.provider),
  eventHubRule: '/subscriptions/S/resourceGroups/RG/providers/Microsoft.EventHub/namespaces/NS/authorizationRules/Root',
});
addDiagnosticSetting(world, { resource: fabrikamId, name: 'every', categoryGroups: ['allLogs'], storage: '/S/A' });
addDiagnosticSetting(world, { resource: fabrikamId, name: 'off', off: ['Audit'], storage: '/S/A' });
addDataExport(world, workspaces.fabrikam, {
  name: 'export1',
  tables: ['Heartbeat'],
  destination: '/S/Microsoft.Storage/A',
});
addDataExport(world, workspaces.fabrikam, { name: 'export2', tables: [], destination: '/S/NS', enable: false });
addSummaryRule(world, workspaces.fabrikam, {
  name: 'daily',
  query: 'Heartbeat | summarize n = count() by Computer',
  destinationTable: 'Daily_CL',
  columns: [
    { name: 'Computer', type: 'string' },
    { name: 'n', type: 'long' },
  ],
});

const OPERATION = [
  { name: 'TimeGenerated', type: 'datetime' },
  ...[
    'OperationCategory',
    'OperationKey',
    'OperationStatus',
    'Detail',
    'Computer',
    'CorrelationId',
    'SourceSystem',
  ].map((name) => ({ name, type: 'string' })),
];

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection, port: AssessPort;
before(async () => {
  emulator = await startSmall(small, { engine: () => openEngine() });
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
  port = new AssessClient(connection.clients);
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
  world.clock.advance(5_000);
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

const by = (tenant: string): Issuer => ({
  account: toAccountId('test:engineer@provider.example'),
  tenant: toTenantId(tenant),
});

test('configurations: every setting of every workspace in one page', async () => {
  const { value, calls } = await port.graph('configurations', by(provider!), NEVER);
  assert.equal(calls, 1);
  assert.deepEqual(value.get(toWorkspaceKey(contosoId)), {
    sku: 'CapacityReservation',
    commitmentGb: 100,
    retentionDays: 90,
    dailyCapGb: 5,
    cap: 'hit',
    localAuth: false,
    resourcePermissions: false,
    dataActionsOnly: true,
    sentinel: true,
    cluster: '/subscriptions/s/resourcegroups/rg/providers/microsoft.operationalinsights/clusters/c',
    publicIngestion: true,
    publicQuery: false,
  });
  assert.deepEqual(value.get(toWorkspaceKey(workspaceScope(workspaces.provider))), {
    sku: 'PerGB2018',
    retentionDays: 30,
    cap: 'none',
    localAuth: true,
    resourcePermissions: true,
    dataActionsOnly: false,
    sentinel: false,
    publicIngestion: true,
    publicQuery: true,
  });
  assert.equal(value.size, 2, 'what the token does not reach is not there');
});

test('resources are counted by type, region and subscription, under the tenant that owns them', async () => {
  const { value, calls, unknown } = await port.graph('resources', by(provider!), NEVER);
  assert.deepEqual([calls, unknown, new Set(value.keys())], [1, undefined, new Set([provider, contoso])]);
  const at = { subscription: contosoSubscription, region: 'northeurope' };
  assert.deepEqual(value.get(contoso!), [
    { ...at, type: 'microsoft.compute/virtualmachines', count: 1 },
    { ...at, type: 'microsoft.hybridcompute/machines', count: 1 },
    { ...at, type: 'microsoft.insights/datacollectionrules', count: 2 },
    { ...at, type: 'microsoft.keyvault/vaults', count: 2 },
    { ...at, type: 'microsoft.operationalinsights/workspaces', count: 1 },
    { ...at, type: 'microsoft.operationsmanagement/solutions', count: 1 },
  ]);
});

test('machines of Azure and of Arc, with the ids that Resource Manager knows them by', async () => {
  const { value } = await port.graph('machines', by(provider!), NEVER);
  const at = { subscription: contosoSubscription, region: 'northeurope' };
  assert.deepEqual(
    [...value],
    [
      [
        contoso,
        [
          { ...at, id: vm.id.toLowerCase(), name: 'WEB-01', arc: false },
          { ...at, id: arc.id.toLowerCase(), name: 'dc-01', arc: true },
        ],
      ],
    ],
  );
});

test('collection rules: where they send which streams, and for which machines', async () => {
  const { value } = await port.graph('rules', by(provider!), NEVER);
  const at = { region: 'northeurope', subscription: contosoSubscription };
  assert.deepEqual(value.get(contoso!), [
    {
      ...at,
      id: `${rule.id.slice(0, rule.id.lastIndexOf('/'))}/dcr-direct`.toLowerCase(),
      workspaces: [contosoId.toLowerCase()],
      streams: ['Custom-App_CL'],
      direct: true,
      machines: [],
    },
    {
      ...at,
      id: rule.id.toLowerCase(),
      workspaces: [contosoId, workspaceScope(workspaces.provider)].map((id) => id.toLowerCase()).sort(),
      streams: ['Microsoft-Perf', 'Microsoft-Syslog'],
      direct: false,
      machines: [vm.id, arc.id].map((id) => id.toLowerCase()).sort(),
    },
  ]);
});

test('delegations: the offer of each, its roles by name, and which of them must be activated', async () => {
  const { value } = await port.graph('delegations', by(provider!), NEVER);
  assert.deepEqual([...value.keys()], [contoso]);
  const [whole, group] = value.get(contoso!)!.toSorted((a, b) => a.scope.length - b.scope.length);
  assert.deepEqual(
    [whole!.scope, whole!.managedBy, whole!.offer, whole!.roles],
    [
      `/subscriptions/${contosoSubscription}`,
      provider,
      'Managed logs',
      [
        {
          principalId: world.guid('group', 'operations'),
          principalName: 'Operations',
          roleId: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
          roleName: 'Contributor',
          eligible: false,
        },
        {
          principalId: small.app.objectId,
          roleId: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
          roleName: 'Contributor',
          eligible: false,
        },
      ],
    ],
  );
  assert.deepEqual(
    [group!.scope, group!.offer, group!.roles.map(({ roleName, eligible }) => [roleName, eligible])],
    [
      `/subscriptions/${contosoSubscription}/resourcegroups/rg-logs`,
      'Second offer',
      [
        ['Managed Services Registration assignment Delete Role', false],
        ['Contributor', true],
      ],
    ],
  );
});

test('role assignments of a customer: inherited and beneath, with names, and which are conditioned', async () => {
  const { value, calls } = await port.subscription('roles', by(fabrikam!), fabrikamSubscription, NEVER);
  assert.equal(calls, 1);
  assert.deepEqual(
    value.map(({ principalType, roleName, scope, conditioned }) => [principalType, roleName, scope, conditioned]),
    [
      ['User', 'Contributor', `/subscriptions/${fabrikamSubscription}`, false],
      ['User', 'Contributor', `/subscriptions/${fabrikamSubscription}`, false],
      ['Group', 'Log Analytics Data Reader', fabrikamId.toLowerCase(), true],
      ['ServicePrincipal', world.guid('custom role'), '/', false],
    ],
  );
});

test('the role assignments that a delegated token is not shown are unknown, never none', async () => {
  await assert.rejects(port.subscription('roles', by(provider!), contosoSubscription, NEVER), {
    code: 'access.insufficient',
    retryable: false,
  });
});

test('locks of a subscription and of what is in it', async () => {
  const { value, calls } = await port.subscription('locks', by(fabrikam!), fabrikamSubscription, NEVER);
  assert.equal(calls, 1);
  assert.deepEqual(
    value.toSorted((a, b) => a.name.localeCompare(b.name)),
    [
      { name: 'stay', level: 'CanNotDelete', scope: fabrikamId.toLowerCase() },
      { name: 'still', level: 'ReadOnly', scope: `/subscriptions/${fabrikamSubscription}` },
    ],
  );
  const none = await port.subscription('locks', by(provider!), contosoSubscription, NEVER);
  assert.deepEqual(none, { value: [], calls: 1 });
});

test('of a workspace: what is on in its diagnostic settings, its exports, its tables; a call each', async () => {
  const diagnostics = await port.workspace('diagnostics', by(fabrikam!), fabrikamId, NEVER);
  assert.deepEqual(diagnostics, {
    value: [
      {
        name: 'audit',
        categories: ['Audit'],
        workspace: workspaceScope(workspaces.provider).toLowerCase(),
        eventHub: '/subscriptions/s/resourcegroups/rg/providers/microsoft.eventhub/namespaces/ns',
      },
      { name: 'every', categories: ['allLogs'], storage: '/s/a' },
    ],
    calls: 1,
  });
  const exports = await port.workspace('exports', by(fabrikam!), fabrikamId, NEVER);
  assert.deepEqual(exports, {
    value: [
      { name: 'export1', tables: ['Heartbeat'], destination: '/s/microsoft.storage/a', enabled: true },
      { name: 'export2', tables: [], destination: '/s/ns', enabled: false },
    ],
    calls: 1,
  });
  const tables = await port.workspace('tables', by(fabrikam!), fabrikamId, NEVER);
  assert.deepEqual(
    [tables.calls, tables.value.map(({ name, summary }) => [name, summary])],
    [
      1,
      [
        ['Audit_CL', undefined],
        ['Daily_CL', true],
        ['Heartbeat', undefined],
      ],
    ],
  );
  assert.equal(emulator.calls.list({ service: 'arm' }).length, 3);
});

test('the evidence of an answer is what was asked: each path answers as it stands there', async () => {
  assert.deepEqual(port.sourceOfGraph('delegations').kind, 'graph');
  await port.workspace('exports', by(fabrikam!), fabrikamId, NEVER);
  await port.workspace('diagnostics', by(fabrikam!), fabrikamId, NEVER);
  await port.workspace('tables', by(fabrikam!), fabrikamId, NEVER);
  await port.subscription('locks', by(fabrikam!), fabrikamSubscription, NEVER);
  await port.subscription('roles', by(fabrikam!), fabrikamSubscription, NEVER);
  const asked = emulator.calls.list({ service: 'arm' }).map(({ path }) => path.toLowerCase());
  const sources = [
    ...(['exports', 'diagnostics', 'tables'] as const).map((name) => port.sourceOfWorkspace(name, fabrikamId)),
    ...(['locks', 'roles'] as const).map((name) => port.sourceOfSubscription(name, fabrikamSubscription)),
  ];
  assert.deepEqual(
    sources.map((source) => (source.kind === 'arm' ? source.path.toLowerCase() : '')),
    asked,
  );
});

const GRAPH = { service: 'graph' } as const;
const PATH = '/providers/Microsoft.ResourceGraph/resources';
const json = (body: object) =>
  ({ kind: 'status', status: 200, body: JSON.stringify(body), contentType: 'application/json' }) as const;

test('what is refused, throttled or unreadable is an error of its family; nothing is taken for an empty answer', async () => {
  const everything: readonly (() => Promise<unknown>)[] = [
    () => port.graph('machines', by(provider!), NEVER),
    () => port.subscription('locks', by(fabrikam!), fabrikamSubscription, NEVER),
    ...(['tables', 'diagnostics', 'exports'] as const).map(
      (name) => () => port.workspace(name, by(fabrikam!), fabrikamId, NEVER),
    ),
  ];
  const cases = [
    [{ kind: 'accessLag' }, 'access.insufficient', false],
    [{ kind: 'throttle' }, 'service.throttled', true],
    [{ kind: 'status', status: 503 }, 'service.unavailable', true],
    [{ kind: 'status', status: 200, body: '<html>hello</html>' }, 'service.unavailable', true],
    [{ kind: 'truncate' }, '', true],
    [json({}), 'service.unavailable', true],
    [json({ value: 'none', data: 'none' }), 'service.unavailable', true],
  ] as const;
  for (const [fault, code, retryable] of cases) {
    emulator.faults.clear();
    for (const service of ['graph', 'arm'] as const) emulator.faults.add({ match: { service }, fault });
    for (const [n, asked] of everything.entries())
      await assert.rejects(asked(), (error: { code: string; retryable: boolean; message: string }) => {
        assert.match(error.code, code === '' ? /^(network|service)\./ : new RegExp(`^${code}$`), `${fault.kind} ${n}`);
        assert.equal(error.retryable, retryable, `${fault.kind} ${n}: ${error.message}`);
        return true;
      });
  }
});

test('what Resource Graph cut off without the way to the rest is an error, never a part', async () => {
  const answer = { count: 0, data: [], facets: [] };
  for (const cut of [
    { ...answer, totalRecords: 0, resultTruncated: 'true' },
    { ...answer, totalRecords: 2, resultTruncated: 'false' },
  ]) {
    emulator.faults.clear();
    emulator.faults.add({ match: GRAPH, fault: json(cut) });
    await assert.rejects(port.graph('resources', by(provider!), NEVER), {
      code: 'service.incomplete',
      retryable: true,
    });
  }
});

test('a row that is nobody’s spoils the answer; one that cannot be read only the part of its tenant', async () => {
  const whole = { tenantId: provider!, subscriptionId: small.home.subscriptionId };
  const row = {
    ...whole,
    machines: [{ group: 'rg', type: 'Microsoft.Compute/virtualMachines', name: 'vm' }],
    total: 1,
  };
  const answer = (...data: object[]) =>
    json({ count: data.length, totalRecords: data.length, data, facets: [], resultTruncated: 'false' });
  emulator.faults.add({ match: GRAPH, fault: answer({ ...row, tenantId: 'somebody' }) });
  await assert.rejects(port.graph('machines', by(provider!), NEVER), { code: 'service.unavailable' });
  emulator.faults.clear();
  const theirs = { tenantId: contoso!, subscriptionId: small.delegated.subscriptionId };
  emulator.faults.add({ match: GRAPH, fault: answer(row, { ...theirs, machines: [null], total: 1 }) });
  const { value, unknown } = await port.graph('machines', by(provider!), NEVER);
  assert.deepEqual([...value.keys()], [provider]);
  assert.deepEqual(
    [...unknown!].map(([tenant, { code }]) => [tenant, code]),
    [[contoso, 'service.unreadable']],
  );
});

test('a list goes on where Resource Manager says, but never with our token to somebody else', async () => {
  const match = { service: 'arm', path: 'authorization/locks' } as const;
  const path = `/subscriptions/${fabrikamSubscription}/providers/Microsoft.Authorization/locks`;
  const next = `${emulator.cloud.resourceManager}${path}?api-version=2020-05-01&$skiptoken=1`;
  const ask = () => port.subscription('locks', by(fabrikam!), fabrikamSubscription, NEVER);
  emulator.faults.add({ match, fault: json({ value: [], nextLink: next }), times: 1 });
  const { value, calls } = await ask();
  assert.deepEqual([value.length, calls], [2, 2]);
  for (const [nextLink, code] of [
    ['https://somewhere.example/locks', 'network.foreignOrigin'],
    ['not an address', 'network.foreignOrigin'],
    [7, 'service.unavailable'],
    [next, 'service.endlessList'],
  ] as const) {
    emulator.faults.clear();
    emulator.faults.add({ match, fault: json({ value: [], nextLink }) });
    await assert.rejects(ask(), { code }, String(nextLink));
  }
});

test('a delegation whose offer is not shown makes its tenant unknown', async () => {
  const id = `/subscriptions/${contosoSubscription}/providers/Microsoft.ManagedServices`;
  const assignment = (more: object) => ({
    id: `${id}/registrationAssignments/a`,
    properties: {
      provisioningState: 'Succeeded',
      registrationDefinitionId: `${id}/registrationDefinitions/d`,
      ...more,
    },
  });
  const answered = async (found: object) => {
    emulator.faults.clear();
    const data = [{ tenantId: contoso, subscriptionId: contosoSubscription, found: [found], total: 1 }];
    const fault = json({ count: 1, totalRecords: 1, data, facets: [], resultTruncated: 'false' });
    emulator.faults.add({ match: { service: 'graph', path: PATH }, fault });
    return port.graph('delegations', by(provider!), NEVER);
  };
  const hidden = await answered(assignment({}));
  assert.deepEqual([hidden.value.size, hidden.unknown!.get(contoso!)!.code], [0, 'access.insufficient']);
  const definition = { properties: { managedByTenantId: provider, registrationDefinitionName: 'Within' } };
  const within = await answered(assignment({ registrationDefinition: definition }));
  assert.deepEqual([within.value.get(contoso!)![0]!.offer, within.unknown], ['Within', undefined]);
  const failed = await answered(assignment({ provisioningState: 'Failed' }));
  assert.deepEqual([failed.value.size, failed.unknown], [0, undefined]);
});

test('_LogOperation: the schema of a workspace has it, and a query for cap hits binds with it', async () => {
  const issuer = by(provider!);
  const { customerId } = workspaces.provider.properties;
  workspaces.provider.tables.set('operation', newTable({ name: 'Operation', columns: OPERATION }));
  world.touch();
  const id = workspaceScope(workspaces.provider);
  const { tables, functions } = await connection.logs.schema(issuer, customerId, id, NEVER);
  const query = `_LogOperation | where Category =~ 'Ingestion' and Detail contains 'OverQuota'
    | summarize stopped = count() by day = startofday(TimeGenerated), CorrelationId`;
  const bound = analyzeQuery(query, { database: { name: 'law-provider', tables, functions } });
  assert.deepEqual(
    [bound.errors, bound.tables, bound.columns?.map(({ name }) => name)],
    [[], ['Operation'], ['day', 'CorrelationId', 'stopped']],
  );
});

test('a thousand workspaces, a subscription each, with five thousand machines: six pages of Resource Graph', async () => {
  const shared = { resourceGroup: 'rg', location: 'westeurope' };
  for (let n = 0; n < 998; n++) {
    const subscription = addSubscription(world, { tenant: small.fabrikam, displayName: `Many ${n}` });
    delegate(world, {
      scope: `/subscriptions/${subscription.subscriptionId}`,
      to: small.provider,
      authorizations: [{ principalId: world.guid('group', 'operations'), role: 'Reader' }],
    });
    const workspace = addWorkspace(world, { subscription, ...shared, name: `law-${n}` });
    const machines = Array.from(
      { length: 5 },
      (_, at) =>
        addResource(world, {
          ...shared,
          subscription,
          type: at < 4 ? 'Microsoft.Compute/virtualMachines' : 'Microsoft.HybridCompute/machines',
          name: `m-${at}`,
        }).id,
    );
    addCollectionRule(world, {
      ...shared,
      subscription,
      name: 'dcr',
      streams: ['Microsoft-Perf'],
      workspaces: [workspace],
      machines,
    });
  }
  const pages: Record<string, number> = {};
  const count: Record<string, number> = {};
  for (const name of ['configurations', 'resources', 'machines', 'rules', 'delegations'] as const) {
    const { value, calls } = await port.graph(name, by(provider!), NEVER);
    world.clock.advance(5_000);
    pages[name] = calls;
    const own = value instanceof Map ? (value as ReadonlyMap<string, unknown>).get(fabrikam!) : undefined;
    count[name] = Array.isArray(own) ? own.length : value.size;
  }
  assert.deepEqual(count, {
    configurations: 1_000,
    resources: 998 * 4,
    machines: 998 * 5,
    rules: 998,
    delegations: 998,
  });
  assert.deepEqual(pages, { configurations: 1, resources: 1, machines: 1, rules: 2, delegations: 1 });
});
