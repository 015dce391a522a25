import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { targetKey } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { AcrossPlan } from '../../../src/kql/across/acrossPlan.ts';
import { ticksOfMs } from '../../../src/model/values/ticks.ts';
import { COUNT, acrossWorld, partOf, schemaOf } from './acrossWorld.ts';
import { answer, failure, targetStates } from './world.ts';

const REQUEST = { query: 'T | count', scope: EVERYTHING, timeRange: { kind: 'inQuery' } } as const;
const SENT = 'T | summarize n = count()';
const counts =
  (...numbers: readonly number[]) =>
  ({ workspaceGuid }: { workspaceGuid: string }) =>
    answer(['n'], [[numbers[Number(workspaceGuid.slice(5)) - 1]!]]);

test('a count over three workspaces is one number: partial counts are asked, their sum is the answer', async () => {
  const { play, logs, total, store } = acrossWorld(counts(1, 20, 300), 3);
  const run = await play('T | count');
  assert.deepEqual([run.state, run.answer, total(run.id)], ['finished', 'across', 321]);
  assert.deepEqual(new Set(logs.asked.map(({ query }) => query)), new Set([SENT]));
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 answered', 'ws3 answered']);
  assert.deepEqual(run.columns, [{ name: 'n', type: 'long', presentIn: 3 }]);
  assert.deepEqual([run.unfinished, run.perWorkspaceNote], [undefined, undefined]);
  assert.equal(run.completeness.sentence, '3 of 3 workspaces answered');
  assert.deepEqual(run.plan, {
    parts: [{ name: 'part1', text: SENT, groups: 1, targets: 3, rows: 3, bytes: 300 }],
    local: COUNT.local,
    promise: { kind: 'exact' },
    tookMs: 0,
  });
  assert.ok(store.rows.has(`${run.id}/part1`), 'the parts lie beside the run');
});

test('rows that are the answer one under the other need no tables and no plan', async () => {
  const { play, logs, learnt, planned } = acrossWorld(() => answer(['n'], [[1]]), 2);
  const run = await play('Heartbeat | where n > 1');
  assert.deepEqual([learnt, planned], [[], []]);
  assert.deepEqual([run.answer, run.plan?.promise, run.plan?.local], ['across', { kind: 'exact' }, undefined]);
  assert.deepEqual(new Set(logs.asked.map(({ query }) => query)), new Set(['Heartbeat | where n > 1']));
  // Whose a row is stands in no workspace: there it takes a plan.
  await play('Heartbeat | where _Customer == "x"');
  assert.equal(planned.length, 1);
  // A name of nobody's table may be that of a stored function, and then it may be anything.
  await play('Totals');
  assert.equal(planned.length, 2);
});

