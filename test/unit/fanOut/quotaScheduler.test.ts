import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import type { QuotaLimits } from '../../../src/core/fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { VirtualClock } from '../runs/virtualClock.ts';

const LIMITS: QuotaLimits = { atOnce: 5, startsPerWindow: 200, windowMs: 30_000, windowMarginMs: 100 };

function world(limits = LIMITS) {
  const clock = new VirtualClock();
  const scheduler = new QuotaScheduler(clock, limits);
  const starts: { at: number; name: string }[] = [];
  let running = 0,
    most = 0;
  const job = (
    name: string,
    ms = 100,
    turn: { credential?: string; run?: string; again?: boolean; background?: boolean } = {},
    signal = NEVER as LocalSignal,
  ) =>
    scheduler.take(
      { credential: 'me', run: 'r', ...turn },
      async (waited) => {
        starts.push({ at: clock.now(), name });
        most = Math.max(most, ++running);
        await clock.sleep(ms);
        running--;
        return waited;
      },
      signal,
    );
  return { clock, scheduler, starts, job, most: () => most };
}

test('five at once, the others as places become free', async () => {
  const { clock, job, starts, most } = world();
  const waits = await clock.run(Promise.all(Array.from({ length: 12 }, (_, i) => job(`${i}`))));
  assert.equal(most(), 5);
  assert.deepEqual(
    starts.map((start) => start.at),
    [0, 0, 0, 0, 0, 100, 100, 100, 100, 100, 200, 200],
  );
  assert.deepEqual(waits.slice(9), [100, 200, 200]);
  assert.equal(clock.timers, 0);
});

test('never more than 200 starts in any window of 30 seconds', async () => {
  const { clock, job, starts } = world();
  await clock.run(Promise.all(Array.from({ length: 650 }, (_, i) => job(`${i}`, (i % 7) * 30))));
  for (let i = 200; i < starts.length; i++) assert.ok(starts[i]!.at - starts[i - 200]!.at > 30_000, `start ${i}`);
  assert.ok(clock.now() < 3 * 30_100 + 5_000, `not slower than the quota asks: ${clock.now()}`);
});

test('credentials do not wait for one another; runs on one credential take turns', async () => {
  const { clock, job, starts } = world({ ...LIMITS, atOnce: 1 });
  const jobs = [
    ...['a1', 'a2', 'a3'].map((name) => job(name, 100, { run: 'a' })),
    ...['b1', 'b2'].map((name) => job(name, 100, { run: 'b' })),
    job('other', 100, { credential: 'you' }),
  ];
  await clock.run(Promise.all(jobs));
  assert.deepEqual(
    starts.map((start) => start.name),
    ['a1', 'other', 'a2', 'b1', 'a3', 'b2'],
  );
});

test('a pause the service asked for holds the whole credential, and only that one', async () => {
  const { clock, scheduler, job, starts } = world();
  scheduler.throttled('me', 7_000);
  await clock.run(Promise.all([job('mine'), job('yours', 100, { credential: 'you' })]));
  assert.deepEqual(starts, [
    { at: 0, name: 'yours' },
    { at: 7_000, name: 'mine' },
  ]);
});

test('without a time given, each refusal in a row doubles the pause; being served ends the row', async () => {
  const { clock, scheduler } = world();
  const pauses: number[] = [];
  const refused = async () => {
    await scheduler.take(
      { credential: 'me', run: 'r' },
      async () => {
        pauses.push(clock.now());
        scheduler.throttled('me');
      },
      NEVER,
    );
  };
  await clock.run(
    (async () => {
      for (let i = 0; i < 4; i++) await refused();
    })(),
  );
  assert.deepEqual(pauses, [0, 1_000, 3_000, 7_000]);
  await clock.run(
    (async () => {
      await scheduler.take(
        { credential: 'me', run: 'r' },
        async () => {
          scheduler.served('me');
        },
        NEVER,
      );
      await refused();
      await refused();
    })(),
  );
  assert.equal(pauses[5]! - pauses[4]!, 1_000);
});

