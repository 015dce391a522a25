import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenant } from '../../../src/model/estate.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';
import { KEEP_LIMITS } from '../../../src/model/keepLimits.ts';
import { mayAnswerAgain, targetKey } from '../../../src/model/run.ts';
import { readQuery } from '../../../src/core/runs/readQuery.ts';
import { RunHistory } from '../../../src/core/runs/runHistory.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { answer, estateOf, failure, runWorld, targetStates } from './world.ts';

const HEARTBEAT = {
  plan: 'Analytics',
  retentionDays: 30,
  totalRetentionDays: 30,
  kind: 'Microsoft',
  classic: false,
} as const;
const one = answer(['n'], [[1]]);
const REQUEST = { query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } } as const;
/** A refusal as the query API's client hands it on: the name that means nothing there is a fact beside the words. */
const unresolved = (kind: 'table' | 'column', name: string, message: string) =>
  failure('query.semantic', message, false, { unresolved: { kind, name } });
const gone = (name: string) =>
  unresolved('table', name, `'where' operator: Failed to resolve table or column expression named '${name}'`);

test('every workspace answers: rows, states, one sentence', async () => {
  const { play, logs, store } = runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-2' ? answer(['n'], []) : one),
    estateOf(3),
  );
  const run = await play('Heartbeat | take 1');
  assert.equal(run.state, 'finished');
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 empty', 'ws3 answered']);
  assert.equal(run.completeness.sentence, '3 of 3 workspaces answered');
  assert.ok(run.completeness.complete);
  assert.deepEqual(run.targets[0], {
    ...run.targets[0],
    rows: 1,
    tookMs: 100,
    waitedMs: 0,
    attempts: 1,
    bytes: 100,
    customerName: 'Customer 1',
    tenantName: 'Tenant 1',
    path: 'lighthouse',
  });
  assert.deepEqual(logs.asked[0], {
    issuer: { account: 'sp:app', tenant: 'home' },
    workspaceGuid: 'guid-1',
    armId: '/ws/1',
    query: 'Heartbeat | take 1',
    timespan: '1969-12-31T23:00:00.000Z/1970-01-01T00:00:00.000Z',
  });
  assert.equal(store.rows.get(run.id)!.size, 3);
  assert.deepEqual(store.arranged.get(run.id), run.targets.map(targetKey), 'rows are put in the order of the targets');
});

test('a failure is a state of its target; only what may pass is tried again, three times at most', async () => {
  const { play, logs, clock } = runWorld(
    ({ workspaceGuid }, attempt) =>
      ({
        'guid-1': attempt < 3 ? failure('service.unavailable', 'Busy.', true) : one,
        'guid-2': failure('service.unavailable', 'Busy.', true),
        'guid-3': failure('access.denied', 'You may not read ws3.'),
        'guid-4': failure('network.reset', 'The line broke.', true),
      })[workspaceGuid] ?? one,
    estateOf(5),
  );
  const run = await play();
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed', 'ws3 failed', 'ws4 failed', 'ws5 answered']);
  assert.deepEqual(
    run.targets.map((target) => target.attempts),
    [3, 3, 1, 3, 1],
  );
  assert.equal(run.targets[1]!.error?.message, 'Busy. (3 attempts)');
  assert.equal(run.state, 'finished');
  assert.equal(run.completeness.sentence, '2 of 5 workspaces answered, 1 no access, 1 not reached, 1 service failed');
  assert.equal(logs.asked.length, 11);
  assert.deepEqual(
    logs.asked.flatMap((entry, i) => (entry.workspaceGuid === 'guid-1' ? [logs.at[i]] : [])),
    [0, 1_100, 3_200],
  );
  assert.equal(clock.timers, 0);
});

test('a throttled credential waits as long as the service asks, then answers', async () => {
  const { play, logs } = runWorld(
    (_, attempt) => (attempt === 1 ? failure('service.throttled', 'Slow down.', true, { retryAfterMs: 9_000 }) : one),
    estateOf(2),
  );
  const run = await play();
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 answered']);
  assert.deepEqual(logs.at, [0, 0, 9_100, 9_100]);
  assert.equal(run.targets[0]!.waitedMs, 9_000);
});

test('cancelling ends the run within a moment, keeps what came, and sends nothing more', async () => {
  const { service, clock, logs } = runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-1' ? one : 'hang'),
    estateOf(8),
  );
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(500));
  service.cancel(id);
  const run = await clock.run(service.ended(id));
  assert.equal(run.state, 'cancelled');
  assert.deepEqual(targetStates(run), ['ws1 answered', ...[2, 3, 4, 5, 6, 7, 8].map((n) => `ws${n} cancelled`)]);
  assert.equal(run.completeness.sentence, '1 of 8 workspaces answered, 7 cancelled');
  assert.equal(clock.now(), 500);
  assert.equal(logs.asked.length, 6);
});

