import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import type { CancelSignal } from '../../../src/base/cancel.ts';
import { loadPlanner } from '../../../src/core/runs/across/planner.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import type { Estate, Subscription } from '../../../src/model/estate.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { RunRequest } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { GraphPort, GraphQuestion } from '../../../src/ports/graph.ts';
import type { LogsAnswer } from '../../../src/ports/logs.ts';
import { ACCOUNT, answer, estateOf, failure, runWorld, targetStates } from './world.ts';

/** Loaded before time is ours. */
const PLANNER = await loadPlanner();
const GRAPH = '// @source resource-graph\n';

/** Customers with a tenant each, of which the first has two subscriptions and every other one. */
function estateWith(tenants: number): Estate {
  const estate = estateOf(tenants);
  const path = { kind: 'lighthouse', account: ACCOUNT, issuer: toTenantId('home') } as const;
  const subscriptions = estate.workspaces.flatMap(({ tenant, customer }, i): Subscription[] =>
    (i === 0 ? ['a', 'b'] : ['a']).map((part) => ({
      id: toSubscriptionId(`s${i + 1}${part}`),
      name: `Subscription ${i + 1}${part}`,
      tenant,
      customer,
      paths: [path],
    })),
  );
  return { ...estate, workspaces: [], subscriptions };
}

type Script = (question: GraphQuestion, attempt: number) => LogsAnswer | AppError;

/** Runs over a Resource Graph that answers by `script`; `across` with the planner itself. */
function graphWorld(script: Script, tenants = 2) {
  const asked: GraphQuestion[] = [];
  const graph: GraphPort = {
    query: async (question: GraphQuestion, _signal: CancelSignal) => {
      asked.push(question);
      await world.clock.sleep(10);
      const told = script(question, asked.filter(({ subscriptions: [of] }) => of === question.subscriptions[0]).length);
      if (told instanceof AppError) throw told;
      return told;
    },
  };
  const schemas = { forget: () => undefined, ofWorkspaces: async () => new Map() };
  const world = runWorld(() => failure('bug.asked'), estateWith(tenants), {
    graph,
    readQuery: analyzeQuery,
    across: { schemas, planner: async () => PLANNER },
  });
  const combined: { readonly text: string; readonly rows: number }[] = [];
  world.store.combined = (text, tables) => {
    const rows = Object.values(tables).flat();
    combined.push({ text, rows: rows.length });
    return { columns: [{ name: 'n', type: 'long' }], rows: [[rows.length]] };
  };
  const ask = async (query: string, more: Partial<RunRequest> = {}) => {
    const request = { query, scope: EVERYTHING, timeRange: { kind: 'last', minutes: 60 }, ...more } as const;
    const { id } = await world.service.start(request);
    return world.clock.run(world.service.ended(id));
  };
  return { ...world, asked, combined, ask };
}
const ROWS = answer(['_Subscription:string', 'id:string'], [['S1A', '/subscriptions/s1a/x']]);
const BY_ID = `${GRAPH}resources | project id`;

test('a query headed by the line asks Resource Graph, once for each tenant of the scope, and no workspace', async () => {
  const world = graphWorld(() => ROWS);
  const run = await world.ask(BY_ID);
  assert.deepEqual([run.source, run.timeRange, run.answer], ['resourceGraph', { kind: 'inQuery' }, 'across']);
  assert.deepEqual(
    world.asked.map(({ subscriptions, issuer }) => [subscriptions, issuer.tenant]),
    [
      [['s1a', 's1b'], 'home'],
      [['s2a'], 'home'],
    ],
    'no request names subscriptions of two customers',
  );
  assert.deepEqual(targetStates(run), ['2 subscriptions answered', 'Subscription 2a answered']);
  assert.equal(run.completeness.sentence, '2 of 2 tenants answered');
  assert.equal(world.logs.asked.length, 0);
});

test('rows have the name of their subscription, whichever text asked for them', async () => {
  const world = graphWorld(({ query }) =>
    query.includes('count')
      ? answer(['subscriptionId:string', 'n:long'], [['S1A', 1]])
      : answer(['name:string', '_Subscription:string', 'id:string'], [['x', 'S1A', '/1']]),
  );
  const rowsOf = (id: string) => [...world.store.rows.get(id)!.values()];
  const across = await world.ask(`${GRAPH}resources | project name`);
  assert.match(world.asked[0]!.query, /, id\n\| sort by id asc$/);
  assert.deepEqual(rowsOf(across.id)[0]!.rows[0], ['x', 'Subscription 1a'], 'without the key of their pages');
  const own = await world.ask(`${GRAPH}resources | count`, { answer: 'perWorkspace' });
  assert.deepEqual(
    rowsOf(own.id)[0]!.columns.map(({ name }) => name),
    ['_Subscription', 'subscriptionId', 'n'],
  );
  assert.match(own.perWorkspaceNote!.sentence, /tenant/);
  assert.doesNotMatch(own.perWorkspaceNote!.sentence, /workspace/);
});

