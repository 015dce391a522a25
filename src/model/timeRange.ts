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

/**
 * The same range for everybody, whenever they are asked: what ends now ends at `moment` (milliseconds since 1970).
 * Undefined where the query rules.
 */
export function toTimespanAt(range: TimeRange, moment: number): string | undefined {
  if (range.kind !== 'last') return toTimespan(range);
  const iso = (ms: number): string => new Date(ms).toISOString();
  return `${iso(moment - range.minutes * 60_000)}/${iso(moment)}`;
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