test('retry asks only those that failed; what came stays', async () => {
  let open = false;
  const { service, play, clock, logs, store } = runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-2' && !open ? failure('access.denied', 'No.') : one),
    estateOf(3),
  );
  const first = await play();
  open = true;
  service.retry(first.id);
  const run = await clock.run(service.ended(first.id));
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 answered', 'ws3 answered']);
  assert.equal(run.targets[1]!.error, undefined);
  assert.equal(run.state, 'finished');
  assert.equal(logs.asked.length, 4);
  assert.equal(store.rows.get(run.id)!.size, 3);
  service.retry(run.id);
  assert.equal(logs.asked.length, 4, 'nothing is left to retry');
});

test('a table that some workspaces lack is no failure; one that nobody has fails the run, once and with the nearest names', async () => {
  const some = await runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-1' ? gone('App_CL') : one),
    estateOf(3),
  ).play();
  assert.deepEqual(targetStates(some), ['ws1 empty', 'ws2 answered', 'ws3 answered']);
  assert.equal(some.targets[0]!.error?.message, 'ws1 has no table App_CL.');
  assert.equal(some.completeness.sentence, '3 of 3 workspaces answered (1 has no such table)');
  assert.equal(some.state, 'finished');

  const nowhere = runWorld(
    () => gone('Hartbeat'),
    estateOf(3),
    {},
    (armId) => [{ ...HEARTBEAT, name: armId === '/ws/2' ? 'Heartbeat' : 'Usage' }],
  );
  const none = await nowhere.play();
  assert.equal(none.state, 'failed');
  assert.deepEqual(
    [none.error?.code, none.error?.message],
    [
      'query.semantic',
      'None of the 3 workspaces that were asked has a table or function named Hartbeat. Did you mean "Heartbeat"?',
    ],
  );
  assert.equal(
    none.error?.data?.['service'],
    "'where' operator: Failed to resolve table or column expression named 'Hartbeat'",
  );
  assert.deepEqual(targetStates(none), ['ws1 failed', 'ws2 failed', 'ws3 failed']);
  // The same text would get the same refusal: nothing is offered, and nobody is asked again.
  assert.deepEqual(none.targets.map(mayAnswerAgain), [false, false, false]);
  nowhere.service.retry(none.id);
  assert.equal(nowhere.logs.asked.length, 3);

  const silent = await runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-1' ? { tables: [], bytes: 0 } : gone('Hartbeat')),
    estateOf(3),
  ).play();
  assert.deepEqual(
    [silent.state, silent.error?.code],
    ['failed', 'query.semantic'],
    'a workspace without any data knows nothing',
  );

  const facts = { readQuery: () => ({ errors: [], tables: ['App_CL'] }) };
  const named = await runWorld(
    ({ workspaceGuid }) =>
      workspaceGuid === 'guid-1'
        ? unresolved('column', 'App_CL', "Failed to resolve column or scalar expression named 'App_CL'")
        : one,
    estateOf(2),
    facts,
  ).play();
  assert.deepEqual(targetStates(named), ['ws1 empty', 'ws2 answered']);

  const column = await runWorld(
    ({ workspaceGuid }) =>
      workspaceGuid === 'guid-1'
        ? unresolved('column', 'x', "'where' operator: Failed to resolve column or scalar expression named 'x'")
        : one,
    estateOf(2),
  ).play();
  assert.deepEqual(targetStates(column), ['ws1 failed', 'ws2 answered']);
});

test('a workspace deleted after the estate was listed fails alone', async () => {
  const run = await runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-1' ? failure('access.workspaceNotFound', 'ws1 is gone.') : one),
    estateOf(2),
  ).play();
  assert.equal(run.completeness.sentence, '1 of 2 workspaces answered, 1 workspace gone');
});

test('a partial answer keeps its rows and says so', async () => {
  const cut = { code: 'query.truncated' as const, message: 'The answer was cut off.', retryable: false };
  const run = await runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-1' ? { ...one, partial: cut } : one),
    estateOf(2),
  ).play();
  assert.deepEqual(targetStates(run), ['ws1 partial', 'ws2 answered']);
  assert.deepEqual(
    [run.rowCount, run.completeness.sentence, run.completeness.complete],
    [2, '1 of 2 workspaces answered, 1 truncated at 1 rows', false],
  );
});

