import type { ChartData, ChartRequest, ChartSeries } from '../../model/rows.ts';
import { epochMs } from '../../model/values/ticks.ts';
import type { Session } from '../database/session.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { inOrder } from './categoryOrder.ts';
import { chartRows } from './chartArrays.ts';
import type { ChartRows } from './chartArrays.ts';
import { readCards } from './chartCards.ts';
import { chooseColumns, isNumber } from './chartColumns.ts';
import type { ChartColumns } from './chartColumns.ts';
import { readCategories, readPoints } from './chartPoints.ts';
import type { Others, Picked } from './chartPoints.ts';
import { rankSeries } from './chartSeries.ts';
import type { Ranked } from './chartSeries.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { RunTable } from './runTable.ts';
import { whereOf } from './selection.ts';
import type { Sql } from './selection.ts';
import { textOf } from './shownText.ts';
import { ATTRIBUTION } from './storedColumns.ts';
import type { ShownColumn } from './storedColumns.ts';

/** Kinds whose marks stand for a sum: rows of the same x are added up. Lines and scatters show every row. */
const SUMMED: ReadonlySet<string> = new Set([
  'piechart',
  'barchart',
  'columnchart',
  'areachart',
  'stackedareachart',
  'stackedchart',
  'treemap',
  'pivotchart',
  'unstackedareachart',
]);
/** Whether the marks of a kind of chart stand for sums of rows. */
export function isSummed(kind: string): boolean {
  return SUMMED.has(kind);
}

/** Kinds whose categories have no order but their size, unless the query or the categories themselves give one. */
const BY_SIZE = new Set(['piechart', 'barchart', 'columnchart', 'stackedchart', 'treemap', 'pivotchart']);

/**
 * The points of a chart: the series of the largest totals, the others as one, each thinned to at most `maxPoints` such
 * that no peak is lost.
 */
export async function readChart(session: Session, table: RunTable, question: ChartRequest): Promise<ChartData> {
  if (question.kind === 'card') return readCards(session, table, question);
  const rows = await chartRows(session, table, question);
  const { panel, whose } = whoseRows(table, rows.columns, question.panels === true);
  const chosen = chooseColumns(rows.columns, question, whose, { axis: rows.axis, panel });
  const xType =
    'problem' in chosen
      ? 'category'
      : chosen.x.type === 'datetime'
        ? 'time'
        : isNumber(chosen.x)
          ? 'number'
          : 'category';
  const none = { kind: question.kind, xType, series: [], thinned: false } as const;
  if ('problem' in chosen) return { ...none, xName: '', problem: chosen.problem };
  const where = whereOf(table.columns(), question.filters ?? [], undefined);
  let n = 0;
  // Numbered, because the condition stands in the text once per column of y.
  const condition = where.text.replaceAll('?', () => `$${++n}`);
  const adds = SUMMED.has(question.kind) || (question.kind !== 'scatterchart' && chosen.ignored.length > 0);
  const baseOf = (added: boolean): Sql => ({
    text: baseQuery(rows, chosen, added, xType, condition, panel),
    parameters: where.parameters,
  });
  // A total needs no sums by x first.
  const ranked = await rankSeries(session, baseOf(false), question);
  const base = baseOf(adds);
  if (ranked.kept.length === 0) return { ...none, xName: chosen.x.name, problem: 'There are no points to draw.' };
  const maxPoints = Math.max(2, Math.min(Math.trunc(question.maxPoints) || 0, 100_000));
  const scattered = question.kind === 'scatterchart';
  // The others of a scatter are points, which nobody adds up.
  const adding =
    scattered || question.addable === undefined || chosen.y.every(({ name }) => question.addable!.includes(name));
  const others = adding ? 'together' : 'leftOut';
  const picked =
    xType === 'category'
      ? await readCategories(session, base, ranked, maxPoints, { scattered, others })
      : await readPoints(session, base, ranked, maxPoints, { scattered, others });
  const bySize = xType === 'category' && BY_SIZE.has(question.kind) && !question.sorted;
  const series = groupSeries(picked, ranked, chosen.x, others);
  const leftOut = !adding && (ranked.others.count > 0 || picked.otherCategories > 0);
  return {
    kind: question.kind,
    xType,
    xName: chosen.x.name,
    thinned: picked.thinned,
    ...(ranked.others.count > 0 ? { others: ranked.others } : {}),
    ...(ranked.otherPanels > 0 ? { otherPanels: ranked.otherPanels } : {}),
    ...(picked.otherCategories > 0 ? { otherCategories: picked.otherCategories } : {}),
    ...(leftOut ? { othersLeftOut: true } : {}),
    ...(adds && chosen.ignored.length > 0 ? { addedUp: chosen.ignored.map(({ name }) => name) } : {}),
    series: bySize ? inOrder(series, adding && picked.otherCategories > 0) : series,
  };
}

