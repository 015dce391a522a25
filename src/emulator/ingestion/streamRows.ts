import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import { readInstant } from '../clock.ts';
import { parseTransform, transformRow } from './transform.ts';
import type { StreamColumn } from './transform.ts';

/** Longer texts are cut without a word (azure-monitor-docs, includes/azure-monitor-limits-custom-logs). */
const LONGEST = 65_536;
const DAY_MS = 86_400_000;

/** What the service itself puts into every row, and the time it is (ms since 1970). */
interface Reception {
  readonly now: number;
  readonly fixed: Readonly<Record<string, string>>;
}

/**
 * What a table keeps of the items of a stream: declared columns by their types, transformed, those that the table has;
 * what it has not is dropped. A time of generation that is missing, more than two days old or more than one ahead is
 * the time it came.
 */
export function toRows(
  items: readonly Readonly<Record<string, unknown>>[],
  declared: readonly StreamColumn[],
  transformKql: string | undefined,
  columns: readonly Column[],
  { now, fixed }: Reception,
): Cell[][] {
  const transform = parseTransform(transformKql ?? 'source');
  const time = new Date(now).toISOString();
  return items.map((item) => {
    const read = Object.fromEntries(declared.map(({ name, type }) => [name, toValue(item[name], type.toLowerCase())]));
    const made = transformRow(transform, read, time);
    return columns.map(({ name, type }): Cell => {
      if (name in fixed) return fixed[name]!;
      const cell = toCell(made[name], type);
      return name === 'TimeGenerated' ? recent(cell, now, time) : cell;
    });
  });
}

/** A value as its stream declares it: what does not fit is null. */
function toValue(value: unknown, type: string): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'dynamic') return value;
  if (type === 'boolean')
    return typeof value === 'boolean'
      ? value
      : /^(true|false)$/i.test(textOf(value))
        ? /^true$/i.test(textOf(value))
        : null;
  if (type === 'datetime') return typeof value === 'string' ? value : null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function toCell(value: unknown, type: KqlType): Cell {
  if (value === undefined || value === null) return type === 'string' ? '' : null;
  if (type === 'dynamic') return cut(JSON.stringify(value));
  if (typeof value === 'number' || typeof value === 'boolean') return type === 'string' ? String(value) : value;
  return cut(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string): string {
  return Buffer.byteLength(text) <= LONGEST ? text : Buffer.from(text).subarray(0, LONGEST).toString('utf8');
}

function recent(cell: Cell, now: number, time: string): Cell {
  const at = typeof cell === 'string' ? readInstant(cell) : undefined;
  return at === undefined || at < now - 2 * DAY_MS || at > now + DAY_MS ? time : cell;
}
