import type { KqlType } from '../../model/kqlType.ts';
import { missingValue } from '../database/types.ts';
import type { EngineTable } from '../face.ts';
import { NOT_QUITE_JSON } from '../functions/parseJson.ts';
import { assignIds } from '../translate/relation.ts';
import type { RunTable } from './runTable.ts';

/**
 * The rows of a run as a table for KQL, under this name and with the columns that the run shows, attribution first: the
 * stored rows themselves, read through a subquery, so nothing is copied and rows that come later are in it as well. New
 * columns are not: ask again. Only an engine on the store's own database can read it.
 */
export function runAsTable(table: RunTable, name: string): EngineTable {
  const columns = table.columns();
  const list = assignIds(columns).map(({ id, type }, i) =>
    table.created ? `${asPhysical(type, columns[i]!.physical)} AS ${id}` : `${missingValue(type)} AS ${id}`,
  );
  return {
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
    source: `(SELECT ${list.join(', ')} ${table.created ? `FROM ${table.relation}` : 'WHERE FALSE'})`,
    ...(table.rowCount() === 0 ? { empty: true } : {}),
  };
}

/**
 * A stored value in the form the engine computes with (functions/contract.ts). Rows are stored as the service wrote
 * them; for most types the two are the same. A guid is in lower case there, a dynamic compact JSON.
 */
function asPhysical(type: KqlType, stored: string): string {
  switch (type) {
    case 'guid':
      return `nullif(lower(${stored}), '')`;
    case 'decimal':
      return `nullif(${stored}, '')`;
    case 'dynamic':
      return `(CASE WHEN json_valid(${stored}) AND NOT regexp_matches(${stored}, '${NOT_QUITE_JSON}') THEN nullif(CAST(json(${stored}) AS VARCHAR), 'null') WHEN ${stored} <> '' THEN CAST(to_json(${stored}) AS VARCHAR) END)`;
    default:
      return stored;
  }
}
