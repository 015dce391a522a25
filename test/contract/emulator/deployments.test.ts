import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { findWorkspace } from '../../../src/emulator/lookup.ts';
import { appToken, ask, smallEstate, startSmall, userToken, type RawAnswer, type SmallEstate } from './smallEstate.ts';

let estate: SmallEstate;
let emulator: Emulator;
let token: string;

before(async () => {
  estate = smallEstate();
  emulator = await startSmall(estate);
  token = await appToken(emulator, estate, estate.provider);
});
after(() => emulator.close());

const WORKSPACE = {
  type: 'Microsoft.OperationalInsights/workspaces',
  apiVersion: '2025-07-01',
  name: "[parameters('name')]",
  location: "[variables('location')]",
  tags: "[union(parameters('tags'), createObject('made', 'here'))]",
  properties: {
    sku: { name: 'PerGB2018' },
    retentionInDays: "[if(parameters('long'), 365, 30)]",
    workspaceCapping: { dailyQuotaGb: -1 },
  },
};

const TEMPLATE = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    name: { type: 'string', defaultValue: "[format('law-{0}', toLower(resourceGroup().name))]" },
    long: { type: 'bool', defaultValue: false },
    tags: { type: 'object', defaultValue: {} },
  },
  variables: { location: '[resourceGroup().location]' },
  resources: [
    {
      type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
      apiVersion: '2025-07-01',
      name: "[concat(parameters('name'), '/late')]",
      dependsOn: ["[resourceId('Microsoft.OperationalInsights/workspaces', parameters('name'))]"],
      properties: { category: 'Agents', displayName: 'Late', query: 'Heartbeat | count' },
    },
    WORKSPACE,
    { ...WORKSPACE, condition: '[equals(1, 2)]', name: 'law-never' },
  ],
  outputs: {
    workspaceId: {
      type: 'string',
      value: "[reference(resourceId('Microsoft.OperationalInsights/workspaces', parameters('name'))).customerId]",
    },
  },
};

const at = (name: string, verb = '', group = 'rg-logs'): string =>
  `/subscriptions/${estate.home.subscriptionId}/resourceGroups/${group}/providers/Microsoft.Resources/deployments/${name}${verb}?api-version=2025-04-01`;

function deploy(name: string, template: object, parameters: object = {}): Promise<RawAnswer> {
  return ask(emulator, at(name), {
    token,
    method: 'PUT',
    body: { properties: { mode: 'Incremental', template, parameters } },
  });
}

type Deployment = {
  properties: {
    provisioningState: string;
    outputs?: Record<string, { value: unknown }>;
    error?: { code: string; details: { code: string; message: string }[] };
  };
};
const read = async (name: string): Promise<Deployment['properties']> =>
  (await ask(emulator, at(name), { token })).json<Deployment>().properties;

