import type { RowGroups, RowGroupsRequest } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import { toCellText } from './cells.ts';
import type { RunTable } from './runTable.ts';
import type { ShownColumn } from './storedColumns.ts';

/** A page shows so many at a time. */
const MOST = 1000;

/**
 * Counts the rows that `where` lets pass (a clause over `r` with the word, or empty) by the value of a column, exactly
 * and over all of them. What a filter takes for the same is one group: null and "", a GUID in capitals and one without.
 */
export async function readGroups(
  session: Session,
  table: RunTable,
  column: ShownColumn,
  where: string,
  { first, count }: Pick<RowGroupsRequest, 'first' | 'count'>,
): Promise<RowGroups> {
  const limit = Math.min(Math.max(0, Math.trunc(count) || 0), MOST);
  const offset = Math.max(0, Math.trunc(first) || 0);
  // One row at least, which says how many there are in all; without a count where the window is past the last.
  const found = await session.all(
    `WITH groups AS MATERIALIZED (SELECT ${groupedValue(column)} v, count(*) n FROM ${table.relation} ${where} GROUP BY 1),
          part AS (SELECT v, n FROM groups ORDER BY n DESC, v NULLS FIRST LIMIT ${limit} OFFSET ${offset})
     SELECT v, n, (SELECT count(*) FROM groups), (SELECT sum(n) FROM groups)
     FROM (SELECT 1) LEFT JOIN part ON true ORDER BY n DESC, v NULLS FIRST`,
  );
  const [, , total, rows] = found[0] ?? [];
  return {
    column: column.name,
    total: Number(total),
    rows: Number(rows ?? 0),
    groups: found.flatMap(([value, n]) =>
      n === null ? [] : [{ value: toCellText(column.type, value ?? null), count: Number(n) }],
    ),
  };
}

function groupedValue({ type, physical }: ShownColumn): string {
  if (type === 'guid') return `nullif(lower(${physical}), '')`;
  return type === 'string' || type === 'decimal' || type === 'dynamic' ? `nullif(${physical}, '')` : physical;
}
