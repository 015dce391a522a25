import { parseDatetime } from '../../model/values/datetime.ts';
import type { ChartRequest } from '../../model/rows.ts';
import type { Session } from '../database/session.ts';
import { ROW_PLACE } from './runTable.ts';
import type { RunTable } from './runTable.ts';
import type { ShownColumn } from './storedColumns.ts';

/** The rows a chart is made of: a relation of `r` and `a`, its columns, and the place of a row in it as one number. */
export interface ChartRows {
  readonly relation: string;
  readonly columns: readonly ShownColumn[];
  readonly place: string;
  /** The x axis, where it is an array that was unfolded. */
  readonly axis?: ShownColumn;
}

/** Rows that are looked at to tell what the arrays of a column hold. */
const LOOKED_AT = 20;

interface ArrayColumn {
  readonly column: ShownColumn;
  readonly holds: 'datetime' | 'real';
  /** Its numbers or times rise from element to element in every row. */
  readonly rises: boolean;
}

/**
 * The rows as they are, or one row per element where they are what make-series gives: an array of times (else of rising
 * numbers) and arrays of numbers beside it.
 */
export async function chartRows(session: Session, table: RunTable, question: ChartRequest): Promise<ChartRows> {
  const columns = table.columns();
  const plain = { relation: table.relation, columns, place: ROW_PLACE };
  if (isOfScalars(columns, question)) return plain;
  const arrays = await arraysOf(session, table, columns);
  const axis = axisOf(arrays, question);
  if (!axis) return plain;
  const others = arrays.filter((array) => array !== axis && array.holds === 'real');
  const asked = question.y?.length ? others.filter(({ column }) => question.y!.includes(column.name)) : others;
  return asked.length === 0 ? plain : unfolded(table, columns, axis, asked);
}

/** What is named is no array, or the first column is a time of its own: then arrays are not looked into. */
function isOfScalars(columns: readonly ShownColumn[], { x, y }: ChartRequest): boolean {
  const dynamic = (name: string): boolean => columns.find((column) => column.name === name)?.type === 'dynamic';
  if (x !== undefined || y?.length) return ![...(x === undefined ? [] : [x]), ...(y ?? [])].every(dynamic);
  const own = columns.filter((column) => !column.attribution);
  return own[0]?.type === 'datetime' || own.filter(({ type }) => type === 'dynamic').length < 2;
}

async function arraysOf(
  session: Session,
  table: RunTable,
  columns: readonly ShownColumn[],
): Promise<readonly ArrayColumn[]> {
  const dynamic = columns.filter(({ type }) => type === 'dynamic');
  if (dynamic.length === 0) return [];
  const some = dynamic.map(({ physical }) => `starts_with(${physical}, '[')`).join(' OR ');
  const rows = await session.all(
    `SELECT ${dynamic.map(({ physical }) => physical).join(', ')} FROM ${table.relation} WHERE ${some} LIMIT ${LOOKED_AT}`,
  );
  return dynamic.flatMap((column, index) => {
    const values = rows.flatMap((row) => arrayOf(row[index]));
    const holds = values.length > 0 ? heldBy(values) : undefined;
    return holds ? [{ column, holds, rises: values.every((array) => doesRise(array, holds)) }] : [];
  });
}

function arrayOf(cell: unknown): unknown[][] {
  if (typeof cell !== 'string' || !cell.startsWith('[')) return [];
  try {
    return [JSON.parse(cell) as unknown[]];
  } catch {
    return [];
  }
}

/** Kusto writes numbers that JSON cannot as text. */
const NO_NUMBER = new Set<unknown>(['NaN', 'Infinity', '-Infinity']);
function heldBy(arrays: readonly unknown[][]): ArrayColumn['holds'] | undefined {
  const values = arrays.flat().filter((value) => value !== null);
  if (values.every((value) => typeof value === 'number' || NO_NUMBER.has(value))) return 'real';
  return values.every((value) => typeof value === 'string' && parseDatetime(value) !== undefined)
    ? 'datetime'
    : undefined;
}
function doesRise(array: readonly unknown[], holds: ArrayColumn['holds']): boolean {
  const at = array.map((value) => (holds === 'datetime' ? Number(parseDatetime(String(value))) : value));
  return at.every((value, index) => typeof value === 'number' && (index === 0 || value > (at[index - 1] as number)));
}

function axisOf(arrays: readonly ArrayColumn[], { x }: ChartRequest): ArrayColumn | undefined {
  if (x !== undefined) return arrays.find(({ column }) => column.name === x);
  // make-series puts its axis after its numbers.
  return arrays.find(({ holds }) => holds === 'datetime') ?? arrays.findLast(({ rises }) => rises);
}

/** Unnested together: the n-th elements of the arrays make the n-th row; a shorter array ends in nulls. */
function unfolded(
  table: RunTable,
  columns: readonly ShownColumn[],
  axis: ArrayColumn,
  others: readonly ArrayColumn[],
): ChartRows {
  const shown = new Map<ShownColumn, ShownColumn>();
  const lists = [axis, ...others].map(({ column, holds }, index) => {
    const element = `r.u${index}`;
    const physical =
      holds === 'datetime'
        ? `(epoch_us(TRY_CAST(${element} AS TIMESTAMP)) * 10 + 621355968000000000)`
        : `TRY_CAST(${element} AS DOUBLE)`;
    shown.set(column, { ...column, type: holds, physical });
    return `CASE WHEN json_valid(${column.physical}) AND json_type(${column.physical}) = 'ARRAY' THEN from_json(${column.physical}, '["VARCHAR"]') END`;
  });
  const unnested = lists.map((list, index) => `unnest(${list}) u${index}`).join(', ');
  return {
    relation: `(SELECT r.*, ${unnested}, generate_subscripts(${lists[0]!}, 1) ui FROM ${table.name} r) r JOIN ${table.in('targets')} a ON a.id = r.t`,
    // Numbers of a row say nothing of its elements.
    columns: columns.flatMap(
      (column) => shown.get(column) ?? (/^(string|guid|bool)$/.test(column.type) ? [column] : []),
    ),
    place: `(${ROW_PLACE}::HUGEINT * 1000000 + r.ui)`,
    axis: shown.get(axis.column)!,
  };
}
