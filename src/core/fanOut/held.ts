import type { AppErrorData } from '../../base/errors.ts';

/**
 * Why a target waits and until when (the clock's milliseconds), in words and as `data.retryAt` (ISO). The time of day
 * is the one of the machine's clock, as a person reads it.
 */
export function heldUntil(error: AppErrorData, until: number): AppErrorData {
  const at = new Date(until);
  return {
    ...error,
    message: `${error.message} It is asked again at ${timeOfDay(at)}.`,
    data: { ...error.data, retryAt: at.toISOString() },
  };
}

/**
 * The same for a target that was not asked yet, because the service asked its whole account to wait: `account` as
 * people know it, `by` the names of those that were refused.
 */
export function accountHeldUntil(until: number, account: string, by: readonly string[] = []): AppErrorData {
  const refused = by.length > 0 ? `: ${inWords(by)} ${by.length === 1 ? 'was' : 'were'} refused` : '';
  const error = `The service asks the account ${account} to slow down${refused}.`;
  return heldUntil({ code: 'service.throttled', message: error, retryable: true }, until);
}

/** Names told in a sentence; more are counted. */
const NAMED = 2;

function inWords(names: readonly string[]): string {
  const more = names.length - NAMED;
  if (more > 0) return `${names.slice(0, NAMED).join(', ')} and ${more} more`;
  return names.join(' and ');
}

/** `14:03:09`. */
export function timeOfDay(at: Date): string {
  return at.toTimeString().slice(0, 8);
}
