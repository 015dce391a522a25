import { ownerText } from '../../kql/across/ownRows.ts';
import type { SourceTable } from '../../kql/scopeSchema.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';
import { kqlText } from '../assess/look/kql.ts';

/**
 * Whose the rows of these tables are (`Owner`, a number as `ownersOf` has it; 0 for nobody), and of nobody's rows who
 * sends them. `Rival`: to whom the name of the computer alone would give them. One row for each, most rows first.
 */
export function sendersQuery(rules: readonly AttributionRule[], tables: readonly SourceTable[]): string {
  const legs = tables.map((table) => `    (${leg(rules, table)})`);
  return `union
${legs.join(',\n')}
| extend Rival = iff(Owner == 0 or Rival == Owner, tolong(0), Rival)
| extend Computer = iff(Owner == 0, Computer, ""), Resource = iff(Owner == 0, Resource, "")
| summarize Rows = count(), GB = sum(Bytes) / 1e9 by Table, Owner, Rival, Computer, Resource
| order by Rows desc`;
}

/** The same six columns of every table, whatever it has. */
function leg(rules: readonly AttributionRule[], { name, columns }: SourceTable): string {
  const { before, owner } = ownerText(rules, columns);
  const rival = ownerText(rules, columns, ['computer']).owner;
  const has = new Set(columns.map((column) => column.name));
  const text = (column: string): string => (has.has(column) ? `tolower(tostring(${column}))` : '""');
  const bytes =
    has.has('_IsBillable') && has.has('_BilledSize')
      ? 'iff(tostring(_IsBillable) =~ "true", todouble(_BilledSize), 0.0)'
      : '0.0';
  return [
    kqlName(name),
    ...before,
    `project Table = ${kqlText(name)}, Owner = tolong(${owner}), Rival = tolong(${rival}), Computer = ${text('Computer')}, Resource = ${text('_ResourceId')}, Bytes = ${bytes}`,
  ].join(' | ');
}

/** Of rows that are nobody's: how many (`Rows`), and who sends them (`Source`), most rows first. */
export function nobodysQuery(rules: readonly AttributionRule[], tables: readonly SourceTable[]): string {
  return `${sendersQuery(rules, tables)}
| where Owner == 0
| summarize Rows = sum(Rows) by Source = iff(isempty(Resource), Computer, Resource)
| order by Rows desc, Source asc`;
}
