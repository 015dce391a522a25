import type { EmulatedClock } from '../clock.ts';
import { throttled } from '../faultAnswers.ts';
import { ServiceError } from '../router.ts';

const MINUTE_MS = 60_000;
const MOST_REQUESTS = 12_000;
const MOST_BYTES = 2_000_000_000;

/** What one data collection rule takes in a minute: 12,000 requests and 2 GB. */
export class IngestionLimits {
  private readonly clock: EmulatedClock;
  private readonly taken = new Map<string, { since: number; requests: number; bytes: number }>();

  constructor(clock: EmulatedClock) {
    this.clock = clock;
  }

  /** Counts one request, or throws 429 with the time until the minute is over. */
  take(rule: string, bytes: number): void {
    const now = this.clock.elapsed();
    let minute = this.taken.get(rule);
    if (!minute || now - minute.since >= MINUTE_MS)
      this.taken.set(rule, (minute = { since: now, requests: 0, bytes: 0 }));
    if (minute.requests >= MOST_REQUESTS || minute.bytes + bytes > MOST_BYTES)
      throw new ServiceError(
        throttled('ingestion', Math.ceil((minute.since + MINUTE_MS - now) / 1_000)),
        'too much in a minute',
      );
    minute.requests++;
    minute.bytes += bytes;
  }
}
