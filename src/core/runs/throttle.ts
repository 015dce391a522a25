import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { LocalSignal } from '../../base/rpc.ts';

/**
 * Calls `action` soon after it is triggered, but at most once in `everyMs`. Disposing drops a call that is still due.
 */
export class Throttle implements Disposable {
  private last = -Infinity;
  private due = false;
  private readonly signal = new LocalSignal();
  private readonly clock: Clock;
  private readonly everyMs: number;
  private readonly action: () => void;

  constructor(clock: Clock, everyMs: number, action: () => void) {
    this.clock = clock;
    this.everyMs = everyMs;
    this.action = action;
  }

  trigger(): void {
    if (this.due || this.signal.aborted) return;
    const wait = this.last + this.everyMs - this.clock.now();
    if (wait <= 0) {
      this.act();
      return;
    }
    this.due = true;
    this.clock.sleep(wait, this.signal).then(
      () => {
        this.due = false;
        this.act();
      },
      () => undefined,
    );
  }

  dispose(): void {
    this.signal.abort();
  }

  private act(): void {
    this.last = this.clock.now();
    this.action();
  }
}