test('what were in flight together and refused together count once', async () => {
  const { clock, scheduler, job, starts } = world();
  await clock.run(
    Promise.all(
      Array.from({ length: 5 }, () =>
        scheduler.take(
          { credential: 'me', run: 'r' },
          async () => {
            await clock.sleep(10);
            scheduler.throttled('me');
          },
          NEVER,
        ),
      ),
    ),
  );
  await clock.run(job('next'));
  assert.equal(starts[0]!.at, 1_010);
});

test('a second attempt goes before its run’s queue', async () => {
  const { clock, job, starts } = world({ ...LIMITS, atOnce: 1 });
  const jobs = [job('1'), job('2'), job('again', 100, { again: true })];
  await clock.run(Promise.all(jobs));
  assert.deepEqual(
    starts.map((start) => start.name),
    ['1', 'again', '2'],
  );
});

test('cancelling while waiting ends the wait at once and leaves no timer', async () => {
  const { clock, scheduler, job, starts } = world();
  scheduler.throttled('me', 60_000);
  const signal = new LocalSignal();
  const waiting = job('never', 100, {}, signal);
  signal.abort();
  await assert.rejects(waiting, { code: 'cancelled.byUser' });
  await assert.rejects(job('late', 100, {}, signal), { code: 'cancelled.byUser' });
  assert.deepEqual([starts.length, clock.timers], [0, 0]);
});

test('work that fails gives its place back', async () => {
  const { clock, scheduler, job, starts } = world({ ...LIMITS, atOnce: 1 });
  const failing = scheduler.take(
    { credential: 'me', run: 'r' },
    () => {
      throw new Error('at once');
    },
    NEVER,
  );
  const next = job('next');
  await assert.rejects(failing, /at once/);
  await clock.run(next);
  assert.equal(starts.length, 1);
});

test('work in the background goes behind what a person waits for, and leaves a place and half of the starts', async () => {
  const { clock, job, starts } = world({ ...LIMITS, background: { atOnce: 4, startsPerWindow: 100 } });
  const schemas = Array.from({ length: 300 }, (_, i) => job(`schema ${i}`, 10, { run: 'schema', background: true }));
  await clock.run(clock.sleep(5));
  assert.equal(starts.length, 4, 'one of five places is kept free');
  const mine = job('mine', 100, { run: 'mine' });
  assert.equal(starts.at(-1)!.name, 'mine', 'at once');
  await clock.run(mine);
  await clock.run(clock.sleep(20_000));
  assert.equal(starts.length, 101, 'half of the window is kept free, too');
  await clock.run(Promise.all(Array.from({ length: 99 }, (_, i) => job(`more ${i}`, 10, { run: 'mine' }))));
  assert.ok(clock.now() < 20_500, `nobody waited for the background: ${clock.now()}`);
  await clock.run(Promise.all(schemas));
  const behind = starts.filter((start) => start.name.startsWith('schema'));
  for (let i = 100; i < behind.length; i++) assert.ok(behind[i]!.at - behind[i - 100]!.at > 30_000, `start ${i}`);
  assert.equal(clock.timers, 0);
});

test('what a person asks under the name of work in the background is not held up by it, nor holds it up for ever', async () => {
  const { clock, job, starts } = world({ ...LIMITS, background: { atOnce: 2, startsPerWindow: 100 } });
  const behind = Array.from({ length: 4 }, (_, i) => job(`behind ${i}`, 1000, { run: 'schema', background: true }));
  const mine = Array.from({ length: 6 }, (_, i) => job(`mine ${i}`, 10, { run: 'schema' }));
  await clock.run(Promise.all(mine));
  assert.ok(clock.now() < 100, 'the person waited for nobody');
  await clock.run(Promise.all(behind));
  assert.equal(starts.length, 10);
  const again = job('behind again', 10, { run: 'schema', background: true });
  await clock.run(again);
  assert.equal(clock.timers, 0);
});
