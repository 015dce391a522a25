import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { addWorkspace } from '../../../src/emulator/populate.ts';
import type { LogsQuery } from '../../../src/ports/logs.ts';
import { targetName } from '../../../src/model/run.ts';
import type { Run, SharedRequests, Target } from '../../../src/model/run.ts';
import { openRunWorld, refused, targetOf } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';

// Workspaces that one token reaches, asked by one request where that is permitted: the answer is the one that they give
// one by one, and what goes wrong with one of them is its own. law-provider and nine more of the provider, Contoso's
// and two more of its, all by the provider's token; Fabrikam's by a guest's.
const MORE = 9;
let world: RunWorld;
before(async () => {
  world = await openRunWorld({
    across: true,
    furnish: ({ world: estate, home, delegated, workspaces }) => {
      const tables = [...workspaces.provider.tables.values()].map(({ name, columns = [] }) => ({ name, columns }));
      for (let n = 1; n <= MORE; n++)
        addWorkspace(estate, {
          subscription: home,
          resourceGroup: 'rg-logs',
          location: 'westeurope',
          name: `law-own-${n}`,
          tables,
        });
      // One of them has no heartbeats, one knows a column more.
      addWorkspace(estate, {
        subscription: delegated,
        resourceGroup: 'rg-logs',
        location: 'westeurope',
        name: 'law-bare',
        tables: [tables[1]!],
      });
      const wider = { name: 'Heartbeat', columns: [...tables[0]!.columns, { name: 'Site', type: 'string' }] };
      addWorkspace(estate, {
        subscription: delegated,
        resourceGroup: 'rg-logs',
        location: 'westeurope',
        name: 'law-wider',
        tables: [wider],
      });
    },
  });
  await world.play('Heartbeat');
});
afterEach(() => {
  world.emulator.faults.clear();
  // Each test has the quota for itself.
  world.emulator.world.clock.advance(30_001);
});
after(() => world.close());

async function asked(
  query: string,
  shared: SharedRequests,
): Promise<{ readonly run: Run; readonly rows: unknown[]; readonly sent: readonly LogsQuery[] }> {
  const from = world.sent.length;
  const run = await world.play(query, { shared, timeRange: { kind: 'inQuery' } });
  const { rows } = await world.runs.rows(run.id).window({ first: 0, count: 1000 });
  return { run, rows: rows.map((row) => JSON.stringify(row)).sort(), sent: world.sent.slice(from) };
}

/** What of a run must be the same however its workspaces were asked. */
function facts({ run, rows }: Awaited<ReturnType<typeof asked>>): unknown {
  // Alone a count of nothing is a row; asked together a workspace without rows has none to count.
  const stateOf = ({ state, error }: Target): string => (state === 'empty' && !error ? 'answered' : state);
  const targets = run.targets.map((target) => [targetName(target), stateOf(target), target.error?.code]);
  return {
    state: run.state,
    answer: run.answer,
    columns: run.columns.map(({ name, type }) => [name, type]),
    rows,
    targets,
  };
}

const QUERIES: readonly (readonly [query: string, requests: number])[] = [
  ['Heartbeat | summarize n = count() by Computer', 2],
  ['Heartbeat | summarize n = count(), newest = max(Computer) by _Workspace', 2],
  ['Heartbeat | where Computer == "nobody" | count', 2],
  ['Heartbeat | distinct Computer', 2],
  ['Heartbeat | summarize n = count() by Computer | top 3 by Computer desc | project Computer', 2],
  ['Heartbeat | summarize dcount(Computer), ids = array_length(make_set(TenantId))', 2],
  ['Heartbeat | where Computer endswith "7" | project Computer, TenantId', 2],
  ['Heartbeat | extend n = TenantId has "-" | distinct n, TenantId', 2],
  ['Heartbeat | join kind=inner (datatable(Computer: string, who: string)["computer-1", "x"]) on Computer | count', 2],
  ['union Heartbeat, Audit_CL | summarize count() by Computer', 4],
  // The rows of a sample are by chance: each is asked alone.
  ['Heartbeat | sample 100 | count', 13],
];
for (const [query, requests] of QUERIES)
  test(`the same answer by ${requests} requests: ${query}`, async () => {
    const alone = await asked(query, 'never');
    const together = await asked(query, 'everyone');
    assert.equal(together.sent.length, requests);
    assert.ok(alone.sent.length >= 13, String(alone.sent.length));
    assert.equal(alone.run.state, 'finished');
    assert.deepEqual(facts(together), facts(alone));
  });

test('what was asked together is told: by how many requests, and how many answered by them', async () => {
  const { run, sent } = await asked('Heartbeat | count', 'everyone');
  assert.deepEqual(
    run.plan?.parts.map(({ targets, shared }) => [targets, shared]),
    [[13, { requests: 1, targets: 12 }]],
  );
  assert.match(run.plan!.parts[0]!.text, / by TenantId/);
  const [shared] = sent.filter(({ others }) => others);
  assert.equal(shared?.others?.length, 11);
});

