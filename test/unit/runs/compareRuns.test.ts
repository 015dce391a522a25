import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysOfRuns, presentComparison } from '../../../src/core/runs/compareRuns.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { acrossWorld } from './acrossWorld.ts';
import { answer, estateOf, failure, runWorld, targetStates } from './world.ts';

const REQUEST = { query: 'T', scope: EVERYTHING, timeRange: { kind: 'last', minutes: 60 } } as const;
const ROWS = answer(['Computer:string', 'n'], [['a', 1]]);

/** Two runs over three workspaces: in the first one the second has failed, in the second the third came in part. */
async function twoRuns() {
  let second = false;
  const world = runWorld(({ workspaceGuid }) => {
    if (!second) return workspaceGuid === 'guid-2' ? failure('access.denied') : ROWS;
    const partial = failure('query.truncated', 'Cut.').toData();
    return workspaceGuid === 'guid-3' ? { ...ROWS, partial } : ROWS;
  }, estateOf(3));
  const before = await world.play('T');
  await world.clock.run(world.clock.sleep(60_000));
  second = true;
  const after = await world.play('T');
  return { ...world, before, after };
}

test('what changed between two runs is a run of its own, and nobody is sent anything', async () => {
  const { service, clock, before, after, logs, snapshots } = await twoRuns();
  const sent = logs.asked.length;
  const run = await presentComparison(service, { before: before.id, after: after.id, key: ['Computer'] }, clock);
  assert.equal(logs.asked.length, sent);
  assert.deepEqual([run.of, run.state, run.rowCount], [after.id, 'finished', 2]);
  assert.deepEqual(run.made, {
    kind: 'comparison',
    before: before.id,
    beforeAt: before.startedAt,
    afterAt: after.startedAt,
    key: ['Computer'],
    added: 1,
    gone: 0,
    changed: 1,
    same: 3,
    notes: [],
  });
  assert.deepEqual([service.list()[0], snapshots.at(-1)], [run, run]);
  assert.throws(() => service.retry(run.id), { code: 'input.ofResult' });
});

test('a workspace that did not answer whole in both is left out, by name and reason: it is not gone', async () => {
  const { service, clock, before, after, store } = await twoRuns();
  const run = await presentComparison(service, { before: before.id, after: after.id, key: [] }, clock);
  assert.deepEqual(store.compared, [{ key: [], targets: ['/ws/1'] }]);
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 skipped', 'ws3 skipped']);
  assert.deepEqual(
    run.targets.map(({ rows, error }) => [rows, error?.message]),
    [
      [2, undefined],
      [0, 'ws2 is not compared: its answer is not in the earlier run.'],
      [0, 'ws3 is not compared: its answer is only in part in the later run.'],
    ],
  );
  assert.equal(run.completeness.sentence, '1 of 3 workspaces answered, 2 not in both runs');
});

test('who answered in neither is missing for the reason of its own', async () => {
  const closed = failure('access.denied', 'Not yours.');
  const world = runWorld(({ workspaceGuid }) => (workspaceGuid === 'guid-2' ? closed : ROWS), estateOf(2));
  const [before, after] = [await world.play('T'), await world.play('T')];
  const run = await presentComparison(world.service, { before: before.id, after: after.id, key: [] }, world.clock);
  assert.deepEqual([run.targets[1]!.state, run.targets[1]!.error?.message], ['skipped', 'Not yours.']);
  assert.equal(run.completeness.sentence, '1 of 2 workspaces answered, 1 no access');
});

test('a workspace that only one of them asked is left out, too', async () => {
  const { service, clock, before } = await twoRuns();
  const { id } = await service.start({
    ...REQUEST,
    scope: { include: [{ kind: 'workspace', value: 'ws1' }], except: [] },
  });
  const after = await clock.run(service.ended(id));
  const run = await presentComparison(service, { before: before.id, after: after.id, key: [] }, clock);
  assert.match(
    run.targets.find((target) => target.customerName === 'Customer 3')!.error!.message,
    /not asked in the later run/,
  );
});

test('totals are compared as they are; that they are of different workspaces is said', async () => {
  let fails = true;
  const world = acrossWorld(
    ({ workspaceGuid }) => (fails && workspaceGuid === 'guid-2' ? failure('access.denied') : answer(['n'], [[1]])),
    2,
  );
  const before = await world.play('T | count');
  fails = false;
  const after = await world.play('T | count');
  const run = await presentComparison(world.service, { before: before.id, after: after.id, key: [] }, world.clock);
  assert.equal(run.unfinished, true);
  const { notes } = run.made!;
  assert.match(notes.join(), /^The rows were made of all workspaces together, and not of the same ones/);
  const same = await presentComparison(
    world.service,
    { before: after.id, after: (await world.play('T | count')).id, key: [] },
    world.clock,
  );
  assert.deepEqual([same.made!.notes, same.unfinished], [[], undefined]);
});

test('the suggested key is whose a row is with what looks like an identifier, where that tells rows apart', async () => {
  const row = answer(['CorrelationId:string', 'Paid:string', 'n'], [['a', 'x', 1]]);
  const { service, clock, play, store } = runWorld(() => row, estateOf(1));
  const [before, after] = [await play('T'), await play('T')];
  const keys = () => keysOfRuns(service, before.id, after.id);
  const { columns, suggested } = await keys();
  assert.deepEqual(
    columns.map(({ name, type }) => `${name}:${type}`),
    ['CorrelationId:string', 'Paid:string', 'n:long'],
  );
  assert.deepEqual(suggested, ['CorrelationId']);
  store.unique = (names) => names.includes('Paid');
  assert.deepEqual((await keys()).suggested, ['CorrelationId', 'Paid'], 'else all that names and does not measure');
  store.unique = () => false;
  assert.deepEqual((await keys()).suggested, []);
  await presentComparison(service, { before: before.id, after: after.id }, clock);
  assert.deepEqual(store.compared.at(-1)!.key, []);
});

test('one run with itself, one that goes on and one that nobody answered are refused by name', async () => {
  const { service, clock, logs, before } = await twoRuns();
  await assert.rejects(presentComparison(service, { before: before.id, after: before.id }, clock), {
    code: 'input.sameRun',
  });
  logs.script = () => 'hang';
  const { id } = await service.start(REQUEST);
  await assert.rejects(presentComparison(service, { before: before.id, after: id }, clock), { code: 'input.runBusy' });
  service.cancel(id);
  await clock.run(service.ended(id));
  await assert.rejects(presentComparison(service, { before: before.id, after: id }, clock), { code: 'input.noAnswer' });
});

test('what is made of a run that is not kept is not kept either', async () => {
  const { service, clock, logs, before } = await twoRuns();
  logs.script = () => ROWS;
  const { id } = await service.start({ ...REQUEST, passing: true });
  await clock.run(service.ended(id));
  assert.equal((await presentComparison(service, { before: before.id, after: id }, clock)).passing, true);
});