test('who cannot be asked is in the answer, with the reason', async () => {
  const closed: Tenant = {
    id: toTenantId('tx'),
    name: 'Woodgrove',
    customer: toCustomerKey('cx'),
    state: 'signInRequired',
    accounts: [],
    error: { code: 'auth.mfaRequired', message: 'Woodgrove asks for a second factor.', retryable: false },
  };
  const run = await runWorld(
    () => one,
    estateOf(2, (workspace, i) => (i === 0 ? { ...workspace, paths: [] } : workspace), [closed]),
  ).play();
  assert.deepEqual(targetStates(run), ['ws1 skipped', 'ws2 answered', 'all of Woodgrove skipped']);
  assert.equal(
    run.completeness.sentence,
    '1 of 2 workspaces answered, 1 no access, 1 tenant not entered (sign-in required)',
  );
  assert.ok(!run.completeness.complete);
});

test('nothing is sent for what is known to be wrong', async () => {
  const { service, logs, play } = runWorld(() => one, estateOf(2));
  const start = (query: string, scope = EVERYTHING as Parameters<typeof play>[1]) =>
    service.start({ ...REQUEST, query, scope: scope! });
  await assert.rejects(start(' // only a comment\n;'), { code: 'query.empty' });
  await assert.rejects(start('T | where x == "' + 'x'.repeat(1_000_001)), {
    code: 'query.tooLong',
    message: /1,000,017 characters; at most 1,000,000/,
  });
  await assert.rejects(start('T', { include: [{ kind: 'customer', value: 'Contso' }], except: [] }), {
    code: 'input.scope',
  });
  await assert.rejects(
    start('T', {
      include: 'all',
      except: [
        { kind: 'customer', value: 'Customer 1' },
        { kind: 'customer', value: 'Customer 2' },
      ],
    }),
    { code: 'input.scope' },
  );
  const faulty = runWorld(() => one, estateOf(1), {
    readQuery: () => ({ errors: [{ message: 'Expected: )', line: 2, column: 5, start: 9, length: 1 }] }),
  });
  await assert.rejects(faulty.service.start({ ...REQUEST, query: 'T\n| x(' }), {
    code: 'query.syntax',
    message: 'Expected: ) (line 2, column 5). Nothing was sent.',
  });
  const stopped = runWorld(() => one, estateOf(1), {
    readQuery: () => ({ errors: [{ message: 'Query operator expected.', line: 2, column: 2, start: 3, length: 1 }] }),
  });
  await assert.rejects(stopped.service.start({ ...REQUEST, query: 'T\n| | take 1' }), {
    message: 'Query operator expected (line 2, column 2). Nothing was sent.',
    data: { line: 2, column: 2, start: 3, length: 1, said: 'Query operator expected. Nothing was sent.' },
  });
  assert.equal(logs.asked.length + faulty.logs.asked.length, 0);
});

test('customers named in comments are not sent to one another', async () => {
  const { play, logs } = runWorld(() => one, estateOf(1));
  await play('// @scope all except customer:Fabrikam\nT // mine\n| take 1');
  assert.equal(logs.asked[0]!.query, `${' '.repeat(38)}\nT        \n| take 1`);
});

test('an answer’s own columns never hide whose rows they are', async () => {
  const { play, store } = runWorld(() => answer(['x', 'x', 'x1', '_Customer'], [[1, 2, 3, 4]]), estateOf(1));
  const run = await play();
  assert.deepEqual(
    store.rows
      .get(run.id)!
      .get('/ws/1')!
      .columns.map((column) => column.name),
    ['x', 'x2', 'x1', '_Customer1'],
  );
});

test('a run knows that its query sorts, so that bars keep the order', async () => {
  const sortedOf = async (query: string): Promise<unknown> =>
    (await runWorld(() => one, estateOf(1), { readQuery }).play(query)).sorted;
  assert.equal(await sortedOf('T | summarize count() by a | sort by count_'), true);
  assert.equal(await sortedOf('T | summarize count() by a'), undefined);
});

test('all answers’ rendering: what they agree on', async () => {
  const play = (second: object) =>
    runWorld(
      ({ workspaceGuid }) => ({
        ...one,
        render: { visualization: 'timechart', title: 'Load', ...(workspaceGuid === 'guid-2' ? second : {}) },
      }),
      estateOf(2),
    ).play();
  assert.deepEqual((await play({})).render, { visualization: 'timechart', title: 'Load' });
  assert.deepEqual((await play({ title: 'Other' })).render, { visualization: 'timechart' });
  assert.equal((await play({ visualization: 'piechart' })).render, undefined);
});

test('snapshots: at most one in 100 ms, and always the last', async () => {
  const { play, snapshots, clock } = runWorld(() => one, estateOf(40));
  const run = await play();
  assert.ok(snapshots.length <= clock.now() / 100 + 2, `${snapshots.length} in ${clock.now()} ms`);
  assert.deepEqual(snapshots.at(-1), run);
  assert.equal(snapshots[0]!.state, 'running');
});

