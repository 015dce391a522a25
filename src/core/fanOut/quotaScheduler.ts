import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { cancelled } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { QUERY_LIMITS } from './quotaLimits.ts';
import type { QuotaLimits } from './quotaLimits.ts';

/** Who asks: the credential whose quota it is, and the run, so that two runs on one credential take turns. */
export interface Turn {
  readonly credential: string;
  readonly run: string;
  /** Ahead of the run's own queue: it waited before. */
  readonly again?: boolean;
  /** Nobody waits for it: it goes behind everything else, and takes only the share that the limits leave it. */
  readonly background?: boolean;
}

/**
 * What holds up those of a credential that wait: the service asked it to pause, its starts are used up until a time
 * (both the clock's milliseconds), or its places are taken, `others` of them by other names than the one that asks.
 * `by` are the places (e.g. workspaces) that told it to pause, as far as they are known.
 */
export type Hold =
  | { readonly kind: 'paused'; readonly until: number; readonly by: readonly string[] }
  | { readonly kind: 'starts'; readonly until: number; readonly most: number; readonly windowMs: number }
  | { readonly kind: 'places'; readonly atOnce: number; readonly others: number };

/**
 * Keeps the service's quotas per credential: so many at once, so many starts in any window, nothing while the service
 * asked for a pause.
 * Credentials do not wait for one another; runs on one credential take turns. Time comes from the clock, so it can be
 * virtual.
 */
export class QuotaScheduler {
  private readonly lanes = new Map<string, Lane>();
  private readonly pausing = new Emitter<string>();
  /** A credential was told to pause, or to pause for longer. */
  readonly onDidPause = this.pausing.event;
  /** The time everything here goes by. */
  readonly clock: Clock;
  private readonly limits: QuotaLimits;

