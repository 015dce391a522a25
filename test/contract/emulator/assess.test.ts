import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addLock, addWorkspace, assignRole, delegate } from '../../../src/emulator/populate.ts';
import {
  addCollectionRule,
  addDataExport,
  addDiagnosticSetting,
  addResource,
  addSummaryRule,
} from '../../../src/emulator/populateFlows.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { appToken, ask, smallEstate, startSmall, userToken } from './smallEstate.ts';

// What an assessment reads, as the service writes it: held against the specification's examples and recordings.
const clock = new EmulatedClock();
const estate = smallEstate(clock);
const { world, workspaces } = estate;
const fabrikam = workspaceScope(workspaces.fabrikam);
const [foreign, delegated] = [estate.foreign, estate.delegated].map(({ subscriptionId }) => subscriptionId);

let emulator: Emulator, provider: string, inFabrikam: string;
before(async () => {
  emulator = await startSmall(estate, { engine: () => openEngine() });
  provider = await appToken(emulator, estate, estate.provider);
  inFabrikam = await appToken(emulator, estate, estate.fabrikam);
});
after(() => emulator.close());

const get = async <T>(path: string, apiVersion: string, token: string): Promise<T> =>
  (await ask(emulator, `${path}?api-version=${apiVersion}`, { token })).json<T>();

async function graph(query: string, token: string): Promise<Record<string, unknown>[]> {
  clock.advance(5_000);
  const path = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
  const body = { query, options: { resultFormat: 'objectArray' } };
  const { data } = (await ask(emulator, path, { method: 'POST', token, body })).json<{
    data: Record<string, unknown>[];
  }>();
  return data;
}

test('data exports as examples/DataExportListByWorkspace.json has them, from 2020-08-01 to 2025-07-01', async () => {
  const hub = `/subscriptions/${foreign}/resourceGroups/rg-logs/providers/Microsoft.EventHub/namespaces/test`;
  const { dataExportId } = addDataExport(world, workspaces.fabrikam, {
    name: 'export1',
    tables: ['Heartbeat'],
    destination: hub,
  });
  const expected = {
    properties: {
      dataExportId,
      destination: { resourceId: hub, type: 'EventHub' },
      tableNames: ['Heartbeat'],
      enable: true,
      createdDate: new Date(clock.now()).toUTCString(),
      lastModifiedDate: new Date(clock.now()).toUTCString(),
    },
    id: `/subscriptions/${foreign}/resourcegroups/rg-logs/providers/microsoft.operationalinsights/workspaces/law-fabrikam/export/export1`,
    name: 'export1',
    type: 'Microsoft.OperationalInsights/workspaces/export',
  };
  for (const version of ['2020-08-01', '2025-07-01'])
    assert.deepEqual(await get(`${fabrikam}/dataExports`, version, inFabrikam), { value: [expected] });
  assert.deepEqual(await get(`${fabrikam}/dataExports/Export1`, '2025-07-01', inFabrikam), expected);
  assert.equal(
    (await ask(emulator, `${fabrikam}/dataExports/x?api-version=2025-07-01`, { token: inFabrikam })).status,
    404,
  );
  assert.equal(
    (await ask(emulator, `${fabrikam}/dataExports?api-version=2017-01-01`, { token: inFabrikam })).status,
    400,
  );
});

test('summary rules as examples/SummaryLogsList.json has them; their destination has the columns they add', async () => {
  addSummaryRule(world, workspaces.fabrikam, {
    name: 'daily',
    query: 'Heartbeat | summarize n = count()',
    destinationTable: 'Daily_CL',
    binSize: 1440,
    columns: [{ name: 'n', type: 'long' }],
  });
  assert.deepEqual(await get(`${fabrikam}/summaryLogs`, '2025-07-01', inFabrikam), {
    value: [
      {
        properties: {
          ruleType: 'User',
          displayName: 'daily',
          ruleDefinition: {
            query: 'Heartbeat | summarize n = count()',
            binSize: 1440,
            destinationTable: 'Daily_CL',
            timeSelector: 'TimeGenerated',
          },
          provisioningState: 'Succeeded',
          isActive: true,
        },
        id: `${fabrikam}/summaryLogs/daily`,
        name: 'daily',
      },
    ],
  });
  const table = await get<{ properties: { schema: { columns: { name: string }[] } } }>(
    `${fabrikam}/tables/Daily_CL`,
    '2025-07-01',
    inFabrikam,
  );
  assert.deepEqual(
    table.properties.schema.columns.map(({ name }) => name),
    ['TimeGenerated', '_RuleName', '_RuleLastModifiedTime', '_BinSize', '_BinStartTime', 'n'],
  );
});

