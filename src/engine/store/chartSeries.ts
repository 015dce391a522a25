import type { ChartRequest } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import type { Sql } from './selection.ts';

/** Which series are told apart, and how many are drawn as one. */
export interface Ranked {
  /** By panel, the largest total first; `points` at most, before they are added up. */
  readonly kept: readonly { readonly panel: string; readonly name: string; readonly points: number }[];
  /** By name; one without a name where there are no panels. `others` counts series, `otherPoints` their points. */
  readonly panels: readonly { readonly name: string; readonly others: number; readonly otherPoints: number }[];
  readonly others: { readonly count: number; readonly names: readonly string[] };
  readonly otherPanels: number;
}

const MAX_SERIES = 10;
const MAX_PANELS = 60;
/** Names of others at most: more nobody looks through. */
const NAMED_OTHERS = 500;

/**
 * The series of the largest totals (of the absolute values; equal ones by name), in each panel of the largest panels.
 * `base` gives rows of `p`, `s`, `x`, `y`, `o`.
 */
export async function rankSeries(session: Session, base: Sql, question: ChartRequest): Promise<Ranked> {
  const most = Math.max(1, Math.min(Math.trunc(question.maxSeries ?? MAX_SERIES) || MAX_SERIES, 50));
  const also = new Set(question.also);
  const rows = await session.all(
    `SELECT p, s, n, r, panel_series, panel_points, panel_rank, panels FROM (
      SELECT *, dense_rank() OVER (ORDER BY panel_total DESC, p) panel_rank, count(DISTINCT p) OVER () panels FROM (
        SELECT *, row_number() OVER (PARTITION BY p ORDER BY total DESC, s) r, count(*) OVER (PARTITION BY p) panel_series,
          sum(n) OVER (PARTITION BY p) panel_points, sum(total) OVER (PARTITION BY p) panel_total
        FROM (SELECT p, s, coalesce(sum(abs(y)), 0) total, count(*) n FROM (${base.text}) GROUP BY p, s)))
    WHERE panel_rank <= ${MAX_PANELS} AND (r <= ${most + NAMED_OTHERS} ${also.size > 0 ? `OR s IN (${[...also].map((_, i) => `$${base.parameters.length + i + 1}`).join(', ')})` : ''})
    ORDER BY p, r`,
    [...base.parameters, ...also],
  );
  const kept = rows
    .filter((row) => Number(row[3]) <= most || also.has(String(row[1])))
    .map((row) => ({ panel: String(row[0]), name: String(row[1]), points: Number(row[2]) }));
  const panels = [...new Map(rows.map((row) => [String(row[0]), row])).values()].map((row) => {
    const own = kept.filter(({ panel }) => panel === row[0]);
    return {
      name: String(row[0]),
      others: Number(row[4]) - own.length,
      otherPoints: Number(row[5]) - own.reduce((sum, { points }) => sum + points, 0),
    };
  });
  const told = new Set(kept.map(({ panel, name }) => `${panel} ${name}`));
  const rest = rows.filter((row) => !told.has(`${String(row[0])} ${String(row[1])}`));
  return {
    kept,
    panels,
    others: {
      count: panels.reduce((sum, { others }) => sum + others, 0),
      names: [...new Set(rest.map((row) => String(row[1])))].slice(0, NAMED_OTHERS),
    },
    otherPanels: Math.max(0, Number(rows[0]?.[7] ?? 0) - panels.length),
  };
}
