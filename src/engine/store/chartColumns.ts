import type { ChartRequest } from '../../model/rows.ts';
import { findColumn } from './selection.ts';
import type { ShownColumn } from './storedColumns.ts';

/** The columns a chart is made of: one for x, numbers for y, and those whose values tell the series apart. */
export interface ChartColumns {
  readonly x: ShownColumn;
  readonly y: readonly ShownColumn[];
  readonly series: readonly ShownColumn[];
}

/**
 * Which columns make the chart: what the question names, else as `render` chooses - x the first time (else the first
 * text or number), y the numbers, series the texts. Rows of several workspaces never run into one line: their
 * attribution becomes part of the series.
 */
export function chooseColumns(
  columns: readonly ShownColumn[],
  question: ChartRequest,
  whose: readonly ShownColumn[],
): ChartColumns | { readonly problem: string } {
  const own = columns.filter((column) => !column.attribution);
  const named = (names: readonly string[] | undefined): readonly ShownColumn[] | undefined =>
    names?.length ? names.map((name) => findColumn(columns, name)) : undefined;
  const pie = question.kind === 'piechart';
  const x =
    named(question.x === undefined ? undefined : [question.x])?.[0] ??
    (pie ? undefined : own.find((column) => column.type === 'datetime')) ??
    own.find(isText) ??
    own.find(isNumber);
  if (!x)
    return { problem: own.length === 0 ? 'There is nothing to draw yet.' : 'None of the columns can be the x axis.' };
  const y = named(question.y) ?? own.filter((column) => column !== x && isNumber(column));
  const wrong = y.find((column) => !isNumber(column));
  if (wrong) return { problem: `${wrong.name} is ${wrong.type}, so it cannot be drawn as a number.` };
  if (y.length === 0) return { problem: 'A chart needs a column of numbers. Add one, e.g. with summarize count().' };
  const series = named(question.series) ?? [
    ...(pie || x.attribution ? [] : whose),
    ...own.filter((column) => column !== x && isText(column) && !pie),
  ];
  return { x, y: pie ? y.slice(0, 1) : y, series };
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