test('per workspace is a choice, and says so', async () => {
  const { service, clock, logs, learnt } = acrossWorld(counts(1, 2), 2);
  const { id, perWorkspaceNote } = await service.start({ ...REQUEST, answer: 'perWorkspace' });
  assert.equal(perWorkspaceNote?.sentence, "Each workspace's own answer, one under the other.");
  const run = await clock.run(service.ended(id));
  assert.deepEqual([run.answer, run.rowCount], ['perWorkspace', 2]);
  // What sets the answers apart is told by the tables of who answers first; nobody else is asked for theirs.
  assert.match(run.perWorkspaceNote!.sentence, /^Each workspace's own answer, one under the other: count counts/);
  assert.deepEqual([run.perWorkspaceNote!.constructs, learnt], [['count'], [['/ws/1']]]);
  assert.deepEqual(
    logs.asked.map(({ query }) => query),
    ['T | count', 'T | count'],
  );
  assert.equal(run.plan?.promise, undefined);
});

test('own answers wait for no more than two seconds to be told what sets them apart, and not at all when cancelled', async () => {
  const { service, clock } = acrossWorld(counts(1, 2), 2, { takes: () => 600_000 });
  for (const cancelled of [false, true]) {
    const began = clock.now();
    const { id } = await service.start({ ...REQUEST, answer: 'perWorkspace' });
    if (cancelled) clock.sleep(500).then(() => service.cancel(id), assert.fail);
    const run = await clock.run(service.ended(id));
    assert.equal(run.perWorkspaceNote?.sentence, "Each workspace's own answer, one under the other.");
    assert.equal(run.rowCount, 2);
    // A snapshot may be on its way for a tenth of a second.
    assert.equal(Math.floor((clock.now() - began) / 500), cancelled ? 1 : 4);
  }
});

test('what cannot be had across is each workspace’s own answer with the reason, never in silence', async () => {
  for (const code of ['query.unsupported', 'query.semantic', 'bug.unexpected'] as const) {
    const { play, logs } = acrossWorld(counts(1, 2), 2, {
      plan: () => {
        throw new AppError(code, 'scan goes from row to row.', { data: { construct: 'scan' } });
      },
    });
    const run = await play('T | count');
    assert.deepEqual([run.state, run.answer, run.rowCount], ['finished', 'perWorkspace', 2]);
    assert.deepEqual(run.perWorkspaceNote, {
      sentence: "Each workspace's own answer: scan goes from row to row.",
      constructs: ['scan'],
    });
    assert.deepEqual(
      logs.asked.map(({ query }) => query),
      ['T | count', 'T | count'],
    );
  }
});

test('a query that names a customer is not sent as it is where there is no plan: the run refuses, with the ways out', async () => {
  for (const query of ['T | where A == "Customer 2"', 'let Customer2_hosts = T;\nCustomer2_hosts | count']) {
    const { play, logs, service, clock } = acrossWorld(counts(1, 2), 2, {
      plan: () => {
        throw new AppError('query.unsupported', 'scan goes from row to row.');
      },
    });
    const run = await play(query);
    assert.deepEqual([run.state, run.error?.code, logs.asked], ['failed', 'query.namesCustomer', []]);
    assert.match(
      run.error!.message,
      /line 1, column \d+.*scan goes from row to row\).*Take the name out.*per workspace/,
    );
    assert.deepEqual(targetStates(run), ['ws1 failed', 'ws2 failed']);
    await assert.rejects(service.explain({ ...REQUEST, query }), { code: 'query.namesCustomer' });
    // Who chooses each workspace's own answer has chosen to send it.
    const { id } = await service.start({ ...REQUEST, query, answer: 'perWorkspace' });
    await clock.run(service.ended(id));
    assert.deepEqual(new Set(logs.asked.map((asked) => asked.query)), new Set([query]));
  }
});

test('nor is it where the workspaces refuse what was made of it', async () => {
  const { play, logs } = acrossWorld(() => failure('query.semantic', 'No such function.'), 2);
  const run = await play('T | where A == "Customer 2" | count');
  assert.deepEqual([run.state, run.error?.code], ['failed', 'query.namesCustomer']);
  assert.deepEqual(new Set(logs.asked.map(({ query }) => query)), new Set([SENT]));
});

test('a name of the query’s own that tells of a customer takes a plan', async () => {
  const { play, planned } = acrossWorld(counts(1, 2), 2);
  for (const query of [
    'T | extend Customer2 = n',
    'let Customer2 = 5; T | where n == Customer2',
    'T | as customer_2',
    'T | where n == 5 and A has h"for customer-2"',
  ]) {
    planned.length = 0;
    await play(query);
    assert.equal(planned.length, 1, query);
  }
  await play('Heartbeat | extend Customers = n');
  assert.equal(planned.length, 1);
});

test('workspaces that all refuse what was made of the query are asked the query itself', async () => {
  const { play, logs } = acrossWorld(
    ({ query }) =>
      query === SENT
        ? failure('query.semantic', 'No such function.', false, { line: 9, pos: 9 })
        : answer(['n'], [[5]]),
    2,
  );
  const run = await play('T | count');
  assert.deepEqual([run.state, run.answer, run.rowCount], ['finished', 'perWorkspace', 2]);
  assert.match(run.perWorkspaceNote!.sentence, /refuse what they are sent for it \(No such function\.\)\.$/);
  assert.deepEqual(run.perWorkspaceNote!.constructs, ['count']);
  assert.equal(logs.asked.length, 4);
});

