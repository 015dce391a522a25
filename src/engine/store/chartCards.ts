import type { ChartData, ChartRequest } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import { toViewCell } from './cells.ts';
import type { RunTable } from './runTable.ts';
import { whereOf } from './selection.ts';

/** Cards of a page at most. */
const MAX_CARDS = 60;

/**
 * What `render card` shows: the first row of each workspace's answer, as one set of values. By customer, then
 * workspace.
 * https://learn.microsoft.com/kusto/query/visualization-card
 */
export async function readCards(session: Session, table: RunTable, question: ChartRequest): Promise<ChartData> {
  const own = table.columns().filter(({ attribution }) => !attribution);
  const where = whereOf(table.columns(), question.filters ?? [], undefined);
  const rows = await session.all(
    `SELECT customer, workspace, ${own.map((_, i) => `v${i}`).join(', ')} FROM (
      SELECT a.customer, a.workspace, ${own.map(({ physical }, i) => `${physical} v${i}`).join(', ')},
        row_number() OVER (PARTITION BY r.t ORDER BY r.seq) place FROM ${table.relation} ${where.text})
    WHERE place = 1 ORDER BY customer, workspace`,
    where.parameters,
  );
  const customers = new Set(rows.map((row) => row[0]));
  const nameOf = (customer: unknown, workspace: unknown): string =>
    rows.length === 1 ? '' : `${String(customer)}${customers.size === rows.length ? '' : ` · ${String(workspace)}`}`;
  return {
    kind: question.kind,
    xType: 'category',
    xName: '',
    series: [],
    thinned: false,
    cards: rows.slice(0, MAX_CARDS).map(([customer, workspace, ...values]) => ({
      name: nameOf(customer, workspace),
      values: own.map(({ name, type }, i) => ({ column: name, type, value: toViewCell(type, values[i]!) })),
    })),
    ...(rows.length > MAX_CARDS ? { otherCards: rows.length - MAX_CARDS } : {}),
    ...(rows.length === 0 ? { problem: 'There are no rows to show.' } : {}),
  };
}
