import type { ChartData, ChartRequest } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { chooseColumns, isNumber } from './chartColumns.ts';
import type { ChartColumns } from './chartColumns.ts';
import { ROW_PLACE } from './runTable.ts';
import type { RunTable } from './runTable.ts';
import { whereOf } from './selection.ts';
import { textOf } from './shownText.ts';
import { ATTRIBUTION } from './storedColumns.ts';
import type { ShownColumn } from './storedColumns.ts';
import { epochMs } from '../../model/values/ticks.ts';

interface Series {
  readonly name: string;
  readonly x: readonly (number | string)[];
  readonly y: readonly (number | null)[];
}

const MAX_SERIES = 50;
/** Kinds whose marks stand for a sum: rows of the same x are added up. Lines and scatters show every row. */
const SUMMED = new Set([
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

/**
 * The points of a chart, thinned to at most `maxPoints` per series: ends and extremes of each stretch are kept, so no
 * peak is lost.
 */
export async function readChart(session: Session, table: RunTable, question: ChartRequest): Promise<ChartData> {
  const columns = table.columns();
  const chosen = chooseColumns(columns, question, whoseRows(table));
  const xType =
    'problem' in chosen
      ? 'category'
      : chosen.x.type === 'datetime'
        ? 'time'
        : isNumber(chosen.x)
          ? 'number'
          : 'category';
  const none = { kind: question.kind, xType, series: [], reduced: false } as const;
  if ('problem' in chosen) return { ...none, xName: '', problem: chosen.problem };
  const where = whereOf(columns, question.filters ?? [], undefined);
  const maxPoints = Math.max(2, Math.min(Math.trunc(question.maxPoints) || 0, 100_000));
  let n = 0;
  // Numbered, because the condition stands in the text once per column of y.
  const base = baseQuery(
    table,
    chosen,
    question.kind,
    xType,
    where.text.replaceAll('?', () => `$${++n}`),
  );
  const names = await session.all(
    `SELECT s, sum(abs(coalesce(y, 0))) total, count(*) n, min(x), max(x) FROM (${base}) GROUP BY s ORDER BY total DESC NULLS LAST, s LIMIT ${MAX_SERIES + 1}`,
    where.parameters,
  );
  if (names.length === 0) return { ...none, xName: chosen.x.name, problem: 'There are no points to draw.' };
  const kept = names.slice(0, MAX_SERIES).map(([name]) => String(name));
  const largest = Math.max(...names.map((row) => Number(row[2])));
  const pick = `FROM (${base}) WHERE s IN (${kept.map((_, i) => `$${n + i + 1}`).join(', ')})`;
  const parameters = [...where.parameters, ...kept];
  const rows =
    xType === 'category'
      ? await categories(session, pick, parameters, maxPoints)
      : await points(session, pick, parameters, maxPoints, largest);
  return {
    kind: question.kind,
    xType,
    xName: chosen.x.name,
    reduced: names.length > MAX_SERIES || rows.reduced,
    series: groupSeries(rows.rows, kept, chosen.x),
  };
}

/** Rows of `s` (series), `x`, `y`, and their place `o`. */
function baseQuery(
  table: RunTable,
  { x, y, series }: ChartColumns,
  kind: string,
  xType: ChartData['xType'],
  where: string,
): string {
  const xText =
    xType === 'category' ? textOf(x) : x.type === 'decimal' ? `TRY_CAST(${x.physical} AS DOUBLE)` : x.physical;
  const present = xType === 'category' ? '' : `${where ? 'AND' : 'WHERE'} ${x.physical} IS NOT NULL`;
  const each = y.map((column) => {
    const label = [
      ...series.map(textOf),
      ...(y.length > 1 || series.length === 0 ? [`'${column.name.replaceAll("'", "''")}'`] : []),
    ].join(` || ' · ' || `);
    // A timespan is drawn in seconds.
    const value =
      column.type === 'timespan' ? `${column.physical} / 10000000.0` : `TRY_CAST(${column.physical} AS DOUBLE)`;
    const row = { s: label, x: xText, y: `CASE WHEN isfinite(${value}) THEN ${value} END` };
    return SUMMED.has(kind)
      ? `SELECT ${row.s} s, ${row.x} x, sum(${row.y}) y, min(${ROW_PLACE}) o FROM ${table.relation} ${where} ${present} GROUP BY 1, 2`
      : `SELECT ${row.s} s, ${row.x} x, ${row.y} y, ${ROW_PLACE} o FROM ${table.relation} ${where} ${present}`;
  });
  return each.join(' UNION ALL ');
}

interface Picked {
  readonly rows: readonly (readonly PhysicalValue[])[];
  readonly reduced: boolean;
}

/** Categories in order of first appearance; where there are too many, the largest, and the rest as one. */
async function categories(
  session: Session,
  pick: string,
  parameters: readonly PhysicalValue[],
  maxPoints: number,
): Promise<Picked> {
  const [[count] = []] = await session.all(`SELECT count(DISTINCT x) ${pick}`, parameters);
  if (Number(count) <= maxPoints)
    return { rows: await session.all(`SELECT s, x, y ${pick} ORDER BY o`, parameters), reduced: false };
  const rest = Number(count) - (maxPoints - 1);
  return {
    reduced: true,
    rows: await session.all(
      `WITH p AS (SELECT s, x, y, o ${pick}), top AS (SELECT x FROM p GROUP BY x ORDER BY sum(abs(coalesce(y, 0))) DESC, min(o) LIMIT ${maxPoints - 1})
      SELECT s, CASE WHEN x IN (SELECT x FROM top) THEN x ELSE 'Other (${rest})' END k, sum(y), min(o) o, max(CASE WHEN x IN (SELECT x FROM top) THEN 0 ELSE 1 END) rest FROM p GROUP BY s, k ORDER BY rest, o`,
      parameters,
    ),
  };
}

/**
 * Points by x. Where a series has too many, each of `maxPoints / 2` equal stretches of x gives its least and its
 * greatest.
 */
async function points(
  session: Session,
  pick: string,
  parameters: readonly PhysicalValue[],
  maxPoints: number,
  largest: number,
): Promise<Picked> {
  if (largest <= maxPoints)
    return { rows: await session.all(`SELECT s, x, y ${pick} ORDER BY s, x, o`, parameters), reduced: false };
  const stretches = Math.max(1, Math.floor(maxPoints / 2));
  return {
    reduced: true,
    rows: await session.all(
      `WITH p AS (SELECT s, x, y, o ${pick}), ends AS (SELECT min(x) low, max(x) high FROM p),
      cut AS (SELECT s, x, y, o, least(((x - low)::DOUBLE / greatest((high - low)::DOUBLE, 1e-9) * ${stretches})::INTEGER, ${stretches - 1}) b FROM p, ends),
      picked AS (SELECT DISTINCT s, unnest([arg_min(o, coalesce(y, 'inf'::DOUBLE)), arg_max(o, coalesce(y, '-inf'::DOUBLE))]) o FROM cut GROUP BY s, b)
      SELECT p.s, p.x, p.y FROM p JOIN picked USING (s, o) ORDER BY p.s, p.x, p.o`,
      parameters,
    ),
  };
}

function groupSeries(rows: Picked['rows'], names: readonly string[], x: ShownColumn): Series[] {
  const series = new Map(
    names.map((name) => [name, { name, x: [] as (number | string)[], y: [] as (number | null)[] }]),
  );
  for (const [name, at, value] of rows) {
    const entry = series.get(String(name))!;
    entry.x.push(toAxis(at!, x));
    entry.y.push(value === null ? null : Number(value));
  }
  return [...series.values()];
}

function toAxis(value: PhysicalValue, x: ShownColumn): number | string {
  if (x.type === 'datetime') return epochMs(value as bigint);
  if (x.type === 'timespan') return Number(value) / 10_000_000;
  return isNumber(x) ? Number(value) : String(value);
}

/** What tells the rows of the targets apart: nothing for one, the customers where each has one workspace, else both. */
function whoseRows(table: RunTable): ShownColumn[] {
  const targets = [...table.targets.values()].filter((target) => target.rows > 0);
  if (targets.length < 2) return [];
  const [customer, , workspace] = ATTRIBUTION;
  if (new Set(targets.map((target) => target.customer)).size === targets.length) return [customer!];
  return new Set(targets.map((target) => target.workspace)).size === targets.length
    ? [workspace!]
    : [customer!, workspace!];
}
