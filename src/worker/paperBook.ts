import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import { LocalSignal } from '../base/rpc.ts';

/** What nobody carried out is kept until so many newer ones are made. */
const KEPT = 200;

/**
 * What was prepared to be read and is carried out by its id, once; and what is being carried out. Nothing that is sent
 * with an id could change what is done.
 */
export class PaperBook<K> {
  private readonly kept = new Map<string, K>();
  private readonly running = new Map<string, { readonly stop: LocalSignal; readonly done: Promise<unknown> }>();

  keep(id: string, what: K): void {
    this.kept.set(id, what);
    for (const oldest of this.kept.keys())
      if (this.kept.size > KEPT) this.kept.delete(oldest);
      else break;
  }

  /** Throws `input.planUnknown` where it is not there. */
  look(id: string): K {
    const found = this.kept.get(id);
    if (found === undefined)
      throw new AppError('input.planUnknown', 'This plan is not kept any more, or was carried out. Look again.');
    return found;
  }

  /** Carries something out that is not kept from then on. Rejects with `input.planUnknown`, and as `work` does. */
  async carryOut<T>(id: string, work: (what: K, signal: CancelSignal) => Promise<T>): Promise<T> {
    const what = this.look(id);
    this.kept.delete(id);
    const stop = new LocalSignal();
    const done = work(what, stop);
    this.running.set(id, { stop, done });
    try {
      return await done;
    } finally {
      this.running.delete(id);
    }
  }

  /** Stops what is being carried out; nothing where it is not. */
  cancel(id: string): void {
    this.running.get(id)?.stop.abort();
  }

  /** Stops everything and waits until each has its receipt. Never rejects. */
  async close(): Promise<void> {
    const running = [...this.running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.allSettled(running.map(({ done }) => done));
  }
}