test('within a customer nobody of another is asked along', async () => {
  const { sent } = await asked('Heartbeat | count', 'sameCustomer');
  const ofContoso = [...world.emulator.world.workspaces.values()]
    .filter(({ subscriptionId }) => subscriptionId === world.small.delegated.subscriptionId)
    .map(({ properties }) => properties.customerId);
  for (const { workspaceGuid, others = [] } of sent)
    assert.equal(new Set([workspaceGuid, ...others].map((id) => ofContoso.includes(id))).size, 1);
  assert.deepEqual(
    sent.map(({ others = [] }) => others.length).toSorted((a, b) => a - b),
    [0, 1, 9],
  );
});

test('rows one under the other are asked together where they are many, and alone where there is no plan', async () => {
  const rows = await asked('Heartbeat | where Computer == "computer-3"', 'everyone');
  assert.deepEqual(
    [rows.run.answer, rows.rows.length, rows.sent.length, rows.run.perWorkspaceNote],
    ['across', 13, 3, undefined],
  );
  const none = await asked('Heartbeat | extend x = ingestion_time()', 'everyone');
  assert.deepEqual(
    [none.run.answer, none.run.completeness.complete, none.run.perWorkspaceNote],
    ['across', true, undefined],
  );
  assert.ok(none.sent.every(({ others }) => !others));
});

test('one that refuses is failed alone; halves find out which, and the others answer', async () => {
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-own-4', path: '/query' },
    fault: refused(403, 'InsufficientAccessError', 'No access.'),
  });
  const { run, rows, sent } = await asked('Heartbeat | summarize n = dcount(TenantId)', 'everyone');
  assert.deepEqual(rows, ['[12]']);
  assert.equal(run.completeness.sentence, 'The total lacks 1 of 14 workspaces (1 has no such table): 1 no access');
  assert.equal(targetOf(run, 'law-own-4').state, 'failed');
  assert.ok(sent.length < 12, `${sent.length} requests`);
  world.emulator.faults.clear();
  world.runs.retry(run.id);
  const again = await world.runs.ended(run.id);
  assert.deepEqual([again.state, again.unfinished, again.completeness.complete], ['finished', undefined, true]);
});

test('one that is gone is failed alone', async () => {
  const { workspaces } = world.emulator.world;
  const [id, gone] = [...workspaces].find(([, { name }]) => name === 'law-own-5')!;
  workspaces.delete(id);
  const { run, rows } = await asked('Heartbeat | summarize n = dcount(TenantId)', 'everyone');
  workspaces.set(id, gone);
  assert.deepEqual([rows, targetOf(run, 'law-own-5').state], [['[12]'], 'failed']);
});

const CUT = {
  code: 'PartialError',
  message: 'There were some errors when processing your query.',
  details: [{ code: 'EngineError', innererror: { code: '-2133196797', message: 'over 64000000 bytes', severity: 2 } }],
};
const ODD: Readonly<Record<string, object>> = {
  'an answer that was cut': { tables: [{ name: 'PrimaryResult', columns: [], rows: [] }], error: CUT },
  'rows of nobody': {
    tables: [
      {
        name: 'PrimaryResult',
        columns: ['n', 'TenantId'].map((name) => ({ name, type: 'string' })),
        rows: [['1', '00000000-0000-4000-8000-000000000000']],
      },
    ],
  },
  'rows that do not say whose they are': {
    tables: [{ name: 'PrimaryResult', columns: [{ name: 'n', type: 'long' }], rows: [[1]] }],
  },
};
for (const [what, body] of Object.entries(ODD))
  test(`${what} of all together: they are asked one by one`, async () => {
    world.emulator.faults.add({
      match: { service: 'logs', workspace: 'law-own-2', path: '/query' },
      fault: { kind: 'status', status: 200, contentType: 'application/json', body: JSON.stringify(body) },
      times: 1,
    });
    const { run, rows, sent } = await asked('Heartbeat | summarize n = dcount(TenantId)', 'everyone');
    assert.deepEqual([rows, run.completeness.complete, sent.length], [['[13]'], true, 14]);
    assert.deepEqual(run.plan?.parts[0]?.shared, { requests: 1, targets: 0 });
  });

test('who keeps a table from the caller is named, as it is alone', async () => {
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-own-3', path: '/query' },
    fault: { kind: 'denyTables', tables: ['Heartbeat'] },
  });
  const { run, rows } = await asked('Heartbeat | summarize n = dcount(TenantId)', 'everyone');
  assert.deepEqual([rows, targetOf(run, 'law-own-3').error?.code], [['[12]'], 'access.tableDenied']);
});
