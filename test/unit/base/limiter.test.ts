import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter } from '../../../src/base/limiter.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';

/** A task that ends when told to. */
function held(): { run: () => Promise<void>; end: () => void; started: boolean } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const task = {
    started: false,
    end,
    run: () => {
      task.started = true;
      return ended;
    },
  };
  return task;
}
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('at most so many at once, in the order they came, and a failure frees its place', async () => {
  const limiter = new Limiter(2),
    tasks = [held(), held(), held()];
  const running = tasks.map((task) => limiter.run(task.run));
  const failing = limiter.run(() => Promise.reject(new Error('x')));
  await settle();
  assert.deepEqual(
    tasks.map((task) => task.started),
    [true, true, false],
  );
  tasks[1]!.end();
  await settle();
  assert.equal(tasks[2]!.started, true);
  for (const task of tasks) task.end();
  await Promise.all(running);
  await assert.rejects(failing, /x/);
  await limiter.run(() => Promise.resolve());
});

test('one that waits and is cancelled never starts, and takes no place', async () => {
  const limiter = new Limiter(1),
    first = held(),
    cancelled = held(),
    last = held(),
    signal = new LocalSignal();
  const running = limiter.run(first.run),
    gone = limiter.run(cancelled.run, signal),
    after = limiter.run(last.run);
  signal.abort();
  await assert.rejects(gone, { code: 'cancelled.byUser' });
  first.end();
  await running;
  await settle();
  assert.deepEqual([cancelled.started, last.started], [false, true]);
  last.end();
  await after;
});
