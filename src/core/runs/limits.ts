/** What the service allows one user (credential), over all workspaces: learn.microsoft.com, Azure Monitor service limits, log queries. */
export interface QuotaLimits {
  readonly atOnce: number;
  /** At most this many starts in any window of `windowMs`. */
  readonly startsPerWindow: number;
  readonly windowMs: number;
  /** The service's clock is not ours: a start is held back this much longer than the window asks. */
  readonly windowMarginMs: number;
}

export const QUERY_LIMITS: QuotaLimits = { atOnce: 5, startsPerWindow: 200, windowMs: 30_000, windowMarginMs: 100 };

export interface RetryRules {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const RETRY_RULES: RetryRules = { attempts: 3, firstDelayMs: 1_000, maxDelayMs: 30_000 };

/** Characters of a query. The service publishes no number of its own: this one is ours, far above what people write and far below what a body may hold. */
export const MAX_QUERY_LENGTH = 1_000_000;

/** Least time between two snapshots of one run, milliseconds. */
export const SNAPSHOT_EVERY_MS = 100;
