/** What a service allows one credential. */
export interface QuotaLimits {
  readonly atOnce: number;
  /** At most this many starts in any window of `windowMs`. */
  readonly startsPerWindow: number;
  readonly windowMs: number;
  /** The service's clock is not ours: a start is held back this much longer than the window asks. */
  readonly windowMarginMs: number;
  /** The share of both that work nobody waits for may take; all of it where absent. */
  readonly background?: { readonly atOnce: number; readonly startsPerWindow: number };
}

/**
 * What Resource Graph allows one user: 15 requests in 5 s (learn.microsoft.com, guidance for throttled requests). Pages
 * of an answer and the picture of the estate count as well, so a few are left to them.
 */
export const GRAPH_LIMITS: QuotaLimits = { atOnce: 4, startsPerWindow: 12, windowMs: 5_000, windowMarginMs: 100 };

/**
 * What the query API allows one user of searches in Basic and Auxiliary tables. They count among the 200 starts of
 * queries too, so they take few of them.
 */
export const SCAN_LIMITS: QuotaLimits = { atOnce: 2, startsPerWindow: 40, windowMs: 30_000, windowMarginMs: 100 };

/**
 * Resource Manager gives one caller a bucket of 250 reads for each subscription, filled with 25 a second
 * (learn.microsoft.com: Azure Resource Manager, throttling). A fifth of them is left to everything else.
 */
export const ARM_READ_LIMITS: QuotaLimits = { atOnce: 4, startsPerWindow: 100, windowMs: 5_000, windowMarginMs: 100 };

/**
 * What the query API (queries and metadata) allows one user over all workspaces: learn.microsoft.com, Azure Monitor
 * service limits, log queries. Schemas and the like leave a place and half of the starts to the person who runs a
 * query.
 */
export const QUERY_LIMITS: QuotaLimits = {
  atOnce: 5,
  startsPerWindow: 200,
  windowMs: 30_000,
  windowMarginMs: 100,
  background: { atOnce: 4, startsPerWindow: 100 },
};
