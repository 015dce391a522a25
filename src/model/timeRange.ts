/** The time picker's range, sent beside the query: the last so many minutes, fixed ends (ISO), or what the query itself says. */
export type TimeRange =
  | { readonly kind: 'last'; readonly minutes: number }
  | { readonly kind: 'between'; readonly from: string; readonly to: string }
  | { readonly kind: 'inQuery' };

/** The query API's `timespan` (ISO 8601 duration or `from/to`), undefined where the query rules. */
export function toTimespan(range: TimeRange): string | undefined {
  if (range.kind === 'inQuery') return undefined;
  return range.kind === 'last' ? `PT${range.minutes}M` : `${range.from}/${range.to}`;
}
