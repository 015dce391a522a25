import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import type { RenderSpec } from '../../model/render.ts';
import { fromPartial } from '../errors/query.ts';
import type { WireError } from '../errors/query.ts';
import { compactJson, findBareCells, isInexact } from './bareCells.ts';
import { toKqlType } from './kqlTypes.ts';
import { checkRows, checkTables } from './answerShape.ts';
import type { LogsAnswer, LogsTable } from '../../ports/logs.ts';

type WholeTable = LogsTable & { readonly rows: readonly (readonly Cell[])[] };

type WireCell = Cell | object;
interface WireTable {
  readonly name?: string;
  readonly columns?: readonly { readonly name: string; readonly type?: string }[];
  readonly rows?: WireCell[][];
}
interface WireAnswer {
  readonly tables?: readonly WireTable[];
  readonly render?: Record<string, unknown>;
  readonly error?: WireError;
  readonly permissions?: WirePermissions | null;
}
/** What `Prefer: include-permissions=true` adds: per resource, and per workspace behind it. */
interface WirePermissions {
  readonly resources?: readonly { readonly denyTables?: readonly string[] | null }[] | null;
  readonly dataSources?:
    | readonly { readonly resourceId?: unknown; readonly denyTables?: readonly string[] | null }[]
    | null;
}

/**
 * Reads the body of a query's answer. An empty one is an answer without tables (204, or a workspace that never had
 * data). Throws SyntaxError for what is no JSON, and as `checkTables` does.
 */
export function readAnswer(body: string): Omit<LogsAnswer, 'tables'> & { readonly tables: readonly WholeTable[] } {
  if (body.trim() === '') return { tables: [], bytes: 0 };
  const wire = JSON.parse(body) as WireAnswer | null;
  if (typeof wire !== 'object' || wire === null || (wire.tables === undefined && wire.error === undefined))
    throw new SyntaxError('The answer has no tables.');
  const wireTables = wire.tables ?? [];
  checkTables(wireTables, wire.error !== undefined);
  if (wireTables.some(lostDigits)) restoreDigits(wireTables, findBareCells(body, 'answer'));
  const render = wire.render ? toRender(wire.render) : undefined;
  const partial = wire.error ? fromPartial(wire.error) : undefined;
  const denied = deniedOf(wire.permissions);
  const sources = sourcesOf(wire.permissions);
  return {
    tables: wireTables.map(toTable),
    bytes: Buffer.byteLength(body),
    ...(render ? { render } : {}),
    ...(partial ? { partial } : {}),
    ...(sources.length > 0 ? { sources } : {}),
    ...(denied.length > 0 ? { deniedTables: denied, deniedIn: denyingOf(wire.permissions) } : {}),
  };
}

function deniedOf(permissions: WirePermissions | null | undefined): readonly string[] {
  const all = [...(permissions?.resources ?? []), ...(permissions?.dataSources ?? [])];
  return [...new Set(all.flatMap(({ denyTables }) => denyTables ?? []))];
}

/** Whose rows the answer is made of: one that the service leaves out without a word is not among them. */
function sourcesOf(permissions: WirePermissions | null | undefined): readonly string[] {
  return (permissions?.dataSources ?? []).flatMap(({ resourceId }) =>
    typeof resourceId === 'string' ? [resourceId.toLowerCase()] : [],
  );
}

/** Which workspaces they are that keep tables from the caller. */
function denyingOf(permissions: WirePermissions | null | undefined): readonly string[] {
  return (permissions?.dataSources ?? []).flatMap(({ resourceId, denyTables }) =>
    typeof resourceId === 'string' && denyTables && denyTables.length > 0 ? [resourceId.toLowerCase()] : [],
  );
}

/** A part of a table's rows, exact: the text is a JSON array of them. Throws SyntaxError. */
export function readRows(text: string, columns: readonly Column[]): (readonly Cell[])[] {
  const part: WireTable = { columns, rows: JSON.parse(text) as WireCell[][] };
  checkRows(part.rows);
  if (lostDigits(part)) restoreDigits([part], findBareCells(text, 'rows'));
  return inModel(part.rows!, columns);
}

function toTable(table: WireTable): WholeTable {
  const columns = (table.columns ?? []).map((column): Column => ({
    name: column.name,
    type: toKqlType(column.type ?? 'string'),
  }));
  return { name: table.name ?? 'PrimaryResult', columns, rows: inModel(table.rows ?? [], columns) };
}

/**
 * The rows stay the arrays that JSON.parse made, looked at once: at half a million rows a copy would cost more than the
 * parsing.
 */
