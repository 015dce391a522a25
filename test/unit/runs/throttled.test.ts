import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunProgress } from '../../../src/cli/output/progress.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { answer, estateOf, failure, runWorld, targetStates } from './world.ts';

const one = answer(['n'], [[1]]);
const REQUEST = { query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } } as const;
const slow = (name: string, ms?: number) =>
  failure('service.throttled', `The service asks to slow down (${name}).`, true, ms ? { retryAfterMs: ms } : {});
/** Why each target waits, and until when; empty for one that says nothing. */
const reasons = (run: Run): string[] =>
  run.targets.map(({ state, error }) =>
    state === 'waiting' ? `${error?.message} ${error?.data?.['retryAt']}` : state,
  );
const at = (ms: number): string => new Date(ms).toTimeString().slice(0, 8);
const iso = (ms: number): string => new Date(ms).toISOString();

test('a workspace that asks for a pause waits alone, and says until when', async () => {
  const { service, clock, logs } = runWorld(
    ({ workspaceGuid }, attempt) => (workspaceGuid === 'guid-1' && attempt === 1 ? slow('ws1', 60_000) : one),
    estateOf(24),
  );
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(2_000));
  assert.deepEqual(reasons(service.get(id)), [
    `The service asks to slow down (ws1). It is asked again at ${at(60_100)}. ${iso(60_100)}`,
    ...Array.from({ length: 23 }, () => 'answered'),
  ]);
  const run = await clock.run(service.ended(id));
  assert.equal(run.completeness.sentence, '24 of 24 workspaces answered');
  assert.deepEqual([logs.at.at(-1), run.targets[0]!.waitedMs], [60_100, 60_000]);
  assert.equal(clock.timers, 0);
});

test('a pause longer than anybody waits is a failure that can be tried again, and holds no later run', async () => {
  for (const pause of [600_000, 1e12]) {
    const { play, clock } = runWorld(
      ({ workspaceGuid }) => (workspaceGuid === 'guid-1' || workspaceGuid === 'guid-2' ? slow('it', pause) : one),
      estateOf(12),
    );
    for (const ended of [500, 1_000]) {
      const run = await play();
      const failed = targetStates(run).filter((state) => !state.endsWith(' answered'));
      assert.deepEqual(failed, ['ws1 failed', 'ws2 failed']);
      assert.equal(run.completeness.sentence, '10 of 12 workspaces answered, 2 throttled');
      assert.ok(clock.now() <= ended, `${clock.now()}`);
    }
    assert.equal(clock.timers, 0);
  }
});

test('several that ask for a pause are the account: all that wait say why, in the next run too, and can be cancelled', async () => {
  const { service, clock } = runWorld((_, attempt) => (attempt === 1 ? slow('it', 20_000) : one), estateOf(12));
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(500));
  // Five were asked together; a sixth went before the second refusal was there.
  const why = `The service asks the account app to slow down: ws1, ws10 and 4 more were refused. It is asked again at ${at(20_200)}. ${iso(20_200)}`;
  assert.deepEqual(
    reasons(service.get(id)).slice(6),
    Array.from({ length: 6 }, () => why),
  );
  const next = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(500));
  assert.deepEqual(
    reasons(service.get(next.id)),
    Array.from({ length: 12 }, () => why),
  );
  service.cancel(next.id);
  const cancelled = await clock.run(service.ended(next.id));
  assert.deepEqual([cancelled.state, clock.now(), cancelled.targets[0]!.error], ['cancelled', 1_000, undefined]);
  const run = await clock.run(service.ended(id));
  assert.equal(run.completeness.sentence, '12 of 12 workspaces answered');
  assert.equal(clock.timers, 0);
});

test('a run that is cancelled ends at once, whoever is waited for', async () => {
  const { service, clock } = runWorld(() => slow('it', 90_000), estateOf(1));
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(500));
  service.cancel(id);
  const run = await clock.run(service.ended(id));
  assert.deepEqual([run.state, clock.now(), clock.timers], ['cancelled', 500, 0]);
});

test('the terminal tells who is waited for', async () => {
  const { service, clock } = runWorld(
    ({ workspaceGuid }, attempt) => (workspaceGuid === 'guid-1' && attempt === 1 ? slow('ws1', 60_000) : one),
    estateOf(3),
  );
  const { id } = await service.start({ ...REQUEST });
  await clock.run(clock.sleep(2_000));
  const said: string[] = [];
  new RunProgress({ say: (line: string) => said.push(line) } as unknown as Terminal, true).show(service.get(id));
  assert.deepEqual(said, [`2 of 3 workspaces done, 2 rows; ws1 told to wait, until ${at(60_100)}`]);
  await clock.run(service.ended(id));
});

test('a sleep longer than a timer can be does not end at once', async () => {
  const signal = new LocalSignal();
  const sleeping = SYSTEM_CLOCK.sleep(1e12, signal).then(
    () => 'woke',
    () => 'cancelled',
  );
  await SYSTEM_CLOCK.sleep(30);
  signal.abort();
  assert.equal(await sleeping, 'cancelled');
});