test('a full disk fails the target with its reason and the others go on', async () => {
  const { play, store } = runWorld(() => one, estateOf(2));
  store.broken = failure('engine.disk', 'The disk is full.', false, { reason: 'full' });
  const run = await play();
  assert.deepEqual(
    run.targets.map((target) => [target.state, target.error?.code]),
    [
      ['failed', 'engine.disk'],
      ['failed', 'engine.disk'],
    ],
  );
  assert.equal(run.completeness.sentence, '0 of 2 workspaces answered, 2 disk full');
});

test('runs are listed newest first, kept up to a number, and forgotten when discarded', async () => {
  const { service, play, store, clock } = runWorld(() => one, estateOf(1), {
    limits: () => ({ ...KEEP_LIMITS, runs: 2 }),
  });
  for (let i = 0; i < 4; i++) {
    await play();
    await clock.run(clock.sleep(1000));
  }
  assert.deepEqual(
    service.list().map((run) => run.id),
    ['run-4', 'run-3'],
  );
  await service.discard(service.list()[0]!.id);
  assert.deepEqual([...store.rows.keys()], ['run-3']);
  assert.throws(() => service.get('run-4' as never), { code: 'input.unknownRun' });
});

test('history survives the program and a damaged line', async () => {
  let text = '';
  const file = {
    read: async () => text,
    write: async (next: string) => {
      text = next;
    },
  };
  const first = runWorld(() => one, estateOf(1), { history: new RunHistory(file) });
  const run = await first.play();
  text = `not json\n{"v":2}\n${text}`;
  const { store } = first;
  const second = runWorld(() => one, estateOf(1), { store, history: new RunHistory(file) });
  await second.service.restore();
  assert.deepEqual(second.service.list(), [run]);
  assert.throws(
    () => {
      second.service.retry(run.id);
    },
    { code: 'input.runEnded' },
  );
  await second.service.discard(run.id);
  assert.equal(text, '');
});

test('a label is what a run is called from then on, and after a restart; an empty one gives the name of its query back', async () => {
  let text = '';
  const file = {
    read: async () => text,
    write: async (next: string) => {
      text = next;
    },
  };
  const world = runWorld(() => one, estateOf(1), { history: new RunHistory(file) });
  const { id } = await world.play();
  await world.service.label(id, 'before the patch');
  assert.deepEqual(
    [world.service.get(id).label, world.snapshots.at(-1)!.label],
    ['before the patch', 'before the patch'],
  );

  const later = runWorld(() => one, estateOf(1), { store: world.store, history: new RunHistory(file) });
  await later.service.restore();
  assert.equal(later.service.get(id).label, 'before the patch');
  await later.service.label(id, undefined);
  assert.ok(!('label' in later.service.get(id)) && !text.includes('before the patch'));
});

test('of a run that is over the limit of megabytes by itself nothing goes; of two the older does', async () => {
  const limits = { ...KEEP_LIMITS, megabytes: 100 };
  const { service, play, store, clock } = runWorld(() => one, estateOf(1), { limits: () => limits });
  store.bytesOf = () => 90_000_000;
  const [first] = [await play()];
  await clock.run(clock.sleep(1000));
  assert.deepEqual(
    service.list().map(({ id }) => id),
    [first.id],
  );
  const second = await play();
  await clock.run(clock.sleep(1000));
  assert.deepEqual(
    service.list().map(({ id }) => id),
    [second.id],
  );
});

test('history of before targets had kinds: a tenant that was written as a workspace is one again', async () => {
  const now = await runWorld(() => one, estateOf(1)).play();
  const { kind: _kind, ...workspace } = { ...now.targets[0]! };
  const old = {
    ...now,
    id: 'old',
    startedAt: '2026-01-01T00:00:00Z',
    mode: 'perWorkspace',
    targets: [workspace, { ...workspace, workspace: 'tenant:tx', workspaceName: 'all of Woodgrove', tenant: 'tx' }],
  };
  const history = new RunHistory({
    read: async () => JSON.stringify({ v: 1, run: old }),
    write: async () => undefined,
  });
  const [run] = await history.load();
  assert.deepEqual(run!.targets.map(targetKey), ['/ws/1', 'tenant:tx']);
  assert.deepEqual(
    run!.targets.map((target) => target.kind),
    ['workspace', 'tenant'],
  );
});

test('the first snapshot is the answer to the start: everybody who will be asked, and who cannot be', async () => {
  const { service, clock, logs } = runWorld(
    () => one,
    estateOf(2, (workspace, i) => (i === 0 ? { ...workspace, paths: [] } : workspace)),
  );
  const first = await service.start({ ...REQUEST });
  assert.deepEqual([first.state, targetStates(first)], ['running', ['ws1 skipped', 'ws2 waiting']]);
  await clock.run(service.ended(first.id));
  assert.equal(logs.asked.length, 1);
});
