import { kqlName } from '../../model/kqlNames.ts';
import type { Fact, FactColumn } from './facts.ts';
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
function askedSteps({ rollup, asked, columns }: Fact): Step[] {
  const rows = kqlName(rollup.rowsOnce);
  const project = `project ${columns.map(({ source }) => kqlName(source)).join(', ')}`;
  const ask = asked
    ? `Table.Combine(List.Transform(Slices, (slice) => Ask(${mText(`${rows} | where ${kqlName(asked.source)} >= `)} & slice[From] & ${mText(` and ${kqlName(asked.source)} < `)} & slice[To] & ${mText(` | ${project}`)})))`
    : `Ask(${mText(`${rows} | ${project}`)})`;
  return [['Answer', ask], renamed('Answer', columns, ({ source }) => source)];
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
  const keys = columns.filter(({ source }) => source !== '_WindowEnd' && !merges!.has(source));
  const values = columns.filter((column) => !keys.includes(column));
  steps.push([
    'Merged',
    `Table.Group(Named, ${mList(keys.map(({ name }) => mText(name)))}, ${mList(values.map((column) => mergedColumn(column, merges!.get(column.source) ?? 'max')))})`,
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
function mergedColumn({ name, type }: FactColumn, merge: keyof typeof LISTS): string {
  const values = `List.Transform(${mField(name)}, ${M_TYPES[type].read})`;
  return mList([mText(name), `each ${LISTS[merge]}(${values})`]);
}

function renamed(before: string, columns: readonly FactColumn[], from: (column: FactColumn) => string): Step {
  const pairs = columns.map((column) => mList([mText(from(column)), mText(column.name)]));
  return [
    'Named',
    `Table.RenameColumns(Table.SelectColumns(${before}, ${mList(columns.map((column) => mText(from(column))))}), ${mList(pairs)})`,
  ];
}