  constructor(clock: Clock, limits: QuotaLimits = QUERY_LIMITS) {
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Does `work` when its credential has room. `work` hears how many milliseconds it waited. Rejects with
   * `cancelled.byUser` as soon as the signal fires while it waits; after the start, `work` owns the signal. The place
   * is held until `work` settles.
   */
  take<T>(turn: Turn, work: (waitedMs: number) => Promise<T>, signal: CancelSignal): Promise<T> {
    return this.lane(turn.credential).take(turn, work, signal);
  }

  /**
   * The service asked for a pause (Retry-After), or gave none: then each refusal in a row doubles it, from one second.
   *
   * `place` is who refused, where it was one of many: its pause is its own. The service does not say whose quota is
   * used up, so a second place that refuses before anybody was served makes it the credential's. Never for longer than
   * a minute: what one user may do in all is counted in 30 s, and a longer pause is a place's own trouble.
   */
  throttled(credential: string, retryAfterMs?: number, place?: string): void {
    if (this.lane(credential).throttled(retryAfterMs, place)) this.pausing.fire(credential);
  }

  /** What holds up those of a fan-out that wait for this credential; undefined where nothing does. */
  holdOf(credential: string, run: string): Hold | undefined {
    return this.lanes.get(credential)?.hold(run);
  }

  /** Until when nothing of a credential starts, in the clock's milliseconds; undefined where it is not paused. */
  pausedUntil(credential: string): number | undefined {
    return this.lanes.get(credential)?.paused();
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

/** Those of one run that wait; never empty. */
interface Queue {
  readonly waiters: Waiter[];
  readonly background: boolean;
}

/** The starts of the last `span` milliseconds, of which there may be `most`. */
class StartWindow {
  private readonly starts: number[] = [];
  private readonly most: number;
  private readonly span: number;

  constructor(most: number, span: number) {
    this.most = most;
    this.span = span;
  }

  note(now: number): void {
    this.starts.push(now);
  }

  /** When another start fits; 0 where it does at once. */
  freeAt(now: number): number {
    while (this.starts.length > 0 && this.starts[0]! + this.span <= now) this.starts.shift();
    return this.starts.length < this.most ? 0 : this.starts[this.starts.length - this.most]! + this.span;
  }
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** One credential's queue. */
class Lane {
  private readonly queues = new Map<string, Queue>();
  private readonly starts: StartWindow;
  private readonly backgroundStarts: StartWindow;
  private running = 0;
  private backgroundRunning = 0;
  private pausedUntil = 0;
  private refusals = 0;
  private readonly refusedBy = new Set<string>();
  private pausedBy: readonly string[] = [];
  /** Places taken, by whose queue they came from. */
  private readonly runningOf = new Map<string, number>();
  private wake: { readonly at: number; readonly signal: LocalSignal } | undefined;

  private readonly clock: Clock;
  private readonly limits: QuotaLimits;

  constructor(clock: Clock, limits: QuotaLimits) {
    this.clock = clock;
    this.limits = limits;
    const span = limits.windowMs + limits.windowMarginMs;
    this.starts = new StartWindow(limits.startsPerWindow, span);
    this.backgroundStarts = new StartWindow(limits.background?.startsPerWindow ?? limits.startsPerWindow, span);
  }

  take<T>(turn: Turn, work: (waitedMs: number) => Promise<T>, signal: CancelSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(cancelled());
    const name = queueOf(turn);
    return new Promise<T>((resolve, reject) => {
      const abandon = (): void => {
        this.remove(name, waiter);
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
              this.count(name, -1);
              if (turn.background) this.backgroundRunning--;
              this.pump();
            });
        },
      };
      signal.addEventListener('abort', abandon);
      const queue = this.queues.get(name) ?? { waiters: [], background: turn.background ?? false };
      if (turn.again) queue.waiters.unshift(waiter);
      else queue.waiters.push(waiter);
      this.queues.set(name, queue);
      this.pump();
    });
  }

  /** Whether it made, or lengthened, a pause of the credential. */
  throttled(retryAfterMs: number | undefined, place: string | undefined): boolean {
    if (place !== undefined) {
      if (retryAfterMs !== undefined && retryAfterMs > MAX_PAUSE_MS) return false;
      if (this.refusedBy.add(place).size < 2) return false;
    }
    const now = this.clock.now();
    // Requests in flight together are refused together: within one pause they count as one refusal.
    if (now >= this.pausedUntil) this.refusals++;
    const pause = Math.min(retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (this.refusals - 1), MAX_PAUSE_MS);
    this.pausedBy = [...this.refusedBy];
    const before = this.pausedUntil;
    this.pausedUntil = Math.max(before, now + pause);
    return this.pausedUntil > before;
  }

  hold(run: string): Hold | undefined {
    const now = this.clock.now();
    const { atOnce, startsPerWindow: most, windowMs } = this.limits;
    if (this.pausedUntil > now) return { kind: 'paused', until: this.pausedUntil, by: this.pausedBy };
    const until = this.starts.freeAt(now);
    if (until > now) return { kind: 'starts', until, most, windowMs };
    const own = this.runningOf.get(run) ?? 0;
    return this.running < atOnce ? undefined : { kind: 'places', atOnce, others: this.running - own };
  }

  served(): void {
    this.refusedBy.clear();
    if (this.clock.now() >= this.pausedUntil) this.refusals = 0;
  }

  paused(): number | undefined {
    return this.pausedUntil > this.clock.now() ? this.pausedUntil : undefined;
  }

  /** Starts all that may start now, and wakes up when the next one may. */
  private pump(): void {
    for (let next = this.next(); next; next = this.next()) {
      const [name, queue] = next;
      const now = this.clock.now();
      const at = this.mayStartAt(now, queue);
      if (at > now) {
        this.wakeAt(at, now);
        return;
      }
      // The queue whose turn it was goes to the end of the line.
      const waiter = queue.waiters.shift()!;
      this.queues.delete(name);
      if (queue.waiters.length > 0) this.queues.set(name, queue);
      this.running++;
      this.count(name, 1);
      this.starts.note(now);
      if (queue.background) {
        this.backgroundRunning++;
        this.backgroundStarts.note(now);
      }
      waiter.start(now - waiter.since);
    }
    // A timer left behind would keep a process alive that has nothing to do.
    if (this.queues.size === 0) {
      this.wake?.signal.abort();
      this.wake = undefined;
    }
  }

  private count(run: string, change: number): void {
    const running = (this.runningOf.get(run) ?? 0) + change;
    if (running > 0) this.runningOf.set(run, running);
    else this.runningOf.delete(run);
  }

  private mayStartAt(now: number, queue: Queue): number {
    return Math.max(
      this.starts.freeAt(now),
      queue.background ? this.backgroundStarts.freeAt(now) : 0,
      this.pausedUntil,
    );
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

  /**
   * The queue whose turn it is, as far as there is a place: none of those that wait in the background before others.
   */
  private next(): [string, Queue] | undefined {
    if (this.running >= this.limits.atOnce) return undefined;
    let behind: [string, Queue] | undefined;
    for (const entry of this.queues) {
      if (!entry[1].background) return entry;
      behind ??= entry;
    }
    const share = this.limits.background?.atOnce ?? this.limits.atOnce;
    return this.backgroundRunning < share ? behind : undefined;
  }

  private remove(name: string, waiter: Waiter): void {
    const queue = this.queues.get(name);
    if (!queue) return;
    const waiters = queue.waiters.filter((entry) => entry !== waiter);
    if (waiters.length > 0) this.queues.set(name, { ...queue, waiters });
    else this.queues.delete(name);
    this.pump();
  }
}

/** What nobody waits for stands in a queue of its own, though somebody asks the same under the same name. */
function queueOf({ run, background }: Turn): string {
  return background ? `${run} (background)` : run;
}

/** A `work` that throws before its first await fails as a rejection like any other. */
async function run<T>(work: (waitedMs: number) => Promise<T>, waitedMs: number): Promise<T> {
  return work(waitedMs);
}
