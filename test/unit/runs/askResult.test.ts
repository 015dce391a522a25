import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, cancelled } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { RunHistory } from '../../../src/core/runs/runHistory.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { toRunId } from '../../../src/model/ids.ts';
import type { RunId } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { ticksOfMs } from '../../../src/model/values/ticks.ts';
import { acrossWorld } from './acrossWorld.ts';
import { answer, estateOf, failure, runWorld, targetStates } from './world.ts';

/** A count over what it is given, and what it was asked with. */
function counting(world: ReturnType<typeof runWorld>) {
  const asked: { readonly text: string; readonly tables: readonly string[]; readonly now: bigint }[] = [];
  world.store.combined = (text, tables, { now }) => {
    asked.push({ text, tables: Object.keys(tables), now });
    return { columns: [{ name: 'n', type: 'long' }], rows: [[Object.values(tables).flat().length]] };
  };
  return asked;
}
/** One result under the name that a document gives it unasked. */
const as = (run: RunId) => [{ run, name: 'Results' }];
const HELLO = answer(['n'], [[1], [2]]);

test('the rows of an ended run answer a query of their own, and nobody is sent anything', async () => {
  const world = runWorld(() => HELLO, estateOf(2), { readQuery: analyzeQuery });
  const asked = counting(world);
  const source = await world.play('Heartbeat');
  const sent = world.logs.asked.length;
  const run = await world.service.askResult({ results: as(source.id), query: 'Results | where n > 0 | sort by n' });
  assert.deepEqual([run.of, run.state, run.rowCount, run.sorted], [source.id, 'finished', 1, true]);
  assert.deepEqual(run.columns, [{ name: 'n', type: 'long', presentIn: 2 }]);
  assert.deepEqual(asked, [
    { text: 'Results | where n > 0 | sort by n', tables: ['Results'], now: ticksOfMs(world.clock.now()) },
  ]);
  assert.equal(world.logs.asked.length, sent);
  assert.deepEqual([world.store.rows.get(run.id)?.size, world.service.rows(run.id).rowCount()], [1, 1]);
  assert.deepEqual(
    world.service.list().map(({ id }) => id),
    [run.id, source.id],
  );
  assert.equal(world.snapshots.at(-1), run);
});

test('what its source lacks, the answer lacks: targets, completeness, mode and note go with the rows', async () => {
  const world = runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-2' ? failure('access.denied') : HELLO),
    estateOf(3),
    { readQuery: analyzeQuery },
  );
  counting(world);
  const source = await world.play('Heartbeat | count');
  const run = await world.service.askResult({ results: as(source.id), query: 'Results | count' });
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed', 'ws3 answered']);
  assert.equal(run.completeness.complete, false);
  assert.match(run.completeness.sentence, /^2 of 3 workspaces answered, 1 no access/);
  assert.ok(source.perWorkspaceNote);
  assert.deepEqual(
    [run.completeness, run.answer, run.perWorkspaceNote, run.scope, run.timeRange],
    [source.completeness, 'perWorkspace', source.perWorkspaceNote, source.scope, source.timeRange],
  );
  assert.deepEqual(run.plan?.parts, []);
  assert.equal(run.plan?.local, 'Results | count');
});

test('a total that is not finished is not finished in what is made of it either', async () => {
  const world = acrossWorld(({ workspaceGuid }) => (workspaceGuid === 'guid-2' ? failure('access.denied') : HELLO), 2);
  const source = await world.play('T | count');
  const run = await world.service.askResult({ results: as(source.id), query: 'Results | extend half = n / 2' });
  assert.deepEqual([source.unfinished, run.unfinished, run.answer], [true, true, 'across']);
  assert.deepEqual(run.plan?.promise, source.plan?.promise);
});

test('a result of a result can be asked, and is kept in the history like any run', async () => {
  let text = '';
  const file = { read: async () => text, write: async (next: string) => void (text = next) };
  const world = runWorld(() => HELLO, estateOf(1), { history: new RunHistory(file) });
  counting(world);
  const source = await world.play();
  const first = await world.service.askResult({ results: as(source.id), query: 'Results' });
  const second = await world.service.askResult({ results: as(first.id), query: 'Results | count' });
  assert.equal(second.of, first.id);
  const later = runWorld(() => HELLO, estateOf(1), { history: new RunHistory(file), store: world.store });
  await later.service.restore();
  assert.deepEqual(
    new Map(later.service.list().map(({ id, of }) => [id, of])),
    new Map([
      [source.id, undefined],
      [first.id, source.id],
      [second.id, first.id],
    ]),
  );
  assert.equal(later.service.get(second.id).rowCount, 1);
  await assert.rejects(
    later.service.askResult({ results: as(source.id), query: ' ' }),
    { code: 'query.empty' },
    'it is no reason to refuse that the run is of an earlier session',
  );
});

