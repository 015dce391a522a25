import { AppError } from '../../base/errors.ts';
import { KQL_TYPES } from '../../model/kqlType.ts';
import type { Cell, Column, DataTable, KqlType } from '../../model/kqlType.ts';
import type { ErrorSubject } from '../errors/subject.ts';
import { fromFrames } from './kustoErrors.ts';

/** Tables and frames of both versions, as far as they are read. */
interface Wire {
  readonly FrameType?: string;
  readonly TableKind?: string;
  readonly HasErrors?: boolean;
  readonly OneApiErrors?: readonly { readonly error?: object }[];
  readonly Columns?: readonly {
    readonly ColumnName: string;
    readonly ColumnType?: string;
    readonly DataType?: string;
  }[];
  readonly Rows?: readonly (readonly unknown[] | { readonly OneApiErrors?: readonly { readonly error?: object }[] })[];
}

const TYPES: ReadonlySet<string> = new Set(KQL_TYPES);
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
/** Marks a number whose digits JSON.parse would round: no text of an answer begins with it. */
const MARK = '\u0000long:';

/**
 * The first table of an answer in version 1 (commands) or 2 (queries), longs exact: the SDK's own reading rounds them
 * beyond 2^53. Rejects with `service.partialAnswer` where the answer says that it is not whole, though its status is
 * 200; `service.malformed` for what is none.
 */
export function readKustoAnswer(text: string, subject: ErrorSubject): DataTable {
  const parsed = parse(text, subject);
  const tables: readonly Wire[] = Array.isArray(parsed)
    ? parsed
    : ((parsed as { Tables?: readonly Wire[] }).Tables ?? []);
  const failed = tables.find((frame) => frame.HasErrors === true);
  if (failed) throw fromFrames(failed.OneApiErrors?.[0]?.error, subject);
  const table = tables.find(({ Columns, TableKind }) => Columns && (TableKind ?? 'PrimaryResult') === 'PrimaryResult');
  if (!table) throw malformed(subject);
  const columns: Column[] = table.Columns!.map(({ ColumnName: name, ColumnType, DataType }) => ({
    name,
    type: toType(ColumnType ?? DataType ?? ''),
  }));
  const rows = (table.Rows ?? []).map((row) => {
    if (!Array.isArray(row)) throw fromFrames((row as Wire).OneApiErrors?.[0]?.error, subject);
    return (row as readonly unknown[]).map((cell, at) => toCell(cell, columns[at]?.type ?? 'string'));
  });
  return { columns, rows };
}

function parse(text: string, subject: ErrorSubject): unknown {
  try {
    const exact = /\d{16}/.test(text)
      ? text.replace(TOKEN, (token) => (token.startsWith('"') ? token : JSON.stringify(`${MARK}${token}`)))
      : text;
    const parsed = JSON.parse(exact) as unknown;
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Said below.
  }
  throw malformed(subject);
}

function toType(name: string): KqlType {
  return TYPES.has(name) ? (name as KqlType) : 'string';
}

/** In the encodings of `Cell`. */
function toCell(value: unknown, type: KqlType): Cell {
  if (typeof value === 'string' && value.startsWith(MARK)) {
    const digits = BigInt(value.slice(MARK.length));
    return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
  }
  if (value === null || value === undefined) return type === 'string' ? '' : null;
  if (type === 'bool' && typeof value === 'number') return value !== 0;
  if (typeof value === 'object') return JSON.stringify(value);
  return value as Cell;
}

function malformed({ what }: ErrorSubject): AppError {
  return new AppError(
    'service.malformed',
    `The answer of ${what} is not readable: it is cut off, or something between here and the service answered. Try again.`,
    { retryable: true },
  );
}
