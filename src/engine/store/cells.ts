import { formatTimespan } from '../../kql/literal.ts';
import type { Cell, KqlType } from '../../model/kqlType.ts';
import type { DuckValue } from '../runtime/duckdbSession.ts';

const TICKS_PER_MS = 10_000n;
const EPOCH_MS = 62_135_596_800_000;

/** A stored value in the query API's encoding. A text that a workspace has not is "", as Kusto's union pads it. */
export function toCell(type: KqlType, value: DuckValue): Cell {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'datetime':
      return isoText(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'long':
      return Number.isSafeInteger(Number(value)) ? Number(value) : (value as bigint);
    case 'real':
      return Number.isFinite(value as number) ? value : String(value);
    default:
      return value;
  }
}

/** As `toCell`, for message channels and JSON: a long beyond 2^53 is text. */
export function toViewCell(type: KqlType, value: DuckValue): string | number | boolean | null {
  const cell = toCell(type, value);
  return typeof cell === 'bigint' ? cell.toString() : cell;
}

/** As text for statistics and files; "" for no value. */
export function toCellText(type: KqlType, value: DuckValue): string {
  const cell = toCell(type, value);
  return cell === null ? '' : String(cell);
}

/** Ticks as the service writes times: fraction without trailing zeros, none for whole seconds. */
export function isoText(ticks: bigint): string {
  const ms = Number(ticks / TICKS_PER_MS);
  const rest = Number(ticks % TICKS_PER_MS);
  const text = new Date(ms - EPOCH_MS).toISOString();
  const fraction = text.slice(20, 23) + String(rest).padStart(4, '0');
  const trimmed = fraction.replace(/0+$/, '');
  return trimmed === '' ? `${text.slice(0, 19)}Z` : `${text.slice(0, 19)}.${trimmed}Z`;
}

/** Ticks as milliseconds since 1970, for charts. */
export function epochMs(ticks: bigint): number {
  return Number(ticks) / 10_000 - EPOCH_MS;
}
