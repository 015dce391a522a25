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

/** The same for a target that was not asked yet, because the service asked its whole account to wait. */
export function accountHeldUntil(until: number): AppErrorData {
  const error = 'The service asks this account to slow down.';
  return heldUntil({ code: 'service.throttled', message: error, retryable: true }, until);
}

/** `14:03:09`. */
export function timeOfDay(at: Date): string {
  return at.toTimeString().slice(0, 8);
}
