import type { Merge } from '../../kql/rollup/summaryShape.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { daxColumn, daxTable } from './daxText.ts';
import type { FactColumn, PowerBiRollup } from './factColumn.ts';
import { differentNames } from './modelNames.ts';

/** A measure of the model: a name that no other has, its DAX, and how its value is written. */
export interface Measure {
  readonly name: string;
  readonly expression: string;
  readonly format: string;
  /** What it tells, for titles: `rows`, `total Beats`. */
  readonly label: string;
}

const NUMBERS: ReadonlySet<KqlType> = new Set<KqlType>(['int', 'long', 'real', 'decimal', 'timespan']);
const WHOLE: ReadonlySet<KqlType> = new Set<KqlType>(['int', 'long']);
const WHOLE_FORMAT = '#,0';
const TIME_FORMAT = 'yyyy-mm-dd hh:nn';
const MERGED: Readonly<Record<Merge, { readonly word: string; readonly dax: string }>> = {
  sum: { word: 'total', dax: 'SUM' },
  min: { word: 'least', dax: 'MIN' },
  max: { word: 'greatest', dax: 'MAX' },
};

/**
 * The measures of a table of the model: what a summary adds up, or takes the least or greatest of, may be taken so
 * over any of its groups, and nothing else may; then how many rows there are, and the latest time (`last`) of them.
 */
export function measuresOf(
  { table, merges }: PowerBiRollup,
  fact: string,
  columns: readonly FactColumn[],
  last: FactColumn | undefined,
): Measure[] {
  const of = (label: string, expression: string, format: string): Measure => ({ name: '', label, expression, format });
  const merged = columns.flatMap(({ source, name, type }) => {
    const merge = table.kind === 'summary' ? merges?.get(source) : undefined;
    const isNumber = NUMBERS.has(type);
    if (merge === undefined || !(isNumber || (type === 'datetime' && merge !== 'sum'))) return [];
    const { word, dax } = MERGED[merge];
    const format = type === 'datetime' ? TIME_FORMAT : WHOLE.has(type) ? WHOLE_FORMAT : '#,0.##';
    return [of(`${word} ${name}`, `${dax}(${daxColumn(fact, name)})`, format)];
  });
  const measures = [
    ...merged.filter(({ expression }) => expression.startsWith('SUM(')),
    of('rows', `COUNTROWS(${daxTable(fact)})`, WHOLE_FORMAT),
    ...merged.filter(({ expression }) => !expression.startsWith('SUM(')),
    ...(last ? [of('until', `MAX(${daxColumn(fact, last.name)})`, TIME_FORMAT)] : []),
  ];
  const names = differentNames(
    measures.map(({ label }) => `${fact}: ${label}`),
    columns.map(({ name }) => name),
  );
  return measures.map((measure, i) => ({ ...measure, name: names[i]! }));
}
