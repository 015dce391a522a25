import type { ColumnStatistics } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import { toCellText } from './cells.ts';
import { readDynamicStatistics } from './dynamicStatistics.ts';
import type { RunTable } from './runTable.ts';
import { emptyOf } from './selection.ts';
import type { ShownColumn } from './storedColumns.ts';

const TOP = 10;

/**
 * Exact over all rows that `where` lets pass (a clause over `r` with the word, or empty). Least and greatest are told
 * for everything with an order; of a dynamic, which has none, what its values are like.
 */
export async function readStatistics(
  session: Session,
  table: RunTable,
  column: ShownColumn,
  where: string,
): Promise<ColumnStatistics> {
  const { type, physical, name } = column;
  // Decimals are stored as text; their order is that of the numbers.
  const [least, most] =
    type === 'decimal'
      ? [
          `arg_min(${physical}, TRY_CAST(${physical} AS DOUBLE))`,
          `arg_max(${physical}, TRY_CAST(${physical} AS DOUBLE))`,
        ]
      : [`min(${physical})`, `max(${physical})`];
  const present = `NOT ${emptyOf(column)}`;
  const [[rows, filled, distinct, min, max] = []] = await session.all(
    `SELECT count(*), count(*) FILTER (${present}), count(DISTINCT ${physical}) FILTER (${present}), ${least} FILTER (${present}), ${most} FILTER (${present}) FROM ${table.relation} ${where}`,
  );
  const top = await session.all(
    `SELECT ${physical}, count(*) n FROM ${table.relation} ${where ? `${where} AND` : 'WHERE'} ${present} GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${TOP}`,
  );
  const ordered = type !== 'dynamic' && Number(filled) > 0;
  const dynamic = type === 'dynamic' ? await readDynamicStatistics(session, table.relation, column, where) : undefined;
  return {
    column: name,
    rows: Number(rows),
    empty: Number(rows) - Number(filled),
    distinct: Number(distinct),
    ...(ordered ? { min: toCellText(type, min ?? null), max: toCellText(type, max ?? null) } : {}),
    top: top.map(([value, count]) => ({ value: toCellText(type, value ?? null), count: Number(count) })),
    ...(dynamic ? { dynamic } : {}),
  };
}
