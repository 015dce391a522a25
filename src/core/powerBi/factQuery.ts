import { kqlName } from '../../model/kqlNames.ts';
import type { Merge } from '../../kql/rollup/summaryShape.ts';
import { ROWS_TABLE } from '../../model/rollup.ts';
import { isStored } from './facts.ts';
import type { FactColumn } from './factColumn.ts';
import type { Fact } from './facts.ts';
import { M_TYPES, mField, mList, mText } from './mText.ts';
import type { PowerBiSource } from './sharedQueries.ts';

/** The M that brings the rows of a roll-up, each once, with the names and types of the model. */
export function factQuery(fact: Fact, source: PowerBiSource['kind']): string {
  const steps = source === 'lake' ? lakeSteps(fact) : askedSteps(fact);
  const typed: Step[] = [
    ...steps,
    [
      'Typed',
      `Table.TransformColumns(${steps.at(-1)![0]}, ${mList(fact.columns.map(({ name, type }) => mList([mText(name), M_TYPES[type].read, M_TYPES[type].type])))})`,
    ],
  ];
  if (fact.shown)
    typed.push([
      'Dated',
      `Table.AddColumn(Typed, ${mText(fact.shown.day)}, each DateTime.Date(${mField(fact.shown.time.name)}), type nullable date)`,
    ]);
  return ['let', typed.map(([name, m]) => `\t${name} = ${m}`).join(',\n'), 'in', `\t${typed.at(-1)![0]}`].join('\n');
}

type Step = readonly [name: string, m: string];

/** A question for each stretch of time, with the columns by name: one that joins the centre later changes nothing. */
function askedSteps(fact: Fact): Step[] {
  const { asked, columns } = fact;
  const [rows, shape] = kqlOf(fact);
  const time = asked && kqlName(asked.source);
  const ask = time
    ? `Table.Combine(List.Transform(Slices, (slice) => Ask(${mText(`${rows} | where ${time} >= `)} & slice[From] & ${mText(` and ${time} < `)} & slice[To] & ${mText(` | ${shape}`)})))`
    : `Ask(${mText(`${rows} | ${shape}`)})`;
  return [['Answer', ask], renamed('Answer', columns, ({ source }) => source)];
}

/** The KQL of the rows, of which a stretch of time may be taken, and what is then made of them. */
function kqlOf({ rollup, columns }: Fact): readonly [rows: string, shape: string] {
  const { table, merges, rowsOnce } = rollup;
  const named = (list: readonly { readonly source: string }[]): string =>
    list.map(({ source }) => kqlName(source)).join(', ');
  if (!isStored(rollup)) {
    const parts = [
      ...ATTRIBUTION.map((source) => ({ source })),
      ...table.columns.map(({ name: source }) => ({ source })),
    ];
    return [
      `let ${ROWS_TABLE} = (${kqlName(rowsOnce)} | project ${named(parts)});\n${table.view!}\n`,
      `project ${named(columns)}`,
    ];
  }
  if (table.kind === 'portion') return [kqlName(rowsOnce), `project ${named(columns)}`];
  const { keys, values } = mergedColumns(columns, merges!);
  const items = values.map(({ column, merge }) => `${kqlName(column.source)} = ${merge}(${kqlName(column.source)})`);
  return [kqlName(rowsOnce), `summarize ${items.join(', ')} by ${named(keys)}`];
}

const ATTRIBUTION = ['_Customer', '_Tenant', '_Workspace'];

/** What groups are told apart by, and what is made of those that are one; of their windows the last is left. */
function mergedColumns(
  columns: readonly FactColumn[],
  merges: ReadonlyMap<string, Merge>,
): { keys: FactColumn[]; values: { column: FactColumn; merge: Merge }[] } {
  const values = columns.flatMap((column) => {
    const merge = column.source === '_WindowEnd' ? 'max' : merges.get(column.source);
    return merge === undefined ? [] : [{ column, merge }];
  });
  const merged = new Set(values.map(({ column }) => column));
  return { keys: columns.filter((column) => !merged.has(column)), values };
}

/**
 * The files of windows. Parts of a summary are merged by all that is no merged value, and what is older than the first
 * day is left out behind that: a late part of an old group without its other parts would be a wrong number.
 */
function lakeSteps({ rollup: { table, merges }, asked, columns }: Fact): Step[] {
  const files = columns.map(({ file }) => mText(file));
  const since =
    asked === undefined
      ? 'null'
      : table.kind === 'portion'
        ? 'Date.From(FirstDay)'
        : 'Date.AddDays(Date.From(FirstDay), -1)';
  const steps: Step[] = [
    ['Rows', `ReadLake(${mText(table.id)}, ${mList(files)}, ${since})`],
    renamed('Rows', columns, ({ file }) => file),
  ];
  if (table.kind === 'portion') return steps;
  const { keys, values } = mergedColumns(columns, merges!);
  steps.push([
    'Merged',
    `Table.Group(Named, ${mList(keys.map(({ name }) => mText(name)))}, ${mList(values.map(({ column, merge }) => mergedValue(column, merge)))})`,
  ]);
  if (asked)
    steps.push([
      'Recent',
      `Table.SelectRows(Merged, each ${mField(asked.name)} <> null and AsUtc(${mField(asked.name)}) >= FirstDay)`,
    ]);
  return steps;
}

const LISTS = { sum: 'List.Sum', min: 'List.Min', max: 'List.Max' } as const;

/** Values are read before they are merged: a file has decimals and timespans as texts, whose order is another. */
function mergedValue({ name, type }: FactColumn, merge: Merge): string {
  const values = `List.Transform(${mField(name)}, ${M_TYPES[type].read})`;
  return mList([mText(name), `each ${LISTS[merge]}(${values})`]);
}

/** The columns in their order, under the names of the model. */
function renamed(before: string, columns: readonly FactColumn[], from: (column: FactColumn) => string): Step {
  const others = columns.filter((column) => from(column) !== column.name);
  const chosen = `Table.SelectColumns(${before}, ${mList(columns.map((column) => mText(from(column))))})`;
  const pairs = others.map((column) => mList([mText(from(column)), mText(column.name)]));
  return ['Named', others.length === 0 ? chosen : `Table.RenameColumns(${chosen}, ${mList(pairs)})`];
}
