import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addServicePrincipal, assignRole, delegate } from '../../../src/emulator/populate.ts';
import { ROLES } from '../../../src/emulator/roles.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { appToken, ask, smallEstate, startSmall, userToken } from './smallEstate.ts';
import type { RawAnswer, SmallEstate } from './smallEstate.ts';

const MONITOR = 'https://monitor.azure.com/.default';
const LOGS = 'https://api.loganalytics.io/.default';
const PUBLISHER = '3913510d-42f4-4e42-8a64-420c390055eb';
const BEATS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Who', type: 'string' },
  { name: 'N', type: 'long' },
];
const DELAY_MS = 60_000;

let estate: SmallEstate;
let emulator: Emulator;
let owner: string;
let sender: string;
let immutableId: string;
const clock = new EmulatedClock(Date.UTC(2026, 0, 31, 12), true);

const group = (): string => `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-logs`;
const workspace = (): string => workspaceScope(estate.workspaces.provider);
const ruleAt = (name: string): string =>
  `${group()}/providers/Microsoft.Insights/dataCollectionRules/${name}?api-version=2024-03-11`;

interface Rule {
  readonly kind?: string;
  readonly properties: {
    readonly immutableId: string;
    readonly endpoints?: { readonly logsIngestion: string };
    readonly destinations: { readonly logAnalytics: readonly { readonly workspaceId: string }[] };
  };
}

function rule(more: { readonly kind?: string; readonly transformKql?: string; readonly outputStream?: string } = {}) {
  return {
    location: 'westeurope',
    ...('kind' in more ? { kind: more.kind } : { kind: 'Direct' }),
    properties: {
      streamDeclarations: { 'Custom-Beats_CL': { columns: BEATS } },
      destinations: { logAnalytics: [{ workspaceResourceId: workspace(), name: 'centre' }] },
      dataFlows: [
        {
          streams: ['Custom-Beats_CL'],
          destinations: ['centre'],
          transformKql: more.transformKql ?? 'source',
          outputStream: more.outputStream ?? 'Custom-Beats_CL',
        },
      ],
    },
  };
}

const put = (path: string, body: object, token = owner): Promise<RawAnswer> =>
  ask(emulator, path, { method: 'PUT', token, body });

