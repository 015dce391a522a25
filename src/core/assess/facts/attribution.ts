import { kqlTable, kqlText } from '../look/kql.ts';
import { fullTables } from './fullTables.ts';
import type { QueryFact } from './queryFact.ts';

/**
 * Whose the rows of the last day are, of every table that can be read. Each leg brings the same five columns, as a
 * table that has a column with another type, or not at all, must not change the others. `_IsBillable` is a string; a
 * resource id names the subscription where `_SubscriptionId` does not. Some tables of Microsoft's reference have no
 * `TimeGenerated`: the span of the question is all the time they have. The legs are not `isfuzzy`: all of them are
 * listed, so that one that does not resolve is kept from us, and leaving it out would make the shares of the rest
 * wrong.
 */
export function attributionQuery(tables: readonly string[]): string {
  const legs = tables.map(
    (name) =>
      `    (${kqlTable(name)} | where column_ifexists("TimeGenerated", now()) > ago(1d) | project Table = ${kqlText(name)}, Resource = tolower(tostring(column_ifexists("_ResourceId", ""))), Subscription = tolower(tostring(column_ifexists("_SubscriptionId", ""))), Computer = tolower(tostring(column_ifexists("Computer", ""))), Bytes = iff(tostring(column_ifexists("_IsBillable", "")) =~ "true", todouble(column_ifexists("_BilledSize", 0.0)), 0.0))`,
  );
  return `union
${legs.join(',\n')}
| extend Subscription = iff(isempty(Subscription), extract(@"^/subscriptions/([^/]+)", 1, Resource), Subscription)
| extend Domain = extract(@"^[^.]*\\.(.*[a-z].*)$", 1, Computer)
| summarize Rows = count(), GB = sum(Bytes) / 1e9 by Table, Subscription, HasResource = isnotempty(Resource), Domain
| order by Table asc, Rows desc`;
}

/** Rows of the last day by table, subscription, resource and domain: asked where rows of several customers may lie. */
export const attribution: QueryFact<'attribution'> = {
  name: 'attribution',
  timespan: 'P1D',
  plan(about) {
    const tables = fullTables(about);
    if ('unknown' in tables) return tables;
    const { read, leftOut } = tables;
    if (read.length === 0) return { known: [], source: about.usage!.source };
    return { query: attributionQuery(read), tables: read, leftOut };
  },
  read: (rows) =>
    rows.map((row) => ({
      table: row.text('Table'),
      subscription: row.text('Subscription'),
      resource: row.flag('HasResource'),
      domain: row.text('Domain'),
      rows: row.number('Rows'),
      gb: row.sum('GB'),
    })),
};
