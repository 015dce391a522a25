import { setMaxListeners } from 'node:events';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError, cancelled } from '../base/errors.ts';
import { toAzureError } from './errors.ts';
import type { ErrorSubject } from './errors/subject.ts';

/** What one call to Azure is about, how long it may take and who may stop it. */
export interface CallOptions {
  readonly subject: ErrorSubject;
  readonly signal?: CancelSignal | undefined;
  readonly deadlineMs: number;
}

/** Lists and single reads. */
export const READ_DEADLINE_MS = 100_000;

/**
 * Runs one SDK call: the SDKs want a real AbortSignal, and what listens to ours must not outlive the call; a service
 * that never answers ends with `service.timeout`; whatever is thrown comes out as an AppError.
 */
export async function callAzure<T>(
  options: CallOptions,
  call: (abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { signal, subject, deadlineMs } = options;
  if (signal?.aborted) throw cancelled();
  const controller = new AbortController();
  // A poller listens anew at every look and forgets none: that is no leak worth a warning on somebody's terminal.
  setMaxListeners(0, controller.signal);
  let late = false;
  const onAbort = (): void => {
    controller.abort();
  };
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, deadlineMs);
  signal?.addEventListener('abort', onAbort);
  try {
    return await call({ abortSignal: controller.signal });
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    if (late)
      throw new AppError(
        'service.timeout',
        `No answer for the ${subject.what} within ${Math.round(deadlineMs / 1000)} s. Try again, or narrow the time range.`,
        { retryable: true },
      );
    throw toAzureError(error, subject);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
