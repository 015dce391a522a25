/**
 * Characters of a query, the one limit of the product. Azure Monitor's service limits (learn.microsoft.com, log
 * queries, as of March 2026) name none for the text of a query; sure is only that a request body may be too large
 * (413). So this number is ours, far above what people write.
 */
export const MAX_QUERY_LENGTH = 1_000_000;

/**
 * How far an answer that the service cuts (at 500,000 rows, or by its size) goes on unless a person says otherwise: it
 * is asked again in slices of time until a workspace gave so many rows or more.
 */
export const MAX_ROWS_PER_WORKSPACE = 2_000_000;
/** What a person can raise it to. */
export const MOST_ROWS_PER_WORKSPACE = 50_000_000;

/** Least time between two snapshots of one run, milliseconds. */
export const SNAPSHOT_EVERY_MS = 100;