test('diagnostic settings name a category or a group, on or off, and null for no destination', async () => {
  addDiagnosticSetting(world, {
    resource: fabrikam,
    name: 'audit',
    categoryGroups: ['allLogs'],
    off: ['SummaryLogs'],
    workspace: fabrikam,
  });
  const { value } = await get<{ value: { id: string; properties: Record<string, unknown> }[] }>(
    `${fabrikam}/providers/Microsoft.Insights/diagnosticSettings`,
    '2021-05-01-preview',
    inFabrikam,
  );
  const retentionPolicy = { enabled: false, days: 0 };
  assert.deepEqual(
    [value[0]!.properties['logs'], value[0]!.properties['workspaceId'], value[0]!.properties['storageAccountId']],
    [
      [
        { category: null, categoryGroup: 'allLogs', enabled: true, retentionPolicy },
        { category: 'SummaryLogs', categoryGroup: null, enabled: false, retentionPolicy },
      ],
      fabrikam,
      null,
    ],
  );
});

test('role assignments with their conditions; who comes by Lighthouse is shown none of the customer’s', async () => {
  type Listed = { value: { properties: Record<string, unknown> }[] };
  const condition = "((@Resource[Microsoft.OperationalInsights/workspaces/tables:name] StringEquals 'Heartbeat'))";
  const group = world.guid('group', 'auditors');
  assignRole(world, {
    scope: fabrikam,
    principalId: group,
    principalType: 'Group',
    role: 'Log Analytics Data Reader',
    condition,
  });
  const path = (subscription: string): string =>
    `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleAssignments`;
  const own = await get<Listed>(path(foreign!), '2022-04-01', inFabrikam);
  assert.deepEqual(
    own.value.map(({ properties }) => [
      properties['principalType'],
      properties['condition'],
      properties['conditionVersion'],
    ]),
    [
      ['User', null, null],
      ['User', null, null],
      ['Group', condition, '2.0'],
    ],
  );
  const principalId = world.guid('customer admin');
  assignRole(world, { scope: `/subscriptions/${delegated}`, principalId, role: 'Owner' });
  assert.deepEqual(await get(path(delegated!), '2022-04-01', provider), { value: [] });
});

test('locks of a subscription show those beneath it', async () => {
  addLock(world, { scope: fabrikam, name: 'stay', notes: 'kept' });
  const { value } = await get<{ value: { id: string; properties: object }[] }>(
    `/subscriptions/${foreign}/providers/Microsoft.Authorization/locks`,
    '2020-05-01',
    inFabrikam,
  );
  assert.deepEqual(
    value.map(({ id, properties }) => [id, properties]),
    [[`${fabrikam}/providers/Microsoft.Authorization/locks/stay`, { level: 'CanNotDelete', notes: 'kept' }]],
  );
});

