import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';

/** How often one piece of work is tried, and how long is waited between two attempts. */
export interface RetryRules {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Three attempts, about 1 s before the second, never more than 30 s before another. */
export const RETRY_RULES: RetryRules = { attempts: 3, firstDelayMs: 1_000, maxDelayMs: 30_000 };

/**
 * Whether the same question may be asked again: throttling, trouble of the service or of the line. Never sign-in,
 * access or the query itself.
 */
export function isRetryable(error: AppErrorData): boolean {
  const family = familyOf(error.code);
  return error.retryable && (family === 'service' || family === 'network');
}

/**
 * Milliseconds before attempt number `attempt` + 1: doubling, spread over its upper half so that targets do not come
 * back together. `random` in [0, 1).
 */
export function retryDelay(attempt: number, rules: RetryRules, random: () => number): number {
  const full = Math.min(rules.firstDelayMs * 2 ** (attempt - 1), rules.maxDelayMs);
  return Math.round(full / 2 + (random() * full) / 2);
}

/** The longest pause of one target that is waited for: past it the target has failed, and says when to come back. */
export const LONGEST_WAIT_MS = 120_000;

/** The service's Retry-After in milliseconds, where it gave one. */
export function retryAfter(error: AppErrorData): number | undefined {
  const value = error.data?.['retryAfterMs'];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
