import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, cancelled, familyOf, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import { Limiter } from '../../../base/limiter.ts';
import { LocalSignal } from '../../../base/rpc.ts';

/** Failures of the line or of the service in a row after which a tenant is not asked any more. */
const MOST_IN_A_ROW = 3;

/** A pause that one tenant may ask of everybody who shares its quota: the service's own window is half as long. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * What one kind of question bears of each tenant: so many at once, so long each, so many failures in a row. A tenant
 * that hangs holds those places for that long, and costs the others nothing more.
 */
export class Patience {
  private readonly limits: { readonly atOnce: number; readonly deadlineMs: number };
  private readonly clock: Clock;
  private readonly turns = new Map<string, Limiter>();
  private readonly failures = new Map<string, { count: number; last: AppErrorData }>();

  constructor(clock: Clock, limits: { readonly atOnce: number; readonly deadlineMs: number }) {
    this.clock = clock;
    this.limits = limits;
  }

  /** Does `work` when it is this tenant's turn. */
  turn<T>(tenant: string, work: () => Promise<T>, signal: CancelSignal): Promise<T> {
    let turns = this.turns.get(tenant);
    if (!turns) this.turns.set(tenant, (turns = new Limiter(this.limits.atOnce)));
    return turns.run(work, signal);
  }

  /**
   * One attempt at a tenant, within the deadline. Rejects at once with the last error where the tenant was given up;
   * `begun` is called where it was not.
   */
  async attempt<T>(
    tenant: string,
    work: (signal: CancelSignal) => Promise<T>,
    signal: CancelSignal,
    begun: () => void,
  ): Promise<T> {
    const failed = this.failures.get(tenant);
    if (failed && failed.count >= MOST_IN_A_ROW) throw notAsked(failed.last);
    begun();
    try {
      const value = await withDeadline(this.clock, this.limits.deadlineMs, work, signal);
      this.failures.delete(tenant);
      return value;
    } catch (thrown) {
      throw this.note(tenant, toAppError(thrown));
    }
  }

  private note(tenant: string, error: AppError): AppError {
    const family = familyOf(error.code);
    // No sign-in: the next call has none either.
    const count = family === 'auth' ? MOST_IN_A_ROW : family === 'service' || family === 'network' ? 1 : 0;
    if (count === 0) {
      if (family !== 'cancelled') this.failures.delete(tenant);
      return error;
    }
    this.failures.set(tenant, { count: (this.failures.get(tenant)?.count ?? 0) + count, last: error.toData() });
    const asked = error.data?.['retryAfterMs'];
    if (typeof asked !== 'number' || asked <= LONGEST_PAUSE_MS) return error;
    return AppError.fromData({ ...error.toData(), data: { ...error.data, retryAfterMs: LONGEST_PAUSE_MS } });
  }
}

/** No refusal of the service that just came: that it throttles would hold up everybody once more. */
function notAsked(last: AppErrorData): AppError {
  const code = last.code === 'service.throttled' ? 'service.unavailable' : last.code;
  return AppError.fromData({ ...last, code, retryable: false, data: { ...last.data, notAsked: true } });
}

/** The work, or `service.deadline` once its time is over; then its signal has fired too. */
async function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: CancelSignal) => Promise<T>,
  signal: CancelSignal,
): Promise<T> {
  const inner = new LocalSignal();
  const timer = new LocalSignal();
  const stop = (): void => {
    inner.abort();
  };
  if (signal.aborted) throw cancelled();
  signal.addEventListener('abort', stop);
  const late = clock.sleep(ms, timer).then(() => {
    inner.abort();
    throw new AppError('service.deadline', `No answer within ${Math.round(ms / 1000)} s. Try again later.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work(inner), late]);
  } finally {
    timer.abort();
    signal.removeEventListener('abort', stop);
  }
}