function send(rows: unknown, more: { token?: string; stream?: string; headers?: Record<string, string> } = {}) {
  const { token = sender, stream = 'Custom-Beats_CL', headers = {} } = more;
  const path = `/dataCollectionRules/${immutableId}/streams/${stream}?api-version=2023-01-01`;
  const body = typeof rows === 'string' ? rows : JSON.stringify(rows);
  return ask(emulator, path, {
    method: 'POST',
    token,
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

async function rowsOf(query: string): Promise<unknown[][]> {
  const token = await appToken(emulator, estate, estate.provider, LOGS);
  const { customerId } = estate.workspaces.provider.properties;
  const answer = await ask(emulator, `/v1/workspaces/${customerId}/query`, {
    method: 'POST',
    token,
    headers: { 'cache-control': 'no-cache' },
    body: { query },
  });
  return answer.text === '' ? [] : answer.json<{ tables: [{ rows: unknown[][] }] }>().tables[0].rows;
}

function refusal(answer: RawAnswer): [number, string] {
  return [answer.status, answer.json<{ error: { code: string } }>().error.code];
}

function detail(answer: RawAnswer): string {
  const { error } = answer.json<{ error: { details: [{ code: string; message: string }] } }>();
  return `${error.details[0].code}: ${error.details[0].message}`;
}

before(async () => {
  estate = smallEstate(clock);
  const home = `/subscriptions/${estate.home.subscriptionId}`;
  assignRole(estate.world, { scope: home, principalId: estate.reader.objectId, role: 'Owner' });
  emulator = await startSmall(estate, { ingestionDelayMs: DELAY_MS });
  owner = (await userToken(emulator, 'reader@provider.example')).access_token;
  const table = `${workspace()}/tables/Beats_CL?api-version=2025-07-01`;
  const made = await put(table, { properties: { schema: { name: 'Beats_CL', columns: BEATS } } });
  assert.equal(made.status, 202);
  const created = await put(ruleAt('beats'), rule());
  assert.equal(created.status, 201, created.text);
  ({ immutableId } = created.json<Rule>().properties);
  sender = await appToken(emulator, estate, estate.provider, MONITOR);
});
after(() => emulator.close());

test('a rule has an address only if it was made as Direct, and keeps it and its id', async () => {
  const first = (await ask(emulator, ruleAt('beats'), { token: owner })).json<Rule>();
  assert.match(first.properties.immutableId, /^dcr-[\da-f]{32}$/);
  assert.equal(first.properties.endpoints?.logsIngestion, emulator.url);
  const { customerId } = estate.workspaces.provider.properties;
  assert.equal(first.properties.destinations.logAnalytics[0]?.workspaceId, customerId);
  const again = await put(ruleAt('beats'), rule({ transformKql: 'source | extend TimeGenerated = now()' }));
  assert.deepEqual([again.status, again.json<Rule>().properties.immutableId], [200, immutableId]);
  assert.equal((await put(ruleAt('machines'), rule({ kind: 'Linux' }))).status, 201);
  const later = (await put(ruleAt('machines'), rule())).json<Rule>();
  assert.deepEqual([later.kind, later.properties.endpoints], ['Linux', undefined]);
});

test('a rule is refused with what is wrong with it', async () => {
  for (const [more, what] of [
    [{ outputStream: 'Custom-None_CL' }, /^InvalidOutputTable: Table for output stream 'Custom-None_CL' is not/],
    [{ transformKql: 'source | project Who' }, /^InvalidTransformOutput: .*'TimeGenerated'/],
    [{ transformKql: 'source | extend N = Who' }, /^InvalidTransformOutput: .*N \[produced:'string', output:'long'\]/],
    [{ transformKql: 'source | extend N = None' }, /^InvalidTransformQuery: The name 'None' does not refer/],
    [{ transformKql: 'source | summarize count()' }, /^InvalidTransformQuery: The emulator runs extend and project/],
    [{ transformKql: 'source | extend N = hash(Who)' }, /^InvalidTransformQuery: The emulator runs columns, now\(\)/],
  ] as const) {
    const answer = await put(ruleAt('wrong'), rule(more));
    assert.deepEqual(refusal(answer), [400, 'InvalidPayload']);
    assert.match(detail(answer), what);
  }
  const columns = [...BEATS, { name: '_Mine', type: 'string' }];
  const table = await put(`${workspace()}/tables/Mine_CL?api-version=2025-07-01`, {
    properties: { schema: { name: 'Mine_CL', columns } },
  });
  assert.deepEqual(refusal(table), [400, 'InvalidParameter']);
});

test('rows come with the role alone: not without it, not with Owner, not through a delegation', async () => {
  const denied = await send([{ Who: 'a' }]);
  assert.deepEqual(refusal(denied), [403, 'OperationFailed']);
  assert.match(denied.text, /does not have access to ingest data.*AccessGranted: False, IsRbacPresent: False/);
  const ownerToken = (await userToken(emulator, 'reader@provider.example', 'organizations', MONITOR)).access_token;
  assert.equal((await send([{ Who: 'a' }], { token: ownerToken })).status, 403);
  assert.equal((await send([{ Who: 'a' }], { token: owner })).status, 401, 'a token for another service');
  const scope = ruleAt('beats').replace(/\?.*/, '');
  const roles = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const roleDefinitionId = `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${PUBLISHER}`;
  const principalId = estate.app.objectId;
  const assignment = (id: string): string => `${roles}/${id}?api-version=2022-04-01`;
  const id = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
  const body = { properties: { roleDefinitionId, principalId } };
  assert.equal((await put(assignment(id), body)).status, 201);
  assert.equal((await put(assignment(id), body)).status, 200);
  assert.deepEqual(refusal(await put(assignment(id.replace(/1$/, '2')), body)), [409, 'RoleAssignmentExists']);
  const nobody = { properties: { roleDefinitionId, principalId: '3f2504e0-4f89-11d3-9a0c-0305e82c3309' } };
  assert.deepEqual(refusal(await put(assignment(id.replace(/1$/, '3')), nobody)), [400, 'PrincipalNotFound']);
  assert.equal((await send([{ Who: 'first', N: 1 }])).status, 204);
  // The provider gives no roles in the customer's subscription, whatever the delegation gives it.
  const delegated = `/subscriptions/${estate.delegated.subscriptionId}`;
  delegate(estate.world, {
    scope: delegated,
    to: estate.provider,
    authorizations: [{ principalId: estate.reader.objectId, role: 'User Access Administrator' }],
  });
  const foreign = await put(
    `${delegated}/providers/Microsoft.Authorization/roleAssignments/${id}?api-version=2022-04-01`,
    body,
  );
  assert.deepEqual(refusal(foreign), [403, 'AuthorizationFailed']);
  assert.match(foreign.text, /has an authorization with ABAC condition that is not fulfilled to perform action/);
  // Managed identities get what the offer names, where it is said whose identity it is: no role on data is among that.
  const identity = addServicePrincipal(estate.world, { tenant: estate.contoso, name: 'alert-rule' });
  identity.secrets = [];
  const authorization = estate.world.delegations.at(-1)!.authorizations[0]!;
  authorization.delegatedRoleDefinitionIds = [ROLES['Log Analytics Reader'].id];
  const give = async (role: string, more: object) =>
    (
      await put(`${delegated}/providers/Microsoft.Authorization/roleAssignments/${id}?api-version=2022-04-01`, {
        properties: {
          roleDefinitionId: roleDefinitionId.replace(PUBLISHER, role),
          principalId: identity.objectId,
          principalType: 'ServicePrincipal',
          ...more,
        },
      })
    ).status;
  const whose = { delegatedManagedIdentityResourceId: `${delegated}/resourceGroups/r/providers/a/b/c` };
  assert.equal(await give(ROLES['Log Analytics Reader'].id, {}), 403);
  assert.equal(await give(PUBLISHER, whose), 403);
  assert.equal(await give(ROLES['Log Analytics Reader'].id, whose), 201);
});

test('rows are seen after a while, with the columns that the table has', async () => {
  clock.advance(DELAY_MS);
  assert.equal(
    (
      await send([
        { Who: 'second', N: 2, None: 'dropped' },
        { Who: 'third', N: 'no number' },
      ])
    ).status,
    204,
  );
  assert.deepEqual(await rowsOf('Beats_CL | project Who, N | sort by Who asc'), [['first', 1]]);
  clock.advance(DELAY_MS);
  assert.deepEqual(await rowsOf('Beats_CL | project Who, N | sort by Who asc'), [
    ['first', 1],
    ['second', 2],
    ['third', null],
  ]);
  assert.deepEqual(await rowsOf('Beats_CL | where Who == "second" | project TimeGenerated, Type'), [
    ['2026-01-31T12:01:00Z', 'Beats_CL'],
  ]);
});

test('a request is refused as the service does', async () => {
  const answers: [Promise<RawAnswer>, number, string][] = [
    [send('{'), 400, 'InvalidPayload'],
    [send({ Who: 'no list' }), 400, 'InvalidPayload'],
    [send([{}], { stream: 'Custom-None_CL' }), 404, 'InvalidStream'],
    [send([{ Who: 'x'.repeat(1_100_000) }]), 413, 'ContentLengthLimitExceeded'],
    [
      ask(emulator, `/dataCollectionRules/dcr-0/streams/Custom-Beats_CL?api-version=2023-01-01`, {
        method: 'POST',
        token: sender,
        body: '[]',
      }),
      404,
      'NotFound',
    ],
  ];
  for (const [answer, status, code] of answers) {
    const given = await answer;
    assert.deepEqual([...refusal(given), given.headers['x-ms-error-code']], [status, code, code]);
  }
  const http = new NodeHttpClient({ ca: emulator.ca });
  const unpacked = await http.sendRequest(
    createPipelineRequest({
      url: `${emulator.url}/dataCollectionRules/${immutableId}/streams/Custom-Beats_CL?api-version=2023-01-01`,
      method: 'POST',
      body: gzipSync(JSON.stringify([{ Who: 'x'.repeat(1_100_000) }])),
      headers: createHttpHeaders({ authorization: `Bearer ${sender}`, 'content-encoding': 'gzip' }),
    }),
  );
  assert.equal(unpacked.status, 413, 'what it is unpacked counts, too');
  http.dispose();
});

test('deleting rows takes filters that all fit, and ten requests an hour', async () => {
  const at = `${workspace()}/tables/Beats_CL/deleteData?api-version=2023-09-01`;
  const post = (filters: readonly object[]): Promise<RawAnswer> =>
    ask(emulator, at, { method: 'POST', token: owner, body: { filters } });
  assert.equal((await post([])).status, 400);
  assert.equal((await post([{ column: 'Who', operator: 'contains', value: 'x' }])).status, 400);
  const before_ = { column: 'TimeGenerated', operator: '<', value: '2026-01-31T12:00:30Z' };
  assert.equal((await post([{ column: 'Who', operator: '==', value: 'second' }, before_])).status, 202);
  assert.equal((await rowsOf('Beats_CL')).length, 3, 'both filters fit none');
  assert.equal((await post([before_])).status, 202);
  assert.deepEqual(await rowsOf('Beats_CL | project Who | sort by Who asc'), [['second'], ['third']]);
  for (let i = 0; i < 8; i++) assert.equal((await post([before_])).status, 202);
  const throttled = await post([before_]);
  assert.deepEqual([throttled.status, throttled.headers['retry-after']], [429, '3600']);
});
