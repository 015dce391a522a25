import type { CancelSignal } from '../../../src/base/cancel.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { cancelled } from '../../../src/base/errors.ts';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Time that passes only in `run`: as fast as the work allows, one event after another, in order. */
export class VirtualClock implements Clock {
  private time = 0;
  private count = 0;
  private sleepers: Sleeper[] = [];

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: CancelSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.sleepers = this.sleepers.filter((entry) => entry !== sleeper);
        reject(cancelled());
      };
      const sleeper: Sleeper = {
        at: this.time + Math.max(0, ms),
        order: this.count++,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', abort);
    });
  }

  /** Lets time pass until `work` is done; fails where it waits for nothing that will come. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = work.finally(() => {
      done = true;
    });
    end.catch(() => undefined);
    for (;;) {
      await settle();
      if (done) return end;
      if (this.sleepers.length === 0) throw new Error('Nothing will ever happen: the work waits, but no timer is set.');
      const next = this.sleepers.reduce((a, b) => (b.at < a.at || (b.at === a.at && b.order < a.order) ? b : a));
      this.sleepers = this.sleepers.filter((entry) => entry !== next);
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
  }

  /** How many timers are set: none may be left when the work is over. */
  get timers(): number {
    return this.sleepers.length;
  }
}

/** Until no promise callback is left to run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
