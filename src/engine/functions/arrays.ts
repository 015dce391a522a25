import { SQL, bind } from '../sql/expression.ts';
import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { argument, scalar, scripted, uncertain } from './define.ts';
import { canonicalText, dynamicValue, jsonNumber, jsonText, type Json } from './json.ts';

type Physical = PhysicalValue | undefined;

/** The elements; undefined where the value is no array (most functions are null then). */
export function arrayOf(value: Physical): Json[] | undefined {
  const parsed = dynamicValue(value);
  return Array.isArray(parsed) ? parsed : undefined;
}

const mapArray = (value: Physical, change: (items: Json[]) => Json[]): string | null => {
  const items = arrayOf(value);
  return items ? jsonText(change(items)) : null;
};

function rotate(items: Json[], by: number): Json[] {
  const at = items.length === 0 ? 0 : ((by % items.length) + items.length) % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

/**
 * What comes in where nothing is given: "" among texts and null among the rest; of texts among others it is not known.
 */
function emptyOf(items: readonly Json[]): Json {
  const texts = items.filter((item) => typeof item === 'string').length;
  if (texts > 0 && texts < items.length)
    uncertain(
      'Shifting an array of texts and other values without a default value',
      'Give the value to fill with as the third argument.',
    );
  return texts > 0 ? '' : null;
}

function shift(items: Json[], right: number, given: Physical): Json[] {
  const fill = given !== undefined || right === 0 ? dynamicValue(given) : emptyOf(items);
  return items.map((_, i) => {
    const from = i - right;
    return from >= 0 && from < items.length ? (items[from] ?? null) : fill;
  });
}

/** Both ends belong to the slice; negative ones count from the end. */
function slice(items: Json[], start: number, end: number): Json[] {
  const place = (index: number) => (index < 0 ? items.length + index : index);
  return items.slice(Math.max(0, place(start)), Math.max(0, place(end) + 1));
}

function splitAt(items: Json[], places: readonly Json[]): Json[] | null {
  const cuts = places.map((place) => (typeof place === 'bigint' ? Number(place) : undefined));
  if (cuts.includes(undefined)) return null;
  const absolute = cuts.map((cut = 0) => (cut < 0 ? Math.max(0, items.length + cut) : cut));
  if (absolute.some((cut, i) => cut < (absolute[i - 1] ?? 0)))
    uncertain('array_split() at places that are not in ascending order');
  return [...absolute, items.length].map((end, i) => items.slice(i === 0 ? 0 : (absolute[i - 1] ?? 0), end));
}

function indexOf(items: Json[], wanted: Json, start: number, length: number, occurrence: number): bigint | null {
  if (length < -1 || occurrence < 0) return null;
  const from = start < 0 ? Math.max(0, items.length + start) : start;
  const end = length < 0 ? items.length : Math.min(items.length, from + length);
  const key = canonicalText(wanted);
  let left = Math.max(1, occurrence);
  for (let i = from; i < end; i++) if (canonicalText(items[i] ?? null) === key && --left === 0) return BigInt(i);
  return -1n;
}

/** What array_iff takes a condition for: a truth or a number; anything else has no answer. */
function truth(value: Json): boolean | null {
  if (typeof value === 'boolean') return value;
  const number = jsonNumber(value);
  return number === undefined ? null : number !== 0;
}

function arrayIff(conditions: Json[], whenTrue: Json, whenFalse: Json): Json[] {
  const pick = (from: Json, i: number) => (Array.isArray(from) ? (from[i] ?? null) : from);
  return conditions.map((condition, i) => {
    const yes = truth(condition);
    return yes === null ? null : pick(yes ? whenTrue : whenFalse, i);
  });
}

const RANK = (value: Json) => (jsonNumber(value) !== undefined ? 0 : typeof value === 'string' ? 1 : 2);

/** Kinds apart, numbers by value, texts by code unit. */
function compareJson(a: Json, b: Json): number {
  const rank = RANK(a);
  if (rank !== RANK(b)) return rank - RANK(b);
  const [x, y] = [jsonNumber(a) ?? canonicalText(a), jsonNumber(b) ?? canonicalText(b)];
  if (x === y) return 0;
  if (rank === 2 && (typeof a !== 'boolean' || typeof b !== 'boolean'))
    uncertain('Sorting arrays and bags inside an array');
  return x < y ? -1 : 1;
}

/** Sorts by the first array and carries the others along; those of another length become null. */
function sortArrays(args: readonly Physical[], descending: boolean): string | null {
  const flag = args.at(-1);
  const nullsLast = flag !== 'false';
  const sources = (flag === 'true' || flag === 'false' ? args.slice(0, -1) : args).map(arrayOf);
  const first = sources[0];
  if (!first) return sources.length > 1 ? jsonText(sources.map(() => null)) : null;
  const order = first
    .map((_, i) => i)
    .sort((i, j) => {
      const a = first[i] ?? null,
        b = first[j] ?? null;
      if (a === null || b === null) return a === b ? i - j : (a === null) === nullsLast ? 1 : -1;
      return (descending ? compareJson(b, a) : compareJson(a, b)) || i - j;
    });
  const sorted = sources.map((items) => (items?.length === first.length ? order.map((i) => items[i] ?? null) : null));
  return jsonText(sorted.length === 1 ? (sorted[0] ?? null) : sorted);
}

const MAX_RANGE = 1_048_576;

function zip(arrays: readonly Json[][]): Json[] {
  const length = Math.max(0, ...arrays.map((items) => items.length));
  return Array.from({ length }, (_, i) => arrays.map((items) => items[i] ?? null));
}

/** array_sum: null where something is no number. */
function sum(items: readonly Json[]): number | null {
  let total = 0;
  for (const item of items) {
    const number = jsonNumber(item);
    if (number === undefined) return item === null ? uncertain('array_sum() of an array with nulls') : null;
    total += number;
  }
  return total;
}

const int = (value: Physical, fallback: number) => (value === undefined || value === null ? fallback : Number(value));

/** A series from start to stop; the step may count down. At most 1,048,576 elements. */
export function rangeOf<T extends number | bigint>(start: T, stop: T, step: T): T[] {
  const items: T[] = [];
  if (step === 0 || step === 0n) return items;
  if (typeof start === 'bigint') {
    const by = step as bigint;
    for (
      let value: bigint = start;
      (by > 0n ? value <= (stop as bigint) : value >= (stop as bigint)) && items.length < MAX_RANGE;
      value += by
    )
      items.push(value as T);
    return items;
  }
  const from = start as number,
    to = stop as number,
    by = step as number;
  for (let i = 0; i < MAX_RANGE; i++) {
    const value = from + i * by;
    if (by > 0 ? !(value <= to) : !(value >= to)) break;
    items.push(value as T);
  }
  return items;
}

/** array_*(), zip() and repeat() over dynamic arrays. What is no array mostly gives null. */
export const arrayFunctions: readonly ScalarFunction[] = [
  ...scripted('array_concat', { params: [], rest: 'dynamic', returns: 'dynamic' }, (...arrays) =>
    jsonText(arrays.flatMap((items) => arrayOf(items) ?? [])),
  ),
  ...scripted(
    'array_iff array_iif',
    { params: ['dynamic', 'dynamic', 'dynamic'], returns: 'dynamic' },
    (conditions, whenTrue, whenFalse) =>
      mapArray(conditions, (items) => arrayIff(items, dynamicValue(whenTrue), dynamicValue(whenFalse))),
  ),
  ...scalar('array_length arraylength', (args, ctx) =>
    bind(
      [ctx.convert(argument(args, 0, ctx), 'dynamic').sql],
      (x) => SQL`(CASE WHEN json_type(${x}) = 'ARRAY' THEN CAST(json_array_length(${x}) AS BIGINT) END)`,
    ),
  ),
  ...scripted('array_reverse', { params: ['dynamic'], returns: 'dynamic' }, (value) =>
    mapArray(value, (items) => items.reverse()),
  ),
  ...scripted('array_rotate_left', { params: ['dynamic', 'long'], returns: 'dynamic' }, (value, by) =>
    mapArray(value, (items) => rotate(items, int(by, 0))),
  ),
  ...scripted('array_rotate_right', { params: ['dynamic', 'long'], returns: 'dynamic' }, (value, by) =>
    mapArray(value, (items) => rotate(items, -int(by, 0))),
  ),
  ...scripted(
    'array_shift_left',
    { params: ['dynamic', 'long', 'dynamic'], optional: 1, returns: 'dynamic' },
    (value, by, fill) => mapArray(value, (items) => shift(items, -int(by, 0), fill)),
  ),
  ...scripted(
    'array_shift_right',
    { params: ['dynamic', 'long', 'dynamic'], optional: 1, returns: 'dynamic' },
    (value, by, fill) => mapArray(value, (items) => shift(items, int(by, 0), fill)),
  ),
  ...scripted('array_slice', { params: ['dynamic', 'long', 'long'], returns: 'dynamic' }, (value, start, end) =>
    mapArray(value, (items) => slice(items, int(start, 0), int(end, -1))),
  ),
  ...scripted('array_split', { params: ['dynamic', 'dynamic'], returns: 'dynamic' }, (value, places) => {
    const items = arrayOf(value),
      cuts = dynamicValue(places);
    const parts = items && splitAt(items, Array.isArray(cuts) ? cuts : [cuts]);
    return parts ? jsonText(parts) : null;
  }),
  ...scripted(
    'array_index_of',
    { params: ['dynamic', 'dynamic', 'long', 'long', 'long'], optional: 3, returns: 'long' },
    (value, wanted, start, length, occurrence) => {
      const items = arrayOf(value);
      return items ? indexOf(items, dynamicValue(wanted), int(start, 0), int(length, -1), int(occurrence, 1)) : null;
    },
  ),
  ...scripted('array_sum', { params: ['dynamic'], returns: 'real' }, (value) => {
    const items = arrayOf(value);
    return items ? sum(items) : null;
  }),
  ...scripted('array_sort_asc', { params: [], rest: 'dynamic', returns: 'dynamic', tuple: true }, (...args) =>
    sortArrays(args, false),
  ),
  ...scripted('array_sort_desc', { params: [], rest: 'dynamic', returns: 'dynamic', tuple: true }, (...args) =>
    sortArrays(args, true),
  ),
  ...scripted('zip', { params: [], rest: 'dynamic', returns: 'dynamic' }, (...arrays) =>
    jsonText(zip(arrays.map((items) => arrayOf(items) ?? []))),
  ),
  ...scripted('repeat', { params: ['dynamic', 'long'], returns: 'dynamic' }, (value, count) => {
    if (typeof count !== 'bigint' || count < 0n) return null;
    if (count > BigInt(MAX_RANGE)) uncertain(`repeat() of more than ${MAX_RANGE} values`);
    const text = jsonText(dynamicValue(value));
    return `[${Array.from({ length: Number(count) }, () => text).join(',')}]`;
  }),
];
