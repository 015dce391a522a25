import { kqlTable, kqlText } from '../look/kql.ts';
import { fullTables } from './fullTables.ts';
import type { QueryFact } from './queryFact.ts';

/** What each resource, else computer, wrote in the last day into each table that is billed. */
export function sourcesQuery(tables: readonly string[]): string {
  const legs = tables.map(
    (name) =>
      `    (${kqlTable(name)} | where column_ifexists("TimeGenerated", now()) > ago(1d) | project Table = ${kqlText(name)}, Resource = tolower(tostring(column_ifexists("_ResourceId", ""))), Computer = tolower(tostring(column_ifexists("Computer", ""))), Bytes = iff(tostring(column_ifexists("_IsBillable", "")) =~ "true", todouble(column_ifexists("_BilledSize", 0.0)), 0.0))`,
  );
  return `union
${legs.join(',\n')}
| extend Source = iff(isnotempty(Resource), Resource, Computer)
| where isnotempty(Source)
| summarize Rows = count(), GB = sum(Bytes) / 1e9 by Source, Table
| order by Source asc, Table asc`;
}

/** Sources of the billed tables of the last day: asked where the same rows may lie in two workspaces. */
export const sources: QueryFact<'sources'> = {
  name: 'sources',
  timespan: 'P1D',
  plan(about) {
    const tables = fullTables(about, ({ billable }) => billable);
    if ('unknown' in tables) return tables;
    const { read, leftOut } = tables;
    if (read.length === 0) return { known: [], source: about.usage!.source };
    return { query: sourcesQuery(read), tables: read, leftOut };
  },
  read: (rows) =>
    rows.map((row) => ({
      source: row.text('Source'),
      table: row.text('Table'),
      rows: row.number('Rows'),
      gb: row.sum('GB'),
    })),
};