test('a total lacks who is missing and says so; retry asks only them and repairs it', async () => {
  let open = false;
  const { play, service, clock, logs, total, combined } = acrossWorld((request) => {
    if (request.workspaceGuid === 'guid-2' && !open) return failure('access.denied', 'No.');
    return counts(1, 20, 300)(request);
  }, 3);
  const run = await play('T | count');
  assert.deepEqual([run.state, run.unfinished, total(run.id)], ['finished', true, 301]);
  assert.equal(run.completeness.sentence, 'The total lacks 1 of 3 workspaces: 1 no access');
  open = true;
  logs.asked.length = 0;
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.deepEqual(
    logs.asked.map(({ workspaceGuid }) => workspaceGuid),
    ['guid-2'],
  );
  assert.deepEqual([again.unfinished, total(run.id), again.completeness.complete], [undefined, 321, true]);
  assert.deepEqual(new Set(combined.map(({ now }) => now)), new Set([ticksOfMs(0)]), 'the moment is that of the run');
});

test('a workspace whose tables cannot be learnt is missing with the reason; retry learns them', async () => {
  let open = false;
  const { play, service, clock, total } = acrossWorld(counts(1, 20), 2, {
    schema: (key) => (key.endsWith('2') && !open ? new AppError('access.denied', 'No metadata.') : schemaOf()),
  });
  const run = await play('T | count');
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed']);
  assert.deepEqual([total(run.id), run.targets[1]!.error?.message], [1, 'No metadata.']);
  open = true;
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.deepEqual([total(run.id), again.completeness.complete], [21, true]);
});

test('who takes long to tell its tables holds up nobody: it joins the others when it has', async () => {
  const { service, clock, snapshots, planned, total } = acrossWorld(counts(1, 20, 300), 3, {
    takes: (key) => (key.endsWith('2') ? 25_000 : 0),
  });
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(15_000));
  const early = snapshots.at(-1)!;
  assert.deepEqual(targetStates(early), ['ws1 answered', 'ws2 waiting', 'ws3 answered']);
  assert.deepEqual([total(id), early.unfinished], [301, true]);
  const run = await clock.run(service.ended(id));
  assert.deepEqual([total(id), run.unfinished, run.completeness.complete], [321, undefined, true]);
  assert.deepEqual(
    planned.map(({ schemas }) => schemas),
    [2, 3],
  );
});

test('one whose late tables change the plan is missing, and says so; retry asks all of them the new plan', async () => {
  const { play, service, clock, logs, total } = acrossWorld(counts(1, 20), 2, {
    takes: (key) => (key.endsWith('2') ? 25_000 : 0),
    plan: (_, schemas) => (schemas.length > 1 ? { ...COUNT, local: 'part1 | summarize n = sum(n) // wider' } : COUNT),
  });
  const run = await play('T | count');
  assert.deepEqual([targetStates(run), total(run.id)], [['ws1 answered', 'ws2 failed'], 1]);
  assert.equal(run.completeness.sentence, 'The total lacks 1 of 2 workspaces: 1 tables told late');
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.deepEqual([total(run.id), again.completeness.complete, logs.asked.length], [21, true, 3]);
});

test('cancelling while tables are still told ends at once', async () => {
  const { service, clock, total } = acrossWorld(counts(7, 20), 2, { takes: (key) => (key.endsWith('2') ? 60_000 : 0) });
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(12_000));
  service.cancel(id);
  const run = await clock.run(service.ended(id));
  assert.deepEqual(
    [run.state, targetStates(run), total(id), clock.now()],
    ['cancelled', ['ws1 answered', 'ws2 cancelled'], 7, 12_000],
  );
  assert.equal(clock.timers, 0);
});

test('a workspace without the table is not asked, and lacks nothing', async () => {
  const { play, logs, total } = acrossWorld(counts(1, 20), 2, {
    schema: (key) => schemaOf(key.endsWith('2') ? 'Other' : 'T'),
  });
  const run = await play('T | count');
  assert.deepEqual(
    logs.asked.map(({ workspaceGuid }) => workspaceGuid),
    ['guid-1'],
  );
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 empty']);
  assert.equal(run.targets[1]!.error?.code, 'query.tableMissing');
  assert.deepEqual([total(run.id), run.unfinished], [1, undefined]);
  assert.equal(run.completeness.sentence, '2 of 2 workspaces answered (1 has no such table)');
});

