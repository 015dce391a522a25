import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { cancelled, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { QuotaScheduler } from './quotaScheduler.ts';
import { LONGEST_WAIT_MS, RETRY_RULES, isRetryable, retryAfter, retryDelay } from './retry.ts';
import type { RetryRules } from './retry.ts';

/**
 * One attempt at one target: its number from 1, what was waited for quota until now (milliseconds), and who cancels.
 */
export interface Attempt {
  readonly number: number;
  readonly waitedMs: number;
  readonly signal: CancelSignal;
}

/** A target that is done with; `attempts` is 0 where it was never begun. */
export interface Settled<T, V> {
  readonly target: T;
  readonly outcome: Outcome<V>;
  readonly attempts: number;
}

/** The same work at many targets. `targets`, `work` and `quota` are enough. */
export interface FanOut<T, V> {
  readonly targets: readonly T[];
  /** One attempt. What it rejects with is tried again where that may help, else it is the target's outcome. */
  readonly work: (target: T, attempt: Attempt) => Promise<V>;
  /**
   * Within what: the quotas of a service, whose clock is the clock of retries; or so many at once, for work whose
   * client keeps its own pauses and tries again by itself.
   */
  readonly quota: QuotaScheduler | Limiter;
  /**
   * The credential whose quota a target's work uses up; one for all where absent. Throws the AppError of a target that
   * cannot be begun at all.
   */
  readonly credentialOf?: (target: T) => string;
  /**
   * What throttles where it is not the credential's quota, e.g. the workspace: its pause then holds up nobody else.
   * Where absent, every pause is the credential's.
   */
  readonly placeOf?: (target: T) => string;
  /** Whose queue: fan-outs of different names take turns on the same credential. */
  readonly name: string;
  /** Nobody waits for it: what a person started goes before it. */
  readonly background?: boolean;
  readonly signal?: CancelSignal;
  /** Of work within a service's quotas; `RETRY_RULES` where absent. */
  readonly retry?: RetryRules;
  /** In [0, 1): spreads retries. */
  readonly random?: () => number;
  /** What is done with a value beside the quota, e.g. storing it; a rejection is the target's outcome. */
  readonly finish?: (value: V, target: T) => Promise<void>;
  /**
   * True for a value that keeps its place in the quota until `finish` is done: so many of these are in memory, no more.
   */
  readonly keepsPlace?: (value: V) => boolean;
  /** An attempt failed and another will follow, not before `until` (the quota's clock, milliseconds). */
  readonly retrying?: (target: T, error: AppErrorData, until: number) => void;
  /** Called once for each target as it settles. */
  readonly settled?: (one: Settled<T, V>, progress: Progress) => void;
}

/** How far a fan-out is. */
export interface Progress {
  readonly settled: number;
  readonly total: number;
}

/**
 * Does the work at every target, within the quota, with retries; one that fails is an outcome and stops nobody.
 * Outcomes are in the order of the targets. Never rejects for what happened at a target: when `signal` fires, all that
 * is not done yet is settled at once with `cancelled.byUser`.
 */
export function fanOut<T, V>(job: FanOut<T, V>): Promise<readonly Settled<T, V>[]> {
  let settled = 0;
  return Promise.all(
    job.targets.map(async (target) => {
      const one = await settle(job, target, job.signal ?? NEVER);
      job.settled?.(one, { settled: ++settled, total: job.targets.length });
      return one;
    }),
  );
}

async function settle<T, V>(job: FanOut<T, V>, target: T, signal: CancelSignal): Promise<Settled<T, V>> {
  const begun = { attempts: 0 };
  try {
    const { value, finished } = await attempt(job, target, signal, begun);
    if (!finished) await finish(job, value, target, signal);
    else if (finished.status === 'rejected') throw finished.reason;
    return { target, outcome: { ok: true, value }, attempts: begun.attempts };
  } catch (thrown) {
    const error = signal.aborted ? cancelled() : toAppError(thrown);
    return { target, outcome: { ok: false, error: error.toData() }, attempts: begun.attempts };
  }
}

/** A value, and how storing it went where that was done while it still had its place. */
interface Got<V> {
  readonly value: V;
  readonly finished?: PromiseSettledResult<void>;
}

/** Asks until there is a value, or until asking again cannot help. */
async function attempt<T, V>(
  job: FanOut<T, V>,
  target: T,
  signal: CancelSignal,
  begun: { attempts: number },
): Promise<Got<V>> {
  const { name, background, retry = RETRY_RULES, random = Math.random } = job;
  const quota = job.quota instanceof Limiter ? undefined : job.quota;
  const credential = job.credentialOf?.(target) ?? '';
  let waited = 0;
  for (let number = 1; ; number++) {
    const turn = { credential, run: name, again: number > 1, ...(background ? { background } : {}) };
    const once = async (waitedMs: number): Promise<Got<V>> => {
      waited += waitedMs;
      begun.attempts = number;
      try {
        const value = await untilAborted(job.work(target, { number, waitedMs: waited, signal }), signal);
        quota?.served(credential);
        if (!job.keepsPlace?.(value)) return { value };
        const [finished] = await Promise.allSettled([finish(job, value, target, signal)]);
        return { value, finished };
      } catch (thrown) {
        const error = toAppError(thrown);
        // Before the place is given back, so that the next in line does not run into the same refusal.
        if (error.code === 'service.throttled') quota?.throttled(credential, retryAfter(error), job.placeOf?.(target));
        throw error;
      }
    };
    try {
      return await (job.quota instanceof Limiter
        ? job.quota.run(() => once(0), signal)
        : job.quota.take(turn, once, signal));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!quota || signal.aborted || number >= retry.attempts || !isRetryable(error)) throw error;
      const asked = retryAfter(error) ?? 0;
      if (asked > LONGEST_WAIT_MS) throw error;
      const paused = error.code === 'service.throttled' ? quota.pausedUntil(credential) : undefined;
      // A credential that is paused as a whole waits in the quota; other troubles wait on their own, without holding a
      // place.
      const wait = paused === undefined ? Math.max(retryDelay(number, retry, random), asked) : 0;
      job.retrying?.(target, error.toData(), paused ?? quota.clock.now() + wait);
      if (wait > 0) await quota.clock.sleep(wait, signal);
      if (error.code === 'service.throttled') waited += wait;
    }
  }
}

async function finish<T, V>(job: FanOut<T, V>, value: V, target: T, signal: CancelSignal): Promise<void> {
  if (!job.finish) return;
  if (signal.aborted) throw cancelled();
  await job.finish(value, target);
}

/** The work, or `cancelled.byUser` as soon as the signal fires: work that is slow to hear of it holds up nobody. */
export function untilAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(cancelled());
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
