/**
 * What the service allows one user (credential), over all workspaces: learn.microsoft.com, Azure Monitor service
 * limits, log queries.
 */
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

/**
 * Characters of a query, the one limit of the product. Azure Monitor's service limits (learn.microsoft.com, log
 * queries, as of March 2026) name none
 * for the text of a query; sure is only that a request body may be too large (413). So this number is ours, far above
 * what people write.
 */
export const MAX_QUERY_LENGTH = 1_000_000;

/** Least time between two snapshots of one run, milliseconds. */
export const SNAPSHOT_EVERY_MS = 100;
