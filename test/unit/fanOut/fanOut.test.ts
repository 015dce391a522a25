import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter } from '../../../src/base/limiter.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { fanOut } from '../../../src/core/fanOut/fanOut.ts';
import type { FanOut } from '../../../src/core/fanOut/fanOut.ts';
import { QUERY_LIMITS } from '../../../src/core/fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { failure } from '../runs/world.ts';
import { VirtualClock } from '../runs/virtualClock.ts';

/** Work that takes 100 ms a target; `script` says what each attempt gives. */
function world<V>(script: (target: string, attempt: number) => V | Error, more: Partial<FanOut<string, V>> = {}) {
  const clock = new VirtualClock();
  const begun: [string, number][] = [];
  let running = 0,
    most = 0;
  const job = (targets: readonly string[], change: Partial<FanOut<string, V>> = {}): FanOut<string, V> => ({
    targets,
    name: 'test',
    quota: new QuotaScheduler(clock, { ...QUERY_LIMITS, atOnce: 2 }),
    random: () => 1,
    work: async (target, { number }) => {
      begun.push([target, clock.now()]);
      most = Math.max(most, ++running);
      await clock.sleep(100);
      running--;
      const told = script(target, number);
      if (told instanceof Error) throw told;
      return told;
    },
    ...more,
    ...change,
  });
  return { clock, job, begun, most: () => most };
}

test('the same work at every target, within the quota: outcomes in the order of the targets, progress on the way', async () => {
  const { clock, job, most } = world((target) => (target === 'b' ? failure('access.denied', 'Not b.') : target.length));
  const progress: string[] = [];
  const settled = await clock.run(
    fanOut(
      job(['aaa', 'b', 'cc', 'd'], {
        settled: ({ target }, { settled: done, total }) => {
          progress.push(`${target} ${done}/${total}`);
        },
      }),
    ),
  );
  assert.deepEqual(
    settled.map(({ target, outcome }) => [target, outcome.ok ? outcome.value : outcome.error.message]),
    [
      ['aaa', 3],
      ['b', 'Not b.'],
      ['cc', 2],
      ['d', 1],
    ],
  );
  assert.deepEqual(progress, ['aaa 1/4', 'b 2/4', 'cc 3/4', 'd 4/4']);
  assert.deepEqual([most(), clock.now(), clock.timers], [2, 200, 0]);
});

test('what may pass is tried again without a place held meanwhile; what cannot pass is not', async () => {
  const { clock, job, begun } = world((target, attempt) =>
    target === 'flaky' && attempt < 3
      ? failure('network.reset', 'The line broke.', true)
      : target === 'closed'
        ? failure('access.denied', 'No.')
        : 'there',
  );
  const again: string[] = [];
  const settled = await clock.run(
    fanOut(
      job(['flaky', 'closed', 'quick', 'quick2'], {
        retrying: (target, error) => {
          again.push(`${target} ${error.code}`);
        },
      }),
    ),
  );
  assert.deepEqual(
    settled.map(({ outcome, attempts }) => [outcome.ok, attempts]),
    [
      [true, 3],
      [false, 1],
      [true, 1],
      [true, 1],
    ],
  );
  assert.deepEqual(again, ['flaky network.reset', 'flaky network.reset']);
  assert.deepEqual(
    begun.map(([target, at]) => `${target} ${at}`),
    ['flaky 0', 'closed 0', 'quick 100', 'quick2 100', 'flaky 1100', 'flaky 3200'],
  );
});

test('a client that tries again by itself is asked once, and its throttling pauses nobody else', async () => {
  const { clock, job, begun } = world((target) =>
    target === 'a' ? failure('service.throttled', 'Slow.', true, { retryAfterMs: 60_000 }) : 'there',
  );
  const settled = await clock.run(fanOut(job(['a', 'b', 'c'], { quota: new Limiter(2) })));
  assert.deepEqual(
    settled.map(({ outcome, attempts }) => [outcome.ok, attempts]),
    [
      [false, 1],
      [true, 1],
      [true, 1],
    ],
  );
  assert.deepEqual(begun.at(-1), ['c', 100]);
});

test('a target nobody can ask is an outcome at once and takes no place', async () => {
  const { clock, job, begun } = world(() => 'there');
  const [none, some] = await clock.run(
    fanOut(
      job(['none', 'some'], {
        credentialOf: (target) => {
          if (target === 'none') throw failure('access.noPath', 'Nobody reaches it.');
          return 'me';
        },
      }),
    ),
  );
  assert.deepEqual([none!.outcome.ok, none!.attempts, some!.outcome.ok], [false, 0, true]);
  assert.deepEqual(begun, [['some', 0]]);
});

test('cancelling settles everything that is not done at once, also where the work does not hear it', async () => {
  const { clock, job } = world(() => 'there');
  const signal = new LocalSignal();
  const slow = job(['quick', 'deaf', 'waiting'], {
    signal,
    work: (target) => (target === 'quick' ? Promise.resolve('there') : new Promise(() => undefined)),
  });
  const ended = fanOut({ ...slow, quota: new Limiter(1) });
  await clock.run(clock.sleep(500));
  signal.abort();
  const settled = await clock.run(ended);
  assert.deepEqual(
    settled.map(({ outcome, attempts }) => [outcome.ok ? outcome.value : outcome.error.code, attempts]),
    [
      ['there', 1],
      ['cancelled.byUser', 1],
      ['cancelled.byUser', 0],
    ],
  );
  assert.equal(clock.now(), 500);
});

test('a large value keeps its place until it is stored; a store that fails is the outcome, and not asked again', async () => {
  const { clock, job, begun } = world((target) => target);
  const settled = await clock.run(
    fanOut(
      job(['large', 'small', 'broken'], {
        quota: new Limiter(1),
        keepsPlace: (value) => value === 'large',
        finish: async (value) => {
          await clock.sleep(1_000);
          if (value === 'broken') throw failure('network.reset', 'The disk is far away.', true);
        },
      }),
    ),
  );
  assert.deepEqual(
    settled.map(({ outcome, attempts }) => [outcome.ok, attempts]),
    [
      [true, 1],
      [true, 1],
      [false, 1],
    ],
  );
  assert.deepEqual(begun, [
    ['large', 0],
    ['small', 1_100],
    ['broken', 1_200],
  ]);
});
