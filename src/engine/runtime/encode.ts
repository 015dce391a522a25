import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import { formatDatetime, formatTimespan, MAX_DATETIME_TICKS, parseDatetime, parseGuid, parseTimespan } from '../../kql/literal.ts';
import type { PhysicalType, PhysicalValue } from '../functions/contract.ts';

/** A value of the engine as the query API writes it: longs exact, datetimes with seven digits and Z, NaN and infinities by name. */
export function encodeCell(value: PhysicalValue, type: KqlType): Cell {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'long': case 'int': return typeof value === 'bigint' ? (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value) : value as number;
    case 'real': return Number.isFinite(value as number) ? value as number : String(value);
    case 'datetime': return typeof value === 'bigint' && value >= 0n && value <= MAX_DATETIME_TICKS ? formatDatetime(value) : null;
    case 'timespan': return typeof value === 'bigint' ? formatTimespan(value) : null;
    default: return value as Cell;
  }
}

const PHYSICAL: Readonly<Record<KqlType, PhysicalType>> = {
  bool: 'BOOLEAN', int: 'INTEGER', long: 'BIGINT', real: 'DOUBLE', decimal: 'VARCHAR', string: 'VARCHAR', datetime: 'BIGINT', timespan: 'BIGINT', guid: 'VARCHAR', dynamic: 'VARCHAR',
};
export function physicalType(column: Column): PhysicalType { return PHYSICAL[column.type]; }

/** A cell of the query API as the engine holds it; what does not fit the type is null. Objects stand for their JSON. */
export function decodeCell(cell: unknown, type: KqlType): PhysicalValue {
  if (cell === null || cell === undefined) return type === 'string' ? '' : null;
  switch (type) {
    case 'string': return typeof cell === 'string' ? cell : textOf(cell);
    case 'bool': return typeof cell === 'boolean' ? cell : typeof cell === 'number' ? cell !== 0 : /^(true|1)$/i.test(String(cell)) ? true : /^(false|0)$/i.test(String(cell)) ? false : null;
    case 'int': { const n = integer(cell); return n !== null && BigInt.asIntN(32, n) === n ? Number(n) : null; }
    case 'long': { const n = integer(cell); return n !== null && BigInt.asIntN(64, n) === n ? n : null; }
    case 'real': return real(cell);
    case 'decimal': return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(String(cell)) ? String(cell) : null;
    case 'datetime': return typeof cell === 'string' ? parseDatetime(cell) ?? null : null;
    case 'timespan': return typeof cell === 'string' ? parseTimespan(cell) ?? null : null;
    case 'guid': return typeof cell === 'string' ? parseGuid(cell) ?? null : null;
    case 'dynamic': return dynamicText(cell);
  }
}
function textOf(cell: unknown): string { return typeof cell === 'object' ? JSON.stringify(cell) : String(cell); }
function integer(cell: unknown): bigint | null {
  if (typeof cell === 'bigint') return cell;
  if (typeof cell === 'number') return Number.isFinite(cell) && Number.isInteger(cell) ? BigInt(cell) : null;
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  return typeof cell === 'string' && /^[-+]?\d+$/.test(cell.trim()) ? BigInt(cell.trim()) : null;
}
function real(cell: unknown): number | null {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell !== 'string' || cell.trim() === '') return null;
  const n = Number(cell);
  return Number.isNaN(n) && cell !== 'NaN' ? null : n;
}
/** A dynamic arrives as JSON text, or as text that is none and so stands for a JSON string. */
function dynamicText(cell: unknown): string | null {
  if (typeof cell !== 'string') return cell === null ? null : JSON.stringify(cell, (_, v: unknown) => typeof v === 'bigint' ? Number(v) : v);
  if (cell === '') return null;
  const first = cell[0]!;
  if (first === '{' || first === '[' || first === '"' || /^(-?\d|true$|false$|null$)/.test(cell)) {
    try { const value: unknown = JSON.parse(cell); return value === null ? null : first === '{' || first === '[' ? compact(cell, value) : cell; } catch { /* not JSON: a string */ }
  }
  return JSON.stringify(cell);
}
/** Compact JSON text keeps its own digits: only text with spaces or long numbers between tokens is written anew. */
function compact(text: string, value: unknown): string { return /\s/.test(text) && !/\d{16,}/.test(text) ? JSON.stringify(value) : text; }
