import type { EmulatedClock } from '../clock.ts';
import { throttled } from './failures.ts';

const QUERIES_PER_WINDOW = 200;
const WINDOW_MS = 30_000;
const AT_ONCE = 5;
const AT_ONCE_CHEAP = 2;
const LONGEST_QUEUE = 200;
const LONGEST_WAIT_MS = 180_000;

interface Waiting {
  readonly start: () => void;
}
interface Lane {
  running: number;
  readonly queue: Waiting[];
}

/**
 * The query API's limits per user: 200 queries in 30 seconds; 5 at once (2 on Basic and Auxiliary tables), then a
 * queue, first in first out.
 */
export class QueryQuota {
  private readonly clock: EmulatedClock;
  private readonly starts = new Map<string, number[]>();
  private readonly lanes = new Map<string, Lane>();

  constructor(clock: EmulatedClock) {
    this.clock = clock;
  }

  /** Counts a request; throws the 429 where it is one too many. */
  count(user: string): void {
    const now = this.clock.elapsed();
    const recent = (this.starts.get(user) ?? []).filter((time) => now - time < WINDOW_MS);
    this.starts.set(user, recent);
    if (recent.length >= QUERIES_PER_WINDOW)
      throw throttled(
        `The query rate of this user is over the limit of ${QUERIES_PER_WINDOW} queries in ${WINDOW_MS / 1000} seconds.`,
        (WINDOW_MS - (now - recent[0]!)) / 1000,
      );
    recent.push(now);
  }

  /**
   * Waits for a place; call what it returns when the query is over. Throws the 429 where the queue is full or the wait
   * too long.
   */
  async enter(user: string, cheap: boolean, signal: AbortSignal): Promise<() => void> {
    const name = cheap ? `${user} cheap` : user;
    const lane = this.lanes.get(name) ?? { running: 0, queue: [] };
    this.lanes.set(name, lane);
    if (lane.running >= (cheap ? AT_ONCE_CHEAP : AT_ONCE)) await this.queue(lane, signal);
    else lane.running++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = lane.queue.shift();
      // The place passes on to who waited longest.
      if (next) next.start();
      else if (--lane.running === 0) this.lanes.delete(name);
    };
  }

  private queue(lane: Lane, signal: AbortSignal): Promise<void> {
    if (lane.queue.length >= LONGEST_QUEUE)
      throw throttled(`${LONGEST_QUEUE} queries of this user are waiting already.`, 60);
    return new Promise((resolve, reject) => {
      const leave = (error: Error): void => {
        const index = lane.queue.indexOf(entry);
        if (index < 0) return;
        lane.queue.splice(index, 1);
        done();
        reject(error);
      };
      const gone = (): void => {
        leave(new Error('The client went away.'));
      };
      const timer = setTimeout(() => {
        leave(throttled('The query waited more than three minutes for its turn.', 60));
      }, LONGEST_WAIT_MS);
      timer.unref();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
      };
      const entry: Waiting = {
        start: () => {
          done();
          resolve();
        },
      };
      signal.addEventListener('abort', gone);
      lane.queue.push(entry);
    });
  }
}