test('targets whose tables differ are sent texts of their own, written once for each shape', async () => {
  let written = 0;
  const { play, logs } = acrossWorld(counts(1, 2, 3), 3, {
    schema: (key) => (key.endsWith('3') ? { tables: [{ name: 'T', columns: [] }] } : schemaOf()),
    text: (_, { tables }) => {
      written++;
      return `T${tables[0]!.columns.length} | count`;
    },
  });
  const run = await play('T | count');
  assert.deepEqual(logs.asked.map(({ query }) => query).sort(), ['T0 | count', 'T1 | count', 'T1 | count']);
  assert.deepEqual([written, run.plan?.parts[0]!.groups], [2, 2]);
});

test('one whose tables changed since they were told is missing; retry learns them anew and repairs the total', async () => {
  let lost = false;
  const { play, service, clock, logs, total, learnt, forgotten } = acrossWorld(
    (request) =>
      request.workspaceGuid === 'guid-2' && request.query === SENT
        ? failure('query.semantic', "Failed to resolve column 'n'.")
        : counts(1, 20)(request),
    2,
    {
      schema: (key) => (key.endsWith('2') && lost ? { tables: [{ name: 'T', columns: [] }] } : schemaOf()),
      text: (_, { tables }) => (tables[0]!.columns.length > 0 ? SENT : 'T | summarize n = count(long(null))'),
    },
  );
  const run = await play('T | count');
  assert.deepEqual([targetStates(run), total(run.id), run.unfinished], [['ws1 answered', 'ws2 failed'], 1, true]);
  lost = true;
  logs.asked.length = 0;
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.deepEqual([learnt.length, learnt[1], forgotten], [2, forgotten, [targetKey(run.targets[1]!)]]);
  assert.deepEqual(
    logs.asked.map(({ query }) => query),
    ['T | summarize n = count(long(null))'],
  );
  assert.deepEqual([total(run.id), again.unfinished, again.completeness.complete], [21, undefined, true]);
});

test('a part that the service cut short makes the total one of a part, and says so', async () => {
  const cut = new AppError('query.truncated', 'More than 500,000 rows.').toData();
  const { play, total } = acrossWorld((request) => {
    const all = counts(1, 20)(request);
    return request.workspaceGuid === 'guid-2' ? { ...all, partial: cut } : all;
  }, 2);
  const run = await play('T | count');
  assert.deepEqual([targetStates(run), total(run.id), run.unfinished], [['ws1 answered', 'ws2 partial'], 21, true]);
  assert.equal(run.completeness.sentence, 'The total lacks 1 of 2 workspaces: 1 truncated at 1 rows');
});

test('of several parts a target counts when all have come: one that failed in one of them is not in the total', async () => {
  const plan: AcrossPlan = {
    ...COUNT,
    parts: [partOf('part1', 'T'), partOf('part2', 'U')],
    local: 'part1 | join part2',
  };
  const { play, logs, combined, total, service, clock } = acrossWorld(
    ({ workspaceGuid, query }, attempt) =>
      workspaceGuid === 'guid-2' && query.startsWith('U') && attempt < 3
        ? failure('access.denied', 'Not U.')
        : answer(['n'], [[1]]),
    2,
    { plan: () => plan, schema: () => schemaOf('T', 'U') },
  );
  const run = await play('T | join U on n');
  assert.deepEqual(logs.asked.length, 4);
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed']);
  assert.deepEqual([combined.at(-1)!.rows, total(run.id)], [2, 2]);
  assert.equal(run.targets[0]!.rows, 2);
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.equal(logs.asked.length, 5, 'only the part that is missing');
  assert.deepEqual([again.completeness.complete, total(run.id)], [true, 4]);
});

test('a total is refined as targets arrive, at most once a second, and marked until the last', async () => {
  const { service, clock, snapshots, combined } = acrossWorld(() => answer(['n'], [[1]]), 60);
  const { id } = await service.start({ ...REQUEST });
  const run = await clock.run(service.ended(id));
  // Five at once, 100 ms each: 60 take 1.2 seconds.
  assert.deepEqual(combined.map(({ rows }) => rows).at(-1), 60);
  assert.ok(combined.length >= 3 && combined.length <= 4, `${combined.length} combinations`);
  const early = snapshots.find(({ rowCount, state }) => rowCount > 0 && state === 'running')!;
  assert.deepEqual([early.unfinished, early.completeness.sentence.slice(0, 16)], [true, 'The total lacks ']);
  assert.deepEqual([run.unfinished, run.completeness.complete], [undefined, true]);
});

