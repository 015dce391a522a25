import { parseDatetime } from '../model/values/datetime.ts';
import { epochMs } from '../model/values/ticks.ts';

/**
 * The emulated time. It runs with real time from a start, or stands still; tests move it. Tokens, creation times and
 * soft delete use `now()`; quotas and long-running operations use `elapsed()`, which goes on while `now()` is frozen,
 * so that a client which waits in real time for a quota gets it.
 */
export class EmulatedClock {
  private base: number;
  private started = performance.now();
  private skipped = 0;
  private stopped: boolean;

  /** `start` ms since 1970 (default the wall clock); `frozen` keeps it there until it is moved. */
  constructor(start = Date.now(), frozen = false) {
    this.base = start;
    this.stopped = frozen;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.stopped ? this.base : Math.floor(this.base + performance.now() - this.started);
  }

  /** Milliseconds that only grow: real time plus every `advance`. */
  elapsed(): number {
    return performance.now() + this.skipped;
  }

  get frozen(): boolean {
    return this.stopped;
  }

  advance(ms: number): void {
    this.base += ms;
    this.skipped += Math.max(0, ms);
  }

  set(time: number): void {
    this.base = time;
    this.started = performance.now();
  }

  freeze(frozen: boolean): void {
    this.set(this.now());
    this.stopped = frozen;
  }

  /** ISO text with the seven fractional digits Azure writes. */
  iso(time = this.now()): string {
    return new Date(time).toISOString().replace('Z', '0000Z');
  }
}

/**
 * Milliseconds since 1970 of a time that somebody wrote, UTC where it names no zone; undefined for what is no time, and
 * for a day the calendar does not have.
 */
export function readInstant(text: string): number | undefined {
  const ticks = /^\s*\d{4}-\d/.test(text) ? parseDatetime(text) : undefined;
  return ticks === undefined ? undefined : epochMs(ticks);
}