test('the caller may say it in place of the line; a line that names nothing known is refused with its place', async () => {
  const world = graphWorld(() => ROWS);
  assert.equal((await world.ask('resources | project id', { source: 'resourceGraph' })).source, 'resourceGraph');
  await assert.rejects(world.ask('// @source graph\nresources'), ({ code, data }: AppError) => {
    assert.deepEqual([code, data?.['start'], data?.['length'], data?.['line']], ['input.sourceLine', 11, 5, 1]);
    return true;
  });
  await assert.rejects(world.ask(`${GRAPH}union * | count`), { code: 'query.unsupported', message: /name the tables/ });
});

test('a tenant that fails is missing by name, and is asked again alone', async () => {
  const world = graphWorld(({ subscriptions: [first] }, attempt) =>
    first === 's2a' && attempt === 1 ? failure('access.denied') : ROWS,
  );
  const run = await world.ask(BY_ID);
  assert.deepEqual(targetStates(run), ['2 subscriptions answered', 'Subscription 2a failed']);
  assert.match(run.completeness.sentence, /^1 of 2 tenants answered, 1 no access$/);
  assert.deepEqual(run.completeness.missing[0]?.subscriptions, ['subscriptions:t2:s2a']);
  world.service.retry(run.id);
  const again = await world.clock.run(world.service.ended(run.id));
  assert.equal(again.completeness.complete, true);
  assert.equal(world.asked.length, 3);
});

test('groups that did not fit into their page are asked for as rows, by everybody, and grouped here', async () => {
  const partial = failure('query.truncated', 'Cut.', false, { unpaged: true }).toData();
  const world = graphWorld(({ query, subscriptions: [first] }) =>
    query.includes('summarize')
      ? answer(['type:string', 'n:long'], [['x', 1]], first === 's1a' ? { partial } : {})
      : answer(['type:string', 'id:string'], [['x', '/1']]),
  );
  const run = await world.ask(`${GRAPH}resources | summarize n = count() by type`);
  assert.deepEqual(
    world.asked.map(({ query }) => query.includes('summarize')),
    [true, true, false, false],
  );
  assert.match(world.asked[2]!.query, /sort by id asc$/);
  assert.match(world.combined.at(-1)!.text, /count\(\) by type/);
  assert.deepEqual([run.completeness.complete, run.state], [true, 'finished']);
});

test('rows that are cut all the same are said to be', async () => {
  const partial = failure('query.truncated', 'Cut.', false, { unpaged: true }).toData();
  const world = graphWorld(() => ({ ...ROWS, partial }));
  const run = await world.ask(BY_ID);
  assert.match(run.completeness.sentence, /2 truncated at 1 rows/);
  assert.deepEqual(new Set(targetStates(run).map((one) => one.split(' ').at(-1))), new Set(['partial']));
});

test('where it refuses what is made of the query, it is sent the query itself, and that is no other answer', async () => {
  const world = graphWorld(({ query }) => (query.includes('sort by') ? failure('query.semantic', 'No.') : ROWS));
  const run = await world.ask(BY_ID);
  assert.deepEqual(world.asked.at(-1)!.query.trim(), 'resources | project id');
  assert.deepEqual([run.answer, run.perWorkspaceNote, run.completeness.complete], ['across', undefined, true]);
  const total = await graphWorld(({ query }) => (query.includes('project ') ? failure('query.semantic') : ROWS)).ask(
    `${GRAPH}resources | summarize count() by type`,
  );
  assert.deepEqual(total.answer, 'perWorkspace');
  assert.match(total.perWorkspaceNote!.sentence, /^Each tenant's own answer: Resource Graph refuses/);
});

test('what would be sent to whom is told before', async () => {
  const world = graphWorld(() => ROWS);
  const request = { query: `${GRAPH}resources | count`, scope: EVERYTHING, timeRange: { kind: 'inQuery' } } as const;
  const told = await world.service.explain(request);
  assert.deepEqual([told.source, told.parts[0]?.texts[0]?.targets.length], ['resourceGraph', 2]);
  assert.equal(world.asked.length, 0);
});
