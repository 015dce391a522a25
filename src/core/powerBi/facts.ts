import type { Column } from '../../model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { FactColumn, PowerBiRollup } from './factColumn.ts';
import { measuresOf } from './measures.ts';
import type { Measure } from './measures.ts';
import { differentNames, modelName } from './modelNames.ts';

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
 * The tables of a model, a roll-up each, named apart from `taken`. A summary whose parts need no more than merging has
 * its groups by workspace, so that each is somebody's; of any other there is the answer.
 */
export function factsOf(rollups: readonly PowerBiRollup[], taken: readonly string[] = []): Fact[] {
  const names = differentNames(
    rollups.map(({ table }) => modelName(table.name, 'Rows')),
    taken,
  );
  return rollups.map((rollup, i) => factOf(rollup, names[i]!));
}

/** Whether people are shown a column. */
export function isShown({ source }: FactColumn): boolean {
  return !WINDOW.has(source);
}

function factOf(rollup: PowerBiRollup, name: string): Fact {
  const { table } = rollup;
  const stored = isStored(rollup);
  const merged = stored && table.kind === 'summary';
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
  const ownTime = table.kind === 'portion' ? 'TimeGenerated' : rollup.time;
  const own = columns.find(({ source, type }) => source === ownTime && type === 'datetime');
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

/** Whether the rows of its table are stored ones, as they are or merged, and not an answer made of them. */
export function isStored({ table, merges }: PowerBiRollup): boolean {
  if (table.kind === 'portion') return true;
  // What is counted of whose rows they are is no column of the parts: the centre makes it.
  return merges !== undefined && [...merges.keys()].every((name) => table.columns.some((own) => own.name === name));
}
