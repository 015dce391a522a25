import type { Cell, KqlType } from '../../model/kqlType.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { parseBool } from '../../model/values/bool.ts';
import { readDecimal } from '../../model/values/decimal.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { parseGuid } from '../../model/values/guid.ts';
import { isDatetime } from '../../model/values/ticks.ts';
import { formatTimespan } from '../../model/values/timespan.ts';

/**
 * A value of the engine as the query API writes it: longs exact, datetimes with seven digits and Z, NaN and infinities
 * by name.
 */
export function encodeCell(value: PhysicalValue, type: KqlType): Cell {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'long':
    case 'int':
      return typeof value === 'bigint'
        ? value >= -9007199254740991n && value <= 9007199254740991n
          ? Number(value)
          : value
        : (value as number);
    case 'real':
      return Number.isFinite(value as number) ? (value as number) : String(value);
    case 'datetime':
      return typeof value === 'bigint' && isDatetime(value) ? formatDatetime(value) : null;
    case 'timespan':
      return typeof value === 'bigint' ? formatTimespan(value) : null;
    default:
      return value as Cell;
  }
}

/** Types whose cells have several writings, or whose missing value is not null. */
export type LooseType = Extract<KqlType, 'string' | 'dynamic' | 'guid' | 'decimal' | 'bool'>;
/** Whether cells of this type are normalized (`normalizeCell`) before they are stored. */
export function isLoose(type: KqlType): type is LooseType {
  return type === 'string' || type === 'dynamic' || type === 'guid' || type === 'decimal' || type === 'bool';
}

/**
 * A cell of these types in the one writing the engine keeps; what does not fit the type is null, objects stand for
 * their JSON.
 */
export function normalizeCell(cell: unknown, type: LooseType): Cell {
  if (cell === null || cell === undefined) return type === 'string' ? '' : null;
  switch (type) {
    case 'string':
      return typeof cell === 'string' ? cell : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
    case 'bool':
      return typeof cell === 'boolean' ? cell : (parseBool(String(cell)) ?? null);
    case 'decimal':
      // Its digits stay as they are written: a row comes out as it went in.
      return readDecimal(String(cell)) ? String(cell) : null;
    case 'guid':
      return typeof cell === 'string' ? (parseGuid(cell) ?? null) : null;
    case 'dynamic':
      return dynamicText(cell);
  }
}
/** A dynamic arrives as JSON text, or as text that is none and so stands for a JSON string. */
function dynamicText(cell: unknown): string | null {
  if (typeof cell !== 'string')
    return cell === null ? null : JSON.stringify(cell, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v));
  if (cell === '') return null;
  const first = cell[0]!;
  if (first === '{' || first === '[' || first === '"' || /^(-?\d|true$|false$|null$)/.test(cell)) {
    try {
      const value: unknown = JSON.parse(cell);
      return value === null ? null : first === '{' || first === '[' ? compact(cell, value) : cell;
    } catch {
      /* not JSON: a string */
    }
  }
  return JSON.stringify(cell);
}
/** Compact JSON text keeps its own digits: only text with spaces or long numbers between tokens is written anew. */
function compact(text: string, value: unknown): string {
  return /\s/.test(text) && !/\d{16,}/.test(text) ? JSON.stringify(value) : text;
}
