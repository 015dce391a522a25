import type { CancelSignal } from './cancel.ts';

/** Time as a dependency, so that schedules and quotas can be tested without sleeping. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`, or rejects with `cancelled.byUser` as soon as the signal fires. */
  sleep(ms: number, signal?: CancelSignal): Promise<void>;
}