test('a query that is wrong is refused with its place, and leaves no run behind', async () => {
  const world = runWorld(() => HELLO, estateOf(1), { readQuery: analyzeQuery });
  const source = await world.play();
  const ask = (query: string) => world.service.askResult({ results: as(source.id), query });
  await assert.rejects(ask('Results\n| where ('), ({ code, data }: AppError) => {
    assert.deepEqual([code, data?.['line']], ['query.syntax', 2]);
    return true;
  });
  await assert.rejects(ask('// nothing'), { code: 'query.empty' });
  world.store.combined = () => {
    throw new AppError('query.semantic', 'No column X.', { data: { line: 1, pos: 17 } });
  };
  await assert.rejects(ask('Results | where X'), ({ code, data }: AppError) => {
    assert.deepEqual([code, data], ['query.semantic', { line: 1, pos: 17 }]);
    return true;
  });
  assert.deepEqual([...world.store.rows.keys()], [source.id]);
  assert.equal(world.service.list().length, 1);
});

test('a run that goes on, one that nobody answered and one that is gone are refused by name', async () => {
  const world = runWorld(() => HELLO, estateOf(1));
  counting(world);
  const { service, clock } = world;
  const going = await service.start({ query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } });
  await assert.rejects(service.askResult({ results: as(going.id), query: 'Results' }), {
    code: 'input.runBusy',
    message: /still going on/,
  });
  await clock.run(service.ended(going.id));
  await service.askResult({ results: as(going.id), query: 'Results' });
  await service.discard(going.id);
  await assert.rejects(service.askResult({ results: as(going.id), query: 'Results' }), {
    code: 'input.unknownRun',
    message: /no longer kept/,
  });
  await assert.rejects(service.askResult({ results: as(toRunId('never was')), query: 'Results' }), {
    code: 'input.unknownRun',
  });
  world.logs.script = () => failure('access.denied');
  const refused = await world.play();
  await assert.rejects(service.askResult({ results: as(refused.id), query: 'Results' }), { code: 'input.noAnswer' });
});

test('several results are tables under their names, and what any of them lacks the answer lacks', async () => {
  const world = runWorld(
    ({ workspaceGuid, query }) => (workspaceGuid === 'guid-2' && query === 'B' ? failure('access.denied') : HELLO),
    estateOf(2),
    { readQuery: analyzeQuery },
  );
  const asked = counting(world);
  const [a, b] = [await world.play('A'), await world.play('B')];
  const run = await world.service.askResult({
    results: [
      { run: a.id, name: 'Inventory' },
      { run: b.id, name: 'SignIns' },
    ],
    query: 'Inventory | join SignIns on n',
  });
  assert.deepEqual(asked[0]?.tables, ['Inventory', 'SignIns']);
  assert.deepEqual([run.of, run.alsoOf], [a.id, [b.id]]);
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed']);
  assert.deepEqual(
    [run.completeness.complete, run.completeness.sentence],
    [false, 'Inventory: 2 of 2 workspaces answered; SignIns: 1 of 2 workspaces answered, 1 no access'],
  );
});

test('two results of one name, or none at all, are refused before anything is read', async () => {
  const world = runWorld(() => HELLO, estateOf(1));
  const { id } = await world.play();
  const twice = { results: [...as(id), ...as(id)], query: 'Results' };
  await assert.rejects(world.service.askResult(twice), { code: 'input.sameName', message: /called Results/ });
  await assert.rejects(world.service.askResult({ results: [], query: 'Results' }), { code: 'input.noResult' });
});

test('its retry is refused: the first query is the one to run again', async () => {
  const world = runWorld(() => HELLO, estateOf(1));
  counting(world);
  const source = await world.play();
  const { id } = await world.service.askResult({ results: as(source.id), query: 'Results' });
  assert.throws(
    () => {
      world.service.retry(id);
    },
    { code: 'input.ofResult', message: /Run the first query again/ },
  );
});

test('who cancels gets no run, and closing waits for nobody', async () => {
  const world = runWorld(() => HELLO, estateOf(1));
  counting(world);
  const source = await world.play();
  const stopped = new LocalSignal();
  stopped.abort();
  await assert.rejects(world.service.askResult({ results: as(source.id), query: 'Results' }, stopped), {
    code: 'cancelled.byUser',
  });
  let begin = (): void => undefined;
  const began = new Promise<void>((resolve) => (begin = resolve));
  const { store } = world;
  const opens = store.open.bind(store);
  store.open = async (run) => ({
    ...(await opens(run)),
    combine: (_text, _tables, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(cancelled());
        });
        begin();
      }),
  });
  const asking = world.service.askResult({ results: as(source.id), query: 'Results' });
  const refused = assert.rejects(asking, { code: 'cancelled.byUser' });
  await began;
  await Promise.all([world.service.close(), refused]);
  assert.deepEqual([...world.store.rows.keys()], [source.id]);
});
