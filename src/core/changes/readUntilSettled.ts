import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { ChangeCall, ChangeHandler, Intent } from './changeHandler.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** So long a service may say that it is still at it, after it has said that it was done. */
const PATIENCE_MS = 15 * 60_000;

/**
 * Reads a resource until it is as wanted, and returns it: done means verified. Waits while the service is still at it.
 * Rejects with `service.notVerified` where it came out otherwise or takes too long, or with what a read met.
 */
export async function readUntilSettled(
  handler: ChangeHandler,
  intent: Intent,
  call: ChangeCall,
  clock: Clock,
  tell: (what: string) => void,
): Promise<unknown> {
  const started = clock.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const now = await handler.read(intent, call);
    const found = handler.verify(intent, now);
    if (found.state === 'verified') return now;
    if (found.state === 'different') throw new AppError('service.notVerified', found.message);
    if (clock.now() - started >= PATIENCE_MS)
      throw new AppError(
        'service.notVerified',
        `The service reported success, but after ${PATIENCE_MS / 60_000} minutes it still says: ${found.what}.`,
        { retryable: true },
      );
    tell(found.what);
    await clock.sleep(pause, call.signal);
  }
}