test('a template makes a workspace and what hangs on it, in the order of its dependencies', async () => {
  const accepted = await deploy('first', TEMPLATE, { tags: { value: { team: 'a' } }, long: { value: true } });
  assert.equal(accepted.status, 201);
  assert.match(String(accepted.headers['azure-asyncoperation']), /deployments\/first\/operationStatuses\//);
  const done = await read('first');
  const workspace = findWorkspace(estate.world, estate.home.subscriptionId, 'rg-logs', 'law-rg-logs')!;
  assert.deepEqual(
    [done.provisioningState, done.outputs?.['workspaceId']?.value],
    ['Succeeded', workspace.properties.customerId],
  );
  assert.deepEqual(
    [workspace.location, workspace.properties.retentionInDays, workspace.tags, workspace.savedSearches.size],
    ['westeurope', 365, { team: 'a', made: 'here' }, 1],
  );
  assert.equal(findWorkspace(estate.world, estate.home.subscriptionId, 'rg-logs', 'law-never'), undefined);
  const operations = (await ask(emulator, at('first', '/operations'), { token })).json<{
    value: { properties: { targetResource: { resourceType: string } } }[];
  }>();
  assert.deepEqual(
    operations.value.map(({ properties }) => properties.targetResource.resourceType),
    ['Microsoft.OperationalInsights/workspaces', 'Microsoft.OperationalInsights/workspaces/savedSearches'],
  );
});

test("the body that Azure's own CLI sends is read: an unquoted name, and the template's text with its comments", async () => {
  const template = JSON.stringify({ ...TEMPLATE, outputs: {} }, null, 2).replace(
    '"contentVersion"',
    '// who wrote it, and why\n  /* and\n     more */ "contentVersion"',
  );
  const properties = JSON.stringify({
    properties: { parameters: { name: { value: 'law-by-cli' } }, mode: 'incremental' },
  });
  const body = `${properties.slice(0, -2)}, template:${template}}}`;
  assert.throws(() => JSON.parse(body), 'it is no JSON');
  const answer = await ask(emulator, at('cli'), { token, method: 'PUT', body });
  assert.equal(answer.status, 201, answer.text);
  assert.ok(findWorkspace(estate.world, estate.home.subscriptionId, 'rg-logs', 'law-by-cli'));
});

test('validate and what-if deploy nothing', async () => {
  const body = {
    properties: { mode: 'Incremental', template: TEMPLATE, parameters: { name: { value: 'law-planned' } } },
  };
  const valid = await ask(emulator, at('dry', '/validate'), { token, method: 'POST', body });
  assert.deepEqual([valid.status, valid.json<Deployment>().properties.provisioningState], [200, 'Succeeded']);
  const what = (await ask(emulator, at('dry', '/whatIf'), { token, method: 'POST', body })).json<{
    properties: { changes: { changeType: string; resourceId: string }[] };
  }>();
  assert.deepEqual(
    what.properties.changes.map(({ changeType, resourceId }) => [changeType, resourceId.split('/').at(-1)]),
    [
      ['Create', 'law-planned'],
      ['Create', 'late'],
    ],
  );
  assert.equal(findWorkspace(estate.world, estate.home.subscriptionId, 'rg-logs', 'law-planned'), undefined);
});

test('a template with a mistake is refused before anything happens', async () => {
  const refused = async (template: object, parameters = {}): Promise<string> => {
    const answer = await deploy('bad', template, parameters);
    assert.equal(answer.status, 400);
    return answer.text;
  };
  assert.match(await refused(TEMPLATE, { nme: { value: 'x' } }), /do not correspond to any parameters.*'nme'/);
  assert.match(
    await refused({ ...TEMPLATE, variables: { location: "[pickZones('a', 'b')]" } }),
    /template function 'pickZones' is not one the emulator evaluates/,
  );
  assert.match(
    await refused({ resources: [{ type: 'Microsoft.Storage/storageAccounts', apiVersion: '2023-01-01', name: 'x' }] }),
    /does not deploy resources of type 'Microsoft.Storage/,
  );
  assert.match(
    await refused({
      resources: [
        { ...WORKSPACE, name: 'a-name', location: 'x', tags: {}, properties: {}, copy: { name: 'c', count: 2 } },
      ],
    }),
    /'copy' loops/,
  );
  assert.match(await refused(TEMPLATE, { long: { value: 'yes' } }), /Expected a value of type 'bool'/);
});

test('a deployment that fails half-way keeps what came before and says what failed', async () => {
  const two = {
    resources: [
      { ...WORKSPACE, name: 'law-made', location: 'westeurope', tags: {}, properties: {} },
      {
        ...WORKSPACE,
        name: 'law-refused',
        location: 'westeurope',
        tags: {},
        properties: { retentionInDays: 9 },
        dependsOn: ['law-made'],
      },
    ],
  };
  const accepted = await deploy('half', two);
  assert.equal(accepted.status, 201);
  const status = (await ask(emulator, String(accepted.headers['azure-asyncoperation']), { token })).json<{
    status: string;
    error: { code: string };
  }>();
  assert.deepEqual([status.status, status.error.code], ['Failed', 'DeploymentFailed']);
  const failed = await read('half');
  assert.match(failed.error!.details[0]!.message, /SKU limits/);
  assert.ok(findWorkspace(estate.world, estate.home.subscriptionId, 'rg-logs', 'law-made'));
  assert.equal(findWorkspace(estate.world, estate.home.subscriptionId, 'rg-logs', 'law-refused'), undefined);
});

test('at a subscription: a new group, and the workspace in a nested deployment', async () => {
  const template = {
    parameters: { group: { type: 'string' } },
    resources: [
      {
        type: 'Microsoft.Resources/resourceGroups',
        apiVersion: '2025-04-01',
        name: "[parameters('group')]",
        location: '[deployment().location]',
      },
      {
        type: 'Microsoft.Resources/deployments',
        apiVersion: '2025-04-01',
        name: 'inner',
        resourceGroup: "[parameters('group')]",
        dependsOn: [
          "[subscriptionResourceId('Microsoft.Resources/resourceGroups', parameters('group'))]",
          "[parameters('group')]",
        ],
        properties: {
          mode: 'Incremental',
          expressionEvaluationOptions: { scope: 'inner' },
          parameters: { name: { value: "[concat('law-', parameters('group'))]" } },
          template: {
            parameters: { name: { type: 'string' } },
            resources: [{ ...WORKSPACE, location: '[resourceGroup().location]', tags: {}, properties: {} }],
          },
        },
      },
    ],
  };
  const path = `/subscriptions/${estate.home.subscriptionId}/providers/Microsoft.Resources/deployments/whole?api-version=2025-04-01`;
  const answer = await ask(emulator, path, {
    token,
    method: 'PUT',
    body: {
      location: 'swedencentral',
      properties: { mode: 'Incremental', template, parameters: { group: { value: 'rg-new' } } },
    },
  });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(
    findWorkspace(estate.world, estate.home.subscriptionId, 'rg-new', 'law-rg-new')?.location,
    'swedencentral',
  );
});

test('a reader cannot deploy', async () => {
  const reader = (await userToken(emulator, 'reader@provider.example')).access_token;
  const answer = await ask(emulator, at('mine'), {
    token: reader,
    method: 'PUT',
    body: { properties: { mode: 'Incremental', template: TEMPLATE } },
  });
  assert.equal(answer.status, 403);
});
