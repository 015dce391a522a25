import type { Merge } from '../../kql/rollup/mergesOf.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { RollupTable } from '../../model/rollup.ts';
import { measuresOf } from './measures.ts';
import type { Measure } from './measures.ts';
import { differentNames, modelName } from './modelNames.ts';

/** A roll-up whose rows go into a project. */
export interface PowerBiRollup {
  readonly table: RollupTable;
  /** What its summary's parts are merged by (`mergesOf`); absent for a portion, and where they are made otherwise. */
  readonly merges?: ReadonlyMap<string, Merge>;
  /** The table or function of the centre that gives its answer with each row once; of a lake nothing is asked. */
  readonly rowsOnce: string;
}

/** A column of a table of the model. */
export interface FactColumn {
  /** As the roll-up calls it, as a lake's files do, and as the model does. */
  readonly source: string;
  readonly file: string;
  readonly name: string;
  readonly type: KqlType;
}

/** A table of the model: the rows of one roll-up. */
export interface Fact {
  readonly rollup: PowerBiRollup;
  readonly name: string;
  readonly columns: readonly FactColumn[];
  /** Whose each row is; absent where groups are of several customers. */
  readonly customer?: FactColumn;
  /** What rows are asked by, part by part. */
  readonly asked?: FactColumn;
  /** What they are shown by, and the name of the column of its day (UTC), which the project adds. */
  readonly shown?: { readonly time: FactColumn; readonly day: string };
  /** The first is what the report shows. */
  readonly measures: readonly Measure[];
}

/** Columns of the windows, which are no property of a row. */
const WINDOW: ReadonlySet<string> = new Set(['_WindowStart', '_WindowEnd']);
/** What a model has no use for: one value, and one for each row, which no column store holds cheaply. */
const LEFT_OUT: ReadonlySet<string> = new Set(['_RollupId', '_RowKey']);

/**
 * The tables of a model, a roll-up each, named apart from `taken`. `parts`: the centre gives the parts of a summary
 * and not its answer (a lake); they are merged where they are read.
 */
export function factsOf(rollups: readonly PowerBiRollup[], parts: boolean, taken: readonly string[]): Fact[] {
  const names = differentNames(
    rollups.map(({ table }) => modelName(table.name, 'Rows')),
    taken,
  );
  return rollups.map((rollup, i) => factOf(rollup, names[i]!, parts));
}

/** Whether people are shown a column. */
export function isShown({ source }: FactColumn): boolean {
  return !WINDOW.has(source);
}

function factOf(rollup: PowerBiRollup, name: string, parts: boolean): Fact {
  const { table, merges } = rollup;
  const merged = table.kind === 'summary' && parts;
  const stored = merged || table.kind === 'portion';
  const all: readonly Column[] = stored ? [...ROLLUP_COLUMNS, ...table.columns] : table.viewColumns;
  const files = differentNames(all.map((column) => column.name));
  const kept = all.flatMap((column, i) =>
    (stored && LEFT_OUT.has(column.name)) || (merged && column.name === '_WindowStart')
      ? []
      : [{ source: column.name, file: files[i]!, type: column.type }],
  );
  const named = differentNames([...kept.map(({ source }) => modelName(source, 'Column')), 'Day']);
  const columns = kept.map((column, i): FactColumn => ({ ...column, name: named[i]! }));
  const day = named.at(-1)!;
  const find = (source: string): FactColumn | undefined => columns.find((column) => column.source === source);
  const customer = find('_Customer');
  const own =
    table.kind === 'portion'
      ? columns.find(({ source, type }) => source === 'TimeGenerated' && type === 'datetime')
      : columns.find(({ source, type }) => type === 'datetime' && !WINDOW.has(source) && merges?.has(source) !== true);
  const time = own ?? find('_WindowStart');
  const asked = table.kind === 'portion' ? find('_WindowStart') : own;
  return {
    rollup,
    name,
    columns,
    ...(customer ? { customer } : {}),
    ...(asked ? { asked } : {}),
    ...(time ? { shown: { time, day } } : {}),
    measures: measuresOf(rollup, name, columns, find('_WindowEnd') ?? time),
  };
}
