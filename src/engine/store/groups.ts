import type { RowGroups, RowGroupsRequest } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import { toCellText } from './cells.ts';
import type { RunTable } from './runTable.ts';
import { whereOf } from './selection.ts';
import type { ShownColumn } from './storedColumns.ts';

/** A page shows so many at a time. */
const MOST = 1000;

/**
 * Counts the rows that pass by the value of a column, exactly and over all of them. What a filter takes for the same is
 * one group: null and "", a GUID in capitals and one without.
 */
export async function readGroups(
  session: Session,
  table: RunTable,
  column: ShownColumn,
  { first, count, filters = [], search }: RowGroupsRequest,
): Promise<RowGroups> {
  const where = whereOf(table.columns(), filters, search);
  const limit = Math.min(Math.max(0, Math.trunc(count) || 0), MOST);
  const offset = Math.max(0, Math.trunc(first) || 0);
  const groups = `SELECT ${groupedValue(column)} v, count(*) n FROM ${table.relation} ${where.text} GROUP BY 1`;
  const [[total, rows] = []] = await session.all(`SELECT count(*), sum(n) FROM (${groups})`, where.parameters);
  const found = await session.all(
    `SELECT v, n FROM (${groups}) ORDER BY n DESC, v NULLS FIRST LIMIT ${limit} OFFSET ${offset}`,
    where.parameters,
  );
  return {
    column: column.name,
    total: Number(total),
    rows: Number(rows ?? 0),
    groups: found.map(([value, n]) => ({ value: toCellText(column.type, value ?? null), count: Number(n) })),
  };
}

function groupedValue({ type, physical }: ShownColumn): string {
  if (type === 'guid') return `nullif(lower(${physical}), '')`;
  return type === 'string' || type === 'decimal' || type === 'dynamic' ? `nullif(${physical}, '')` : physical;
}
