import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { cancelled } from '../../base/errors.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { QUERY_LIMITS } from './limits.ts';
import type { QuotaLimits } from './limits.ts';

/** Who asks: the credential whose quota it is, and the run, so that two runs on one credential take turns. */
export interface Turn {
  readonly credential: string;
  readonly run: string;
  /** Ahead of the run's own queue: it waited before. */ readonly again?: boolean;
}

/**
 * Keeps the service's quotas per credential: so many at once, so many starts in any window, nothing while the service
 * asked for a pause.
 * Credentials do not wait for one another; runs on one credential take turns. Time comes from the clock, so it can be
 * virtual.
 */
export class QuotaScheduler {
  private readonly lanes = new Map<string, Lane>();
  private readonly clock: Clock;
  private readonly limits: QuotaLimits;

  constructor(clock: Clock, limits: QuotaLimits = QUERY_LIMITS) {
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Does `work` when its credential has room. `work` hears how many milliseconds it waited. Rejects with
   * `cancelled.byUser`
   * as soon as the signal fires while it waits; after the start, `work` owns the signal. The place is held until `work`
   * settles.
   */
  take<T>(turn: Turn, work: (waitedMs: number) => Promise<T>, signal: CancelSignal): Promise<T> {
    return this.lane(turn.credential).take(turn, work, signal);
  }

  /**
   * The service asked for a pause (Retry-After), or gave none: then each refusal in a row doubles it, from one second.
   */
  throttled(credential: string, retryAfterMs?: number): void {
    this.lane(credential).throttled(retryAfterMs);
  }

  /** The credential was served: refusals are counted afresh. */
  served(credential: string): void {
    this.lane(credential).served();
  }

  private lane(credential: string): Lane {
    let lane = this.lanes.get(credential);
    if (!lane) this.lanes.set(credential, (lane = new Lane(this.clock, this.limits)));
    return lane;
  }
}

interface Waiter {
  readonly since: number;
  start(waitedMs: number): void;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** One credential's queue. */
class Lane {
  private readonly queues = new Map<string, Waiter[]>();
  private readonly starts: number[] = [];
  private running = 0;
  private pausedUntil = 0;
  private refusals = 0;
  private wake: { readonly at: number; readonly signal: LocalSignal } | undefined;

  private readonly clock: Clock;
  private readonly limits: QuotaLimits;

  constructor(clock: Clock, limits: QuotaLimits) {
    this.clock = clock;
    this.limits = limits;
  }

  take<T>(turn: Turn, work: (waitedMs: number) => Promise<T>, signal: CancelSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(cancelled());
    return new Promise<T>((resolve, reject) => {
      const abandon = (): void => {
        this.remove(turn.run, waiter);
        reject(cancelled());
      };
      const waiter: Waiter = {
        since: this.clock.now(),
        start: (waitedMs) => {
          signal.removeEventListener('abort', abandon);
          void run(work, waitedMs)
            .then(resolve, reject)
            .finally(() => {
              this.running--;
              this.pump();
            });
        },
      };
      signal.addEventListener('abort', abandon);
      const queue = this.queues.get(turn.run) ?? [];
      if (turn.again) queue.unshift(waiter);
      else queue.push(waiter);
      this.queues.set(turn.run, queue);
      this.pump();
    });
  }

  throttled(retryAfterMs: number | undefined): void {
    const now = this.clock.now();
    // Requests in flight together are refused together: within one pause they count as one refusal.
    if (now >= this.pausedUntil) this.refusals++;
    const pause = retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (this.refusals - 1), MAX_PAUSE_MS);
    this.pausedUntil = Math.max(this.pausedUntil, now + pause);
  }

  served(): void {
    if (this.clock.now() >= this.pausedUntil) this.refusals = 0;
  }

  /** Starts all that may start now, and wakes up when the next one may. */
  private pump(): void {
    while (this.queues.size > 0 && this.running < this.limits.atOnce) {
      const now = this.clock.now();
      const at = this.mayStartAt(now);
      if (at > now) {
        this.wakeAt(at, now);
        return;
      }
      const waiter = this.next();
      if (!waiter) break;
      this.running++;
      this.starts.push(now);
      waiter.start(now - waiter.since);
    }
    // A timer left behind would keep a process alive that has nothing to do.
    if (this.queues.size === 0) {
      this.wake?.signal.abort();
      this.wake = undefined;
    }
  }

  private mayStartAt(now: number): number {
    const { startsPerWindow, windowMs, windowMarginMs } = this.limits;
    const span = windowMs + windowMarginMs;
    while (this.starts.length > 0 && this.starts[0]! + span <= now) this.starts.shift();
    const window = this.starts.length < startsPerWindow ? 0 : this.starts[this.starts.length - startsPerWindow]! + span;
    return Math.max(window, this.pausedUntil);
  }

  private wakeAt(at: number, now: number): void {
    if (this.wake && this.wake.at <= at && this.wake.at > now) return;
    this.wake?.signal.abort();
    const wake = { at, signal: new LocalSignal() };
    this.wake = wake;
    const awake = (): void => {
      if (this.wake === wake) {
        this.wake = undefined;
        this.pump();
      }
    };
    this.clock.sleep(at - now, wake.signal).then(awake, () => undefined);
  }

  /** The first of the queue whose turn it is; that queue goes to the end of the line. */
  private next(): Waiter | undefined {
    for (const [run, queue] of this.queues) {
      this.queues.delete(run);
      const waiter = queue.shift();
      if (queue.length > 0) this.queues.set(run, queue);
      if (waiter) return waiter;
    }
    return undefined;
  }

  private remove(run: string, waiter: Waiter): void {
    const left = this.queues.get(run)?.filter((entry) => entry !== waiter);
    if (left?.length) this.queues.set(run, left);
    else this.queues.delete(run);
    this.pump();
  }
}

/** A `work` that throws before its first await fails as a rejection like any other. */
async function run<T>(work: (waitedMs: number) => Promise<T>, waitedMs: number): Promise<T> {
  return work(waitedMs);
}
