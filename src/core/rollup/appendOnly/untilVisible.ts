import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { cancelled, toAppError } from '../../../base/errors.ts';
import { LONGEST_WAIT_MS, RETRY_RULES, isRetryable, retryAfter, retryDelay } from '../../fanOut/retry.ts';

/** What waiting needs. `random` in [0, 1). */
export interface Waiting {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: CancelSignal;
  /** As `RollupBatch.keepAway`. */
  readonly keepAway?: (() => Promise<void>) | undefined;
}

const FIRST_LOOK_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Well within the time of a lease. */
const KEEP_AWAY_MS = 60_000;

/**
 * Looks until `look` gives something, less and less often; undefined after `withinMs` of waiting. What was waited is
 * added up, so that a clock that jumps neither ends it nor makes it endless.
 */
export async function untilVisible<T>(
  look: () => Promise<T | undefined>,
  withinMs: number,
  { clock, random, signal, keepAway }: Waiting,
): Promise<T | undefined> {
  for (let waited = 0, kept = 0, pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const seen = await withRetries(look, { clock, random, signal });
    if (seen !== undefined || waited >= withinMs) return seen;
    const rest = Math.min(pause, withinMs - waited);
    await clock.sleep(rest, signal);
    waited += rest;
    if (waited - kept < KEEP_AWAY_MS) continue;
    kept = waited;
    await keepAway?.();
  }
}

/** Work that may be done twice, tried again as every question to a service is. Rejects with an AppError. */
export async function withRetries<T>(work: () => Promise<T>, { clock, random, signal }: Waiting): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw cancelled();
    try {
      return await work();
    } catch (thrown) {
      if (signal.aborted) throw cancelled();
      const error = toAppError(thrown);
      const pause = retryAfter(error) ?? retryDelay(attempt, RETRY_RULES, random);
      if (attempt >= RETRY_RULES.attempts || !isRetryable(error) || pause > LONGEST_WAIT_MS) throw error;
      await clock.sleep(pause, signal);
    }
  }
}