function inModel(rows: WireCell[][], columns: readonly Column[]): (readonly Cell[])[] {
  const texts: number[] = [],
    others: number[] = [];
  for (const [index, { type }] of columns.entries())
    if (type === 'string') texts.push(index);
    else if (type === 'dynamic' || type === 'bool' || type === 'decimal') others.push(index);
  for (const row of rows) {
    for (let i = 0; i < texts.length; i++) {
      const cell = row[texts[i]!];
      if (typeof cell !== 'string') row[texts[i]!] = textOf(cell) ?? '';
    }
    for (let i = 0; i < others.length; i++) {
      const index = others[i]!,
        cell = row[index];
      if (typeof cell === 'string' || typeof cell === 'boolean' || cell === null) continue;
      row[index] = columns[index]!.type === 'bool' ? Boolean(cell) : textOf(cell);
    }
  }
  return rows as (readonly Cell[])[];
}

function textOf(cell: WireCell | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/**
 * Whether JSON.parse may have lost digits that count: a long beyond 2^53, or a number in a cell that is kept as text.
 */
function lostDigits({ columns = [], rows = [] }: WireTable): boolean {
  const types = columns.map((column) => toKqlType(column.type ?? 'string'));
  const longs = types.flatMap((type, index) => (type === 'long' ? [index] : []));
  const texts = types.flatMap((type, index) => (isText(type) ? [index] : []));
  for (const row of rows) {
    if (!Array.isArray(row)) continue;
    for (let i = 0; i < longs.length; i++) if (isInexact(row[longs[i]!])) return true;
    for (let i = 0; i < texts.length; i++) if (isBare(row[texts[i]!])) return true;
  }
  return false;
}

/** Types whose cells are kept as text. */
export const isText = (type: KqlType): boolean => type === 'dynamic' || type === 'string' || type === 'decimal';
const isBare = (cell: unknown): boolean => typeof cell === 'number' || (typeof cell === 'object' && cell !== null);

/** Puts the digits of the text where JSON.parse had to round. Both sides list bare cells in the order of the text. */
function restoreDigits(tables: readonly WireTable[], texts: readonly string[]): void {
  let next = 0;
  for (const { columns = [], rows = [] } of tables) {
    const types = columns.map((column) => toKqlType(column.type ?? 'string'));
    for (const row of rows)
      for (let i = 0; Array.isArray(row) && i < row.length; i++) {
        const cell = row[i];
        if (!isBare(cell)) continue;
        const text = texts[next++];
        if (text === undefined || (typeof cell === 'number' && Number(text) !== cell))
          throw new SyntaxError('The numbers of the answer cannot be read exactly.');
        if (types[i] === 'long') {
          if (isInexact(cell) && /^-?\d+$/.test(text)) row[i] = BigInt(text);
        } else if (types[i] !== undefined && isText(types[i]!)) row[i] = compactJson(text);
      }
  }
  if (next !== texts.length) throw new SyntaxError('The numbers of the answer cannot be read exactly.');
}

/** What `render` said, with what it left at its defaults taken out ("NaN" ends, empty texts). */
function toRender(wire: Record<string, unknown>): RenderSpec | undefined {
  const { visualization } = wire;
  if (typeof visualization !== 'string' || visualization === '') return undefined;
  const texts = ['title', 'kind', 'legend', 'xColumn', 'xTitle', 'yTitle', 'xAxis', 'yAxis', 'ySplit'] as const;
  const lists = ['yColumns', 'series', 'anomalyColumns'] as const;
  const numbers = ['yMin', 'yMax'] as const;
  return {
    visualization,
    ...Object.fromEntries(
      texts.flatMap((name) => (typeof wire[name] === 'string' && wire[name] !== '' ? [[name, wire[name]]] : [])),
    ),
    ...Object.fromEntries(
      lists.flatMap((name) => {
        const value = wire[name];
        const list = Array.isArray(value)
          ? value.filter((item): item is string => typeof item === 'string')
          : typeof value === 'string' && value !== ''
            ? value.split(',').map((item) => item.trim())
            : [];
        return list.length > 0 ? [[name, list]] : [];
      }),
    ),
    ...Object.fromEntries(
      numbers.flatMap((name) => {
        const value = typeof wire[name] === 'string' ? Number(wire[name]) : wire[name];
        return typeof value === 'number' && Number.isFinite(value) ? [[name, value]] : [];
      }),
    ),
    ...(wire['accumulate'] === true ? { accumulate: true } : {}),
  };
}