test('Resource Graph: a collection rule is a resource, its associations lie at the machines in another table', async () => {
  const there = { subscription: estate.delegated, resourceGroup: 'rg-vm', location: 'northeurope' };
  const vm = addResource(world, { ...there, type: 'Microsoft.Compute/virtualMachines', name: 'web' });
  const rule = addCollectionRule(world, {
    ...there,
    name: 'dcr',
    streams: ['Microsoft-Perf', 'Custom-App_CL'],
    workspaces: [workspaces.contoso],
    machines: [vm.id],
  });
  const [found] = await graph("resources | where type == 'microsoft.insights/datacollectionrules'", provider);
  const { destinations, dataFlows } = found!['properties'] as Record<string, unknown>;
  assert.deepEqual(
    [found!['id'], found!['tenantId'], found!['location'], destinations, dataFlows],
    [
      rule.id,
      estate.contoso.tenantId,
      'northeurope',
      {
        logAnalytics: [
          {
            workspaceResourceId: workspaceScope(workspaces.contoso),
            workspaceId: workspaces.contoso.properties.customerId,
            name: 'la-1',
          },
        ],
      },
      [
        { streams: ['Microsoft-Perf'], destinations: ['la-1'] },
        { streams: ['Custom-App_CL'], destinations: ['la-1'], transformKql: 'source', outputStream: 'Custom-App_CL' },
      ],
    ],
  );
  const associations = await graph(
    'insightsresources | project id, type, rule = properties.dataCollectionRuleId',
    provider,
  );
  assert.deepEqual(associations, [
    {
      id: `${vm.id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/dcr-association`,
      type: 'microsoft.insights/datacollectionruleassociations',
      rule: rule.id,
    },
  ]);
  assert.deepEqual(await graph('InsightsResources | project id', inFabrikam), [], 'nothing of another tenant');
});

test('Resource Graph: a delegation is an assignment and a definition, which has the authorizations', async () => {
  delegate(world, {
    scope: `/subscriptions/${foreign}/resourceGroups/rg-logs`,
    to: estate.provider,
    offerName: 'Group only',
    authorizations: [{ principalId: estate.reader.objectId, role: 'Reader' }],
    eligible: [{ principalId: estate.reader.objectId, role: 'Contributor' }],
  });
  const query = 'managedservicesresources | order by type asc, id asc | project type, tenantId, properties';
  const reader = (await userToken(emulator, 'reader@provider.example')).access_token;
  const rows = await graph(query, reader);
  assert.deepEqual(
    rows.map(({ type, tenantId }) => [type, tenantId]),
    [
      ['microsoft.managedservices/registrationassignments', estate.fabrikam.tenantId],
      ['microsoft.managedservices/registrationdefinitions', estate.fabrikam.tenantId],
    ],
    'whoever reads the delegated scope sees both',
  );
  const [assignment, definition] = rows.map(({ properties }) => properties as Record<string, unknown>);
  assert.deepEqual(Object.keys(assignment!).sort(), ['provisioningState', 'registrationDefinitionId']);
  assert.deepEqual(
    [definition!['managedByTenantId'], definition!['authorizations'], definition!['eligibleAuthorizations']],
    [
      estate.provider.tenantId,
      [{ principalId: estate.reader.objectId, roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7' }],
      [
        {
          principalId: estate.reader.objectId,
          roleDefinitionId: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
          justInTimeAccessPolicy: { multiFactorAuthProvider: 'Azure', maximumActivationDuration: 'PT8H' },
        },
      ],
    ],
  );
});

test('a delegated role carries no data actions, and one that is eligible allows nothing yet', async () => {
  const workspace = addWorkspace(world, {
    subscription: estate.foreign,
    resourceGroup: 'rg-data',
    name: 'law-data',
    location: 'eastus',
    tables: [{ name: 'Heartbeat', columns: [{ name: 'TimeGenerated', type: 'datetime' }] }],
    properties: { features: { dataAuthorizationMode: 'DataActionsOnly' } },
  });
  delegate(world, {
    scope: workspaceScope(workspace).replace(/\/providers\/.*/, ''),
    to: estate.provider,
    authorizations: [{ principalId: estate.reader.objectId, role: 'Log Analytics Data Reader' }],
    eligible: [{ principalId: estate.reader.objectId, role: 'Contributor' }],
  });
  const token = (await userToken(emulator, 'reader@provider.example')).access_token;
  const at = `${workspaceScope(workspace)}?api-version=2025-07-01`;
  assert.equal((await ask(emulator, at, { token })).status, 200);
  const put = await ask(emulator, at, { token, method: 'PUT', body: { location: 'eastus' } });
  assert.equal(put.status, 403);
});
