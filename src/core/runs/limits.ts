/**
 * Characters of a query, the one limit of the product. Azure Monitor's service limits (learn.microsoft.com, log
 * queries, as of March 2026) name none for the text of a query; sure is only that a request body may be too large
 * (413). So this number is ours, far above what people write.
 */
export const MAX_QUERY_LENGTH = 1_000_000;

/** Least time between two snapshots of one run, milliseconds. */
export const SNAPSHOT_EVERY_MS = 100;
