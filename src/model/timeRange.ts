/**
 * The time picker's range, sent beside the query: the last so many minutes, fixed ends (ISO), or what the query itself
 * says.
 */
export type TimeRange =
  | { readonly kind: 'last'; readonly minutes: number }
  | { readonly kind: 'between'; readonly from: string; readonly to: string }
  | { readonly kind: 'inQuery' };

/** The query API's `timespan` (ISO 8601 duration or `from/to`), undefined where the query rules. */
export function toTimespan(range: TimeRange): string | undefined {
  if (range.kind === 'inQuery') return undefined;
  return range.kind === 'last' ? `PT${range.minutes}M` : `${range.from}/${range.to}`;
}

/** Comments and string literals of KQL, which say nothing about the query's own time filter. */
const ASIDE = /\/\/[^\n]*|@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'/g;
const TIME_FILTER = /\bTimeGenerated\s*(?:[<>]=?|==|\b(?:between|in)\b)/i;

/**
 * What is sent beside the query: a query that filters `TimeGenerated` itself rules, as it does in the portal; asking
 * for seven days under a picker that says one would quietly answer for one.
 */
export function effectiveTimeRange(range: TimeRange, query: string): TimeRange {
  return TIME_FILTER.test(query.replaceAll(ASIDE, ' ')) ? { kind: 'inQuery' } : range;
}
