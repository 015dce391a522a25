import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPlanner } from '../../../src/core/runs/across/planner.ts';
import type { RemoteLanguage } from '../../../src/kql/across/remoteLanguage.ts';
import { GRAPH_LANGUAGE, GRAPH_ROWS } from '../../../src/kql/graph/graphLanguage.ts';
import { GRAPH_TABLES, findGraphTable, graphSchema } from '../../../src/kql/graph/graphTables.ts';

/** What every tenant is sent for a query, and what is made of it here. */
async function planOf(query: string, language: RemoteLanguage = GRAPH_LANGUAGE) {
  const schema = graphSchema(['Resources']);
  const { plan, text } = (await loadPlanner())(query, [schema], { now: 638_000_000_000_000_000n, language });
  return { sent: plan.parts.map((part) => text(part, schema)), local: plan.local, columns: plan.columns };
}

test('rows come with their id and in its order, so that every page of them can be had', async () => {
  const { sent, local, columns } = await planOf('resources | project name');
  assert.deepEqual(sent, [
    `resources
| project _Subscription = subscriptionId, name, id
| project name, _Subscription, id
| project _Subscription, name, id
| sort by id asc`,
  ]);
  assert.equal(local, undefined, 'they are the answer as they come, and their key is left behind');
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['_Customer', '_Tenant', '_Subscription', 'name'],
  );
});

test('rows that keep their id are the answer as they come', async () => {
  const { sent, local } = await planOf("Resources | where type == 'a' | project id, name");
  assert.equal(local, undefined);
  assert.match(sent[0]!, /^Resources\n/);
  assert.match(sent[0]!, /\| sort by id asc$/);
});

test('groups are counted there, and made one here', async () => {
  const { sent, local } = await planOf('resources | summarize n = count() by type');
  assert.deepEqual(sent, ['resources\n| project type\n| summarize n = count() by type']);
  assert.match(local ?? '', /summarize n = sum\(n\) by type$/);
});

test('where the groups of somebody were too many for a page, rows are collected and grouped here', async () => {
  const { sent, local } = await planOf('resources | summarize n = count() by type', GRAPH_ROWS);
  assert.deepEqual(sent, ['resources\n| project type, id\n| sort by id asc']);
  assert.match(local ?? '', /summarize n = count\(\) by type$/);
});

test('what Resource Graph has not, or has less of, is done here: let, mv-expand, kinds of join, unions, functions', async () => {
  for (const query of [
    "let t = 'x'; resources | where type == t | mv-expand zones",
    'resources | join kind=leftanti (resourcecontainers | project subscriptionId) on subscriptionId',
    'resources | union resourcecontainers | summarize count() by type',
    'resources | extend p = parse_path(id) | project p',
    'resources | summarize percentile(strlen(name), 50) by kind',
    'resources | where name in ((resourcecontainers | project name))',
    'resources | make-series count() on todatetime(properties.created) step 1d by type',
  ]) {
    const { sent } = await planOf(query);
    for (const text of sent)
      assert.doesNotMatch(text!, /\b(let|mv-expand|join|union|parse_path|percentile\(|make-series|in \()/);
  }
});

test('the name of a subscription is asked for as its id, and looked at here alone', async () => {
  const counted = await planOf('resources | summarize count() by _Subscription');
  assert.deepEqual(counted.sent, [
    'resources\n| project _Subscription = subscriptionId\n| summarize count_ = count() by _Subscription',
  ]);
  const filtered = await planOf("resources | where _Subscription == 'Prod' | project name");
  assert.doesNotMatch(filtered.sent[0]!, /Prod/);
  assert.match(filtered.local!, /where _Subscription == "Prod"/);
  const renamed = await planOf('resources | project s = _Subscription | distinct s');
  assert.match(renamed.sent[0]!, /project _Subscription = subscriptionId, id/);
});

test('tables are known in any case', () => {
  assert.equal(findGraphTable('RESOURCES')?.name, 'Resources');
  assert.equal(findGraphTable('Heartbeat'), undefined);
  assert.ok(GRAPH_TABLES.length > 40);
  assert.equal(graphSchema(['Resources', 'T']), graphSchema(['Resources']), 'the same object for the same spellings');
});
