/** What each target of a run that waits says, and how long one that failed took. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { answer, estateOf, failure, runWorld } from './world.ts';

const one = answer(['n'], [[1]]);
const REQUEST = { query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } } as const;
const waits = (run: Run | undefined): (string | undefined)[] =>
  (run?.targets ?? []).filter(({ state }) => state === 'waiting').map((target) => target.waits);

test('a target says whose quota is used up, and how many go before it', async () => {
  const { service, clock, snapshots } = runWorld(() => one, estateOf(7));
  const { id } = await service.start({ ...REQUEST });
  assert.deepEqual(waits(service.get(id)), [
    'app may ask 5 workspaces at once, and does. It is next.',
    'app may ask 5 workspaces at once, and does. 1 workspace of this run goes before it.',
  ]);
  const run = await clock.run(service.ended(id));
  assert.deepEqual(waits(run), []);
  assert.ok(run.targets.every((target) => target.waits === undefined));
  // The page hears of it, too, though nothing was answered yet.
  assert.ok(snapshots.some((snapshot) => waits(snapshot).length === 2 && snapshot.rowCount === 0));
});

test('a run behind another one says that the places are taken by other work, before anything of it was asked', async () => {
  const { service, clock, snapshots } = runWorld(() => one, estateOf(6));
  const { id: first } = await service.start({ ...REQUEST });
  const { id: second } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(50));
  assert.equal(
    waits(service.get(second))[0],
    'app may ask 5 workspaces at once, and does, 5 of them for other work. It is next.',
  );
  assert.match(String(waits(snapshots.find((run) => run.id === second))), /other work/);
  await clock.run(Promise.all([service.ended(first), service.ended(second)]));
});

test('when the starts of a window are used up, it says until when', async () => {
  const { service, clock } = runWorld(() => one, estateOf(205));
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(5_000));
  const until = new Date(30_100).toTimeString().slice(0, 8);
  assert.deepEqual(waits(service.get(id)).slice(0, 2), [
    `The 200 queries that app may start in 30 s are used up until ${until}. It is next.`,
    `The 200 queries that app may start in 30 s are used up until ${until}. 1 workspace of this run goes before it.`,
  ]);
  await clock.run(service.ended(id));
});

test('a pause that another run ran into is told to all that wait for the account', async () => {
  const slow = failure('service.throttled', 'Slow down.', true, { retryAfterMs: 20_000 });
  let refusing = false;
  const { service, clock, snapshots } = runWorld(() => (refusing ? slow : one), estateOf(12));
  const { id: first } = await service.start({ ...REQUEST });
  const { id: second } = await service.start({ ...REQUEST });
  refusing = true;
  await clock.run(clock.sleep(350));
  refusing = false;
  const last = snapshots.filter((run) => run.id === second).at(-1);
  const why = last?.targets.map(({ error }) => error?.message.replace(/ It is asked again.*/, ''));
  // One of them was itself refused meanwhile.
  assert.deepEqual(
    new Set(why),
    new Set(['The service asks the account app to slow down: ws1, ws10 and 4 more were refused.', 'Slow down.']),
  );
  await clock.run(Promise.all([service.ended(first), service.ended(second)]));
});

test('a target that failed says how long it took, the last attempt of it; one that was never asked does not', async () => {
  const { service, clock } = runWorld(
    ({ workspaceGuid }) =>
      workspaceGuid === 'guid-1' ? failure('access.denied') : workspaceGuid === 'guid-2' ? 'hang' : one,
    estateOf(8, (workspace, index) => (index === 2 ? { ...workspace, paths: [] } : workspace)),
  );
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(700));
  service.cancel(id);
  const run = await clock.run(service.ended(id));
  assert.deepEqual(
    run.targets.slice(0, 3).map(({ state, tookMs }) => [state, tookMs]),
    [
      ['failed', 100],
      ['cancelled', 700],
      ['skipped', undefined],
    ],
  );
});
