import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import { parseDatetime } from '../../model/values/datetime.ts';

/** Types as Resource Graph names them (`ColumnDataType`), of which it has fewer than KQL. */
const TYPES: Readonly<Record<string, KqlType>> = {
  string: 'string',
  integer: 'long',
  number: 'real',
  boolean: 'bool',
  datetime: 'datetime',
  object: 'dynamic',
};

/** A page of an answer of Resource Graph, in the form of a table. */
export interface GraphTablePage {
  readonly columns: readonly Column[];
  readonly rows: Cell[][];
}

/**
 * Reads the `data` of an answer in the form `table`; undefined for anything else. Dynamic cells become JSON text. A
 * whole number past what JSON readers keep exact is read from `body`, the text of the answer.
 */
export function readGraphTable(data: unknown, body: string): GraphTablePage | undefined {
  const exact = withLargeNumbers(data, body);
  if (!isTable(exact)) return undefined;
  const columns = exact.columns.map(({ name, type }): Column => ({
    name,
    type: TYPES[type.toLowerCase()] ?? 'dynamic',
  }));
  return { columns, rows: exact.rows.map((row) => columns.map(({ type }, i) => toCell(row[i], type))) };
}

interface WireTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

function isTable(data: unknown): data is WireTable {
  if (typeof data !== 'object' || data === null) return false;
  const { columns, rows } = data as Partial<WireTable>;
  return (
    Array.isArray(columns) &&
    columns.every(
      (column: unknown) =>
        typeof column === 'object' &&
        column !== null &&
        typeof (column as { name?: unknown }).name === 'string' &&
        typeof (column as { type?: unknown }).type === 'string',
    ) &&
    Array.isArray(rows) &&
    rows.every((row: unknown) => Array.isArray(row))
  );
}

/** Marks a whole number that was read from the text: no text of a resource begins so. */
const LARGE = '\u0000n';

/** The data again with its large whole numbers as marked texts, where it has any. */
function withLargeNumbers(data: unknown, body: string): unknown {
  if (!/[[,:]\s*-?\d{16,}\s*[,\]}]/.test(body)) return data;
  // Within a text a digit never follows a bracket, comma or colon outside of quotation marks: strings are skipped
  // whole.
  const marked = body.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000n${token}"`,
  );
  try {
    return (JSON.parse(marked) as { readonly data?: unknown }).data;
  } catch {
    return data;
  }
}

function toCell(value: unknown, type: KqlType): Cell {
  if (value === null || value === undefined) return type === 'string' ? '' : null;
  if (typeof value === 'string' && value.startsWith(LARGE)) {
    const digits = value.slice(LARGE.length);
    return type === 'long' ? inRange(BigInt(digits)) : type === 'real' ? Number(digits) : digits;
  }
  switch (type) {
    case 'long':
      return typeof value === 'number' ? inRange(BigInt(Math.trunc(value))) : null;
    case 'real':
      return typeof value === 'number' ? value : null;
    case 'bool':
      return typeof value === 'boolean' ? value : typeof value === 'number' ? value !== 0 : null;
    case 'datetime':
      return typeof value === 'string' && parseDatetime(value) !== undefined ? value : null;
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    default:
      return JSON.stringify(value).replaceAll(/"\\u0000n(-?\d+)"/g, '$1');
  }
}

/** Whole numbers that JavaScript keeps exact stay numbers, as the query API's answers have them. */
function inRange(value: bigint): Cell {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
