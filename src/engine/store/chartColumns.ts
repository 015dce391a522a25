import type { ChartRequest } from '../../model/rows.ts';
import { findColumn } from './selection.ts';
import type { ShownColumn } from './storedColumns.ts';

/** The columns a chart is made of: one for x, numbers for y, and those whose values tell the series apart. */
export interface ChartColumns {
  readonly x: ShownColumn;
  readonly y: readonly ShownColumn[];
  readonly series: readonly ShownColumn[];
  /** Texts that tell no series apart: rows that differ only in them fall together. */
  readonly ignored: readonly ShownColumn[];
}

/** Kinds whose x axis is always time. */
const OVER_TIME = new Set(['timechart', 'anomalychart']);
/** Kinds whose x axis is a time or a number where there is one. */
const CONTINUOUS = new Set(['linechart', 'areachart', 'stackedareachart', 'unstackedareachart', 'scatterchart']);

/**
 * Which columns make the chart: what the question names, else as `render` is documented to choose. x is the first
 * column - the first time of a time chart, the first time or number of a line, area or scatter chart -, y the numbers,
 * and the first text left tells the series apart; further texts are ignored. Rows of several workspaces never run into
 * one line: their attribution becomes part of the series.
 * https://learn.microsoft.com/kusto/query/render-operator, and the pages of each visualization.
 *
 * @param given `axis` is the x axis where arrays were unfolded, `panel` what each chart of several is of.
 */
export function chooseColumns(
  columns: readonly ShownColumn[],
  question: ChartRequest,
  whose: readonly ShownColumn[],
  { axis, panel }: { readonly axis?: ShownColumn | undefined; readonly panel?: ShownColumn | undefined } = {},
): ChartColumns | { readonly problem: string } {
  const own = columns.filter((column) => !column.attribution && column.type !== 'dynamic');
  const named = (names: readonly string[] | undefined): readonly ShownColumn[] | undefined =>
    names?.length ? names.map((name) => findColumn(columns, name)) : undefined;
  const pie = question.kind === 'piechart';
  const x = axis ?? named(question.x === undefined ? undefined : [question.x])?.[0] ?? firstOf(own, question) ?? own[0];
  if (!x)
    return { problem: own.length === 0 ? 'There is nothing to draw yet.' : 'None of the columns can be the x axis.' };
  const y = named(question.y) ?? own.filter((column) => column !== x && isNumber(column));
  const wrong = y.find((column) => !isNumber(column));
  if (wrong) return { problem: `${wrong.name} is ${wrong.type}, so it cannot be drawn as a number.` };
  if (y.length === 0) return { problem: 'A chart needs a column of numbers. Add one, e.g. with summarize count().' };
  const texts = own.filter((column) => column !== x && column !== panel && isText(column));
  const asked = named(question.series);
  const told = pie || x.attribution || whose.includes(x) ? [] : whose;
  const left = pie ? [] : texts.filter((column) => !told.includes(column)).slice(0, 1);
  const series = asked ?? [...told, ...left];
  return {
    x,
    y: pie ? y.slice(0, 1) : y,
    series,
    ignored: texts.filter((column) => !series.includes(column)),
  };
}

/** The x axis nobody named; a number that is the only one is the height, not the axis. */
function firstOf(own: readonly ShownColumn[], { kind, y }: ChartRequest): ShownColumn | undefined {
  const wanted = OVER_TIME.has(kind)
    ? own.find(({ type }) => type === 'datetime')
    : CONTINUOUS.has(kind)
      ? own.find((column) => column.type === 'datetime' || isNumber(column))
      : undefined;
  const first = wanted ?? own[0];
  if (!first || !isNumber(first)) return first;
  const isHeight = y?.includes(first.name) ?? own.filter(isNumber).length === 1;
  return isHeight ? (own.find((column) => !isNumber(column)) ?? first) : first;
}

/** Whether a column can be drawn as a height: numbers, and timespans by their ticks. */
export function isNumber(column: ShownColumn): boolean {
  return (
    column.type === 'long' ||
    column.type === 'int' ||
    column.type === 'real' ||
    column.type === 'decimal' ||
    column.type === 'timespan'
  );
}
function isText(column: ShownColumn): boolean {
  return column.type === 'string' || column.type === 'guid' || column.type === 'bool';
}