test('cancelling combines what came, marked as incomplete', async () => {
  const { service, clock, total, combined } = acrossWorld(
    (request) => (request.workspaceGuid === 'guid-1' ? counts(7)(request) : 'hang'),
    3,
  );
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(500));
  service.cancel(id);
  const run = await clock.run(service.ended(id));
  assert.deepEqual([run.state, run.unfinished, total(id)], ['cancelled', true, 7]);
  assert.equal(run.completeness.sentence, 'The total lacks 2 of 3 workspaces: 2 cancelled');
  assert.equal(combined.length, 2, 'as it arrived, and at the end');
});

test('a local part that fails is the failure of the run; retry asks nobody again', async () => {
  const { play, service, clock, store, logs, total } = acrossWorld(counts(1, 2), 2);
  const combine = store.combined;
  store.combined = () => {
    throw new AppError('engine.outOfMemory', 'There is too little memory.');
  };
  const run = await play('T | count');
  assert.deepEqual([run.state, run.error?.code, run.unfinished], ['failed', 'engine.outOfMemory', true]);
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 answered']);
  store.combined = combine;
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.deepEqual([again.state, again.error, total(run.id), logs.asked.length], ['finished', undefined, 3, 2]);
});

test('now() is one instant for all, for who is asked again as well', async () => {
  let open = false;
  const { play, service, clock, logs } = acrossWorld(
    ({ workspaceGuid }) =>
      workspaceGuid === 'guid-2' && !open ? failure('access.denied', 'No.') : answer(['n'], [[1]]),
    2,
  );
  const run = await play('Heartbeat | where TimeGenerated > ago(1h)');
  open = true;
  await clock.run(clock.sleep(60_000));
  service.retry(run.id);
  await clock.run(service.ended(run.id));
  assert.equal(logs.asked.length, 3);
  assert.deepEqual(
    new Set(logs.asked.map(({ query }) => query)),
    new Set(['Heartbeat | where TimeGenerated > (datetime(1970-01-01T00:00:00.0000000Z) - (1h))']),
  );
  assert.equal(new Set(logs.asked.map(({ timespan }) => timespan)).size, 1);
});

test('a refusal tells its place in the query as written', async () => {
  const { play } = acrossWorld(
    ({ query }) => failure('query.semantic', 'No.', false, { line: 1, pos: query.indexOf('Wrong') + 1 }),
    1,
  );
  const query = 'T | where A > ago(1h) and Wrong';
  const run = await play(query);
  assert.deepEqual([run.error?.data?.['line'], run.error?.data?.['pos']], [1, query.indexOf('Wrong') + 1]);
});

test('a text that names a customer takes a plan that keeps it here; of itself one may read', async () => {
  const { play, planned, service, clock } = acrossWorld(counts(1, 2), 2, {
    plan: (_, __, { isConfidential }) => {
      assert.equal(isConfidential!('"Customer 2"'), true);
      assert.equal(isConfidential!('"svchost"'), false);
      return COUNT;
    },
  });
  await play('T | where Owner == "Customer 2"');
  assert.equal(planned.length, 1);
  const only = { include: [{ kind: 'customer', value: 'Customer 2' }], except: [] } as const;
  const { id } = await service.start({ ...REQUEST, query: 'T | where Owner == "Customer 2"', scope: only });
  await clock.run(service.ended(id));
  assert.equal(planned.length, 1);
});

test('a query that reads no table is answered once, and nobody is asked', async () => {
  const { play, logs, combined } = acrossWorld(counts(1, 2), 2, {
    plan: () => ({ ...COUNT, parts: [], local: 'print n = 1' }),
  });
  const run = await play('print n = 1');
  assert.deepEqual([logs.asked.length, combined.length, run.rowCount, run.unfinished], [0, 1, 1, undefined]);
  assert.deepEqual(targetStates(run), ['ws1 empty', 'ws2 empty']);
});

test('what was collected goes with the run', async () => {
  const { play, service, store } = acrossWorld(counts(1, 2), 2);
  const run = await play('T | count');
  await service.discard(run.id);
  assert.deepEqual([...store.rows.keys()], []);
});
