import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GraphClient } from '../../../src/azure/graph/graphClient.ts';
import { ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addResourceGroup } from '../../../src/emulator/populate.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { GraphPort } from '../../../src/ports/graph.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';
import { connect } from './connect.ts';
import type { Connection } from './connect.ts';

/** Runs' questions to Resource Graph through Microsoft's SDK, answered by the emulator. */
/** More than two pages of them. */
const GROUPS = 2_100;
let estate: SmallEstate;
let emulator: Emulator;
let connection: Connection;
let graph: GraphPort;

before(async () => {
  estate = smallEstate();
  for (let n = 0; n < GROUPS; n++)
    addResourceGroup(estate.world, {
      subscription: estate.delegated,
      name: `rg-${String(n).padStart(4, '0')}`,
      location: 'westeurope',
    });
  emulator = await startSmall(estate);
  connection = connect(
    emulator,
    new ClientSecretTokens(emulator.cloud, {
      tenantId: estate.provider.tenantId,
      clientId: estate.app.appId!,
      clientSecret: 'secret',
    }),
  );
  graph = new GraphClient(connection.clients);
});
after(async () => {
  connection.dispose();
  await emulator.close();
});

/** What the delegated subscription, or another one, answers to the provider's own token. */
function ask(query: string, subscription = estate.delegated.subscriptionId) {
  const issuer = { account: toAccountId('sp'), tenant: toTenantId(estate.provider.tenantId) };
  return graph.query({ issuer, subscriptions: [toSubscriptionId(subscription)], query }, NEVER);
}
const NAMES = `resourcecontainers | where type endswith 'resourcegroups' | project id, name | order by id asc`;

test('every page of an answer is had, in its order', async () => {
  emulator.calls.clear();
  const { tables, partial, bytes } = await ask(NAMES);
  const [{ rows, columns } = assert.fail()] = tables;
  assert.equal(partial, undefined);
  assert.ok(Array.isArray(rows) && rows.length > GROUPS && bytes > 100_000);
  assert.deepEqual(columns, [
    { name: 'id', type: 'string' },
    { name: 'name', type: 'string' },
  ]);
  assert.equal(new Set(rows.map(([id]) => id)).size, rows.length);
  assert.equal(emulator.calls.list().filter(({ path }) => path.includes('ResourceGraph')).length, 3);
});

test('a request names the subscriptions it is about, and none else answers', async () => {
  const mine = await ask('resources | distinct subscriptionId');
  assert.deepEqual(mine.tables[0]!.rows, [[estate.delegated.subscriptionId]]);
  const foreign = ask('resources', estate.foreign.subscriptionId);
  await assert.rejects(foreign, { code: 'access.denied', message: /none of the subscriptions/ });
});

test('rows without their id end with the first page, and that is said with the way out', async () => {
  const { tables, partial } = await ask(`resourcecontainers | where type endswith 'resourcegroups' | project name`);
  assert.equal(tables[0]!.rows.length, 1_000);
  assert.equal(partial?.code, 'query.truncated');
  assert.equal(partial.data?.['unpaged'], true);
  assert.match(partial.message, /first 1,000 of 2,1\d\d rows.*Keep the column id/);
});

test('values are what they are: dynamics as their JSON, numbers and times as theirs', async () => {
  const { tables } = await ask(
    `Resources | where type =~ 'microsoft.operationalinsights/workspaces' | project name, tags, retention = toint(properties.retentionInDays), cap = todouble(1.5), at = datetime(2024-05-01)`,
  );
  assert.deepEqual(
    tables[0]!.columns.map(({ type }) => type),
    ['string', 'dynamic', 'long', 'real', 'datetime'],
  );
  assert.deepEqual((tables[0]!.rows as unknown[][])[0]!.slice(0, 4), ['law-contoso', '{}', 30, 1.5]);
});

test('published tables that hold nothing answer nothing; others are refused by name', async () => {
  assert.deepEqual((await ask('SecurityResources | project id')).tables[0]!.rows, []);
  await assert.rejects(ask('Heartbeat'), { code: 'query.semantic', message: /Resource Graph: .*Heartbeat/ });
});

test('what Resource Graph has not of KQL is refused, with its reason', async () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['resources | join kind=leftanti (resourcecontainers) on subscriptionId', 'query.semantic', /join kind/],
    ["let t = 'x'; resources | where type == t", 'query.syntax', /cannot read the query/],
    ['resources | make-series count() on now() step 1d', 'query.syntax', /cannot read the query/],
    [
      'resources | union resources | union resources | union resources | union resources',
      'query.semantic',
      /more than the 3 joins/,
    ],
  ];
  for (const [query, code, message] of refused) await assert.rejects(ask(query), { code, message }, query);
});

test('the quota that answers tell is kept: many questions are answered, one window after the other', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('resources | count')));
  assert.equal(answers.filter(({ partial }) => partial === undefined).length, 20);
});