/** Rows of `p` (panel), `s` (series), `x`, `y`, and their place `o`. */
function baseQuery(
  rows: ChartRows,
  { x, y, series }: ChartColumns,
  adds: boolean,
  xType: ChartData['xType'],
  where: string,
  panelColumn: ShownColumn | undefined,
): string {
  const xText =
    xType === 'category' ? textOf(x) : x.type === 'decimal' ? `TRY_CAST(${x.physical} AS DOUBLE)` : x.physical;
  const present = xType === 'category' ? '' : `${where ? 'AND' : 'WHERE'} ${xText} IS NOT NULL`;
  const panel = panelColumn ? textOf(panelColumn) : `''`;
  const each = y.map((column) => {
    const label = [
      ...series.map(textOf),
      ...(y.length > 1 || series.length === 0 ? [`'${column.name.replaceAll("'", "''")}'`] : []),
    ].join(` || ' · ' || `);
    // A timespan is drawn in seconds.
    const value =
      column.type === 'timespan' ? `${column.physical} / 10000000.0` : `TRY_CAST(${column.physical} AS DOUBLE)`;
    const drawn = `CASE WHEN isfinite(${value}) THEN ${value} END`;
    const from = `FROM ${rows.relation} ${where} ${present}`;
    return adds
      ? `SELECT ${panel} p, ${label} s, ${xText} x, sum(${drawn}) y, min(${rows.place}) o ${from} GROUP BY 1, 2, 3`
      : `SELECT ${panel} p, ${label} s, ${xText} x, ${drawn} y, ${rows.place} o ${from}`;
  });
  return each.join(' UNION ALL ');
}

function groupSeries({ rows }: Picked, { kept, panels }: Ranked, x: ShownColumn, others: Others): ChartSeries[] {
  const made = new Map<number, { x: (number | string)[]; y: (number | null)[] }>();
  for (const [group, at, value] of rows) {
    const key = Number(group);
    const entry = made.get(key) ?? { x: [], y: [] };
    made.set(key, entry);
    entry.x.push(toAxis(at!, x));
    entry.y.push(value === null ? null : Number(value));
  }
  return panels.flatMap((panel, place) => {
    const named = kept.flatMap(({ panel: of, name }, index) => (of === panel.name ? [{ name, group: index + 1 }] : []));
    const rest =
      panel.others > 0 && others === 'together'
        ? [{ name: othersOf(panel.others), group: -place - 1, others: panel.others }]
        : [];
    return [...named, ...rest].map(({ group, ...series }): ChartSeries => ({
      ...series,
      ...(made.get(group) ?? { x: [], y: [] }),
      ...(panels.length > 1 || panel.name !== '' ? { panel: panel.name } : {}),
    }));
  });
}
function othersOf(count: number): string {
  return count === 1 ? '1 other' : `${count} others`;
}

function toAxis(value: PhysicalValue, x: ShownColumn): number | string {
  if (x.type === 'datetime') return epochMs(value as bigint);
  if (x.type === 'timespan') return Number(value) / 10_000_000;
  return isNumber(x) ? Number(value) : String(value);
}

/**
 * What tells the rows of the targets apart: nothing for one, the customers where each has one workspace, else both. In
 * panels of customers only workspaces are left to tell apart. Rows that were made of all targets together have what the
 * query kept of it.
 */
function whoseRows(
  table: RunTable,
  columns: readonly ShownColumn[],
  panels: boolean,
): { readonly panel?: ShownColumn; readonly whose: readonly ShownColumn[] } {
  const [customer, , workspace] = ATTRIBUTION;
  if (table.targets.has(COMBINED)) {
    const kept = [customer!, workspace!].flatMap(({ name }) => columns.find((column) => column.name === name) ?? []);
    const panel = panels ? kept.find(({ name }) => name === customer!.name) : undefined;
    return { ...(panel ? { panel } : {}), whose: kept.filter((column) => column !== panel) };
  }
  const targets = [...table.targets.values()].filter((target) => target.rows > 0);
  const several = (key: 'customer' | 'workspace'): boolean =>
    new Set(targets.map((target) => target[key])).size < targets.length;
  const whose = !several('customer')
    ? [customer!]
    : panels || !several('workspace')
      ? [workspace!]
      : [customer!, workspace!];
  return {
    ...(panels ? { panel: customer! } : {}),
    whose: targets.length < 2 ? [] : whose.filter((column) => !panels || column !== customer),
  };
}
