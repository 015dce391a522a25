import type { CancelSignal } from './cancel.ts';
import { cancelled } from './errors.ts';

/** Lets at most `max` tasks run at once, first come first served. A cancelled task that still waits never starts. */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  async run<T>(task: () => Promise<T>, signal?: CancelSignal): Promise<T> {
    if (signal?.aborted) throw cancelled();
    if (this.running >= this.max) await this.turn(signal);
    else this.running++;
    try {
      return await task();
    } finally {
      // The place goes straight to the next in line, so that a newcomer cannot overtake.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private turn(signal?: CancelSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.waiting.splice(this.waiting.indexOf(start), 1);
        reject(cancelled());
      };
      this.waiting.push(start);
      signal?.addEventListener('abort', onAbort);
    });
  }
}
