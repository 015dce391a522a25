import type { KqlType } from '../../model/kqlType.ts';
import { SQL, joined, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { arrayOf, rangeOf } from './arrays.ts';
import type { EmitContext, PhysicalValue, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, callJs, scalar, scripted, uncertain } from './define.ts';
import { canonicalText, dynamicValue, isBag, jsonText, physicalDynamic, type Json, type JsonBag } from './json.ts';
import { pathSteps } from './parsing.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { TICKS, isDatetime } from '../../model/values/ticks.ts';
import { formatTimespan } from '../../model/values/timespan.ts';

const str = (value: PhysicalValue | undefined) => (typeof value === 'string' ? value : '');
const bagOf = (value: PhysicalValue | undefined): JsonBag | undefined => {
  const parsed = dynamicValue(value);
  return isBag(parsed) ? parsed : undefined;
};

/** JSON text of a value inside a bag or an array: a missing one is null there. */
const inside = (expr: SqlExpr, ctx: EmitContext) =>
  expr.type === 'string'
    ? ctx.convert(expr, 'dynamic').sql
    : SQL`coalesce(${ctx.convert(expr, 'dynamic').sql}, 'null')`;

function emitPack(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const pairs: Sql[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const key = ctx.convert(argument(args, i, ctx), 'string');
    const name =
      typeof key.literal === 'string'
        ? textSql(`${JSON.stringify(key.literal)}:`)
        : SQL`CAST(to_json(${key.sql}) AS VARCHAR) || ':'`;
    pairs.push(SQL`${name} || ${inside(argument(args, i + 1, ctx), ctx)}`);
  }
  const inner = pairs.length > 0 ? SQL`${joined(pairs, " || ',' || ")} || ` : '';
  return SQL`('{' || ${inner}'}')`;
}

function emitPackArray(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const items = args.map((arg) => inside(arg, ctx));
  const inner = items.length > 0 ? SQL`${joined(items, " || ',' || ")} || ` : '';
  return SQL`('[' || ${inner}']')`;
}

/**
 * The keys of a JSON path (`$.a.b`, `$['a b'].c`); a plain key is itself. Places in arrays are not supported, the
 * documentation says, but not what then is.
 */
function keyPath(key: string): string[] {
  if (key !== '$' && !key.startsWith('$.') && !key.startsWith('$[')) return [key];
  const steps = pathSteps(key) ?? [];
  if (steps.length === 0 || !steps.every((step) => typeof step === 'string'))
    uncertain('A JSON path that is not made of keys alone in a bag_ function');
  return steps;
}

function hasKey(bag: JsonBag, [key = '', ...rest]: readonly string[]): boolean {
  const inner = bag.get(key);
  return rest.length === 0 ? bag.has(key) : isBag(inner) && hasKey(inner, rest);
}

function withoutKey(bag: JsonBag, path: readonly string[]): JsonBag {
  const [key = '', ...rest] = path,
    inner = bag.get(key);
  if (rest.length === 0) return new Map([...bag].filter(([name]) => name !== key));
  return isBag(inner)
    ? new Map([...bag].map(([name, value]) => [name, name === key ? withoutKey(inner, rest) : value]))
    : bag;
}

function withKey(bag: JsonBag, path: readonly string[], value: Json): JsonBag {
  const [key = '', ...rest] = path,
    inner = bag.get(key);
  if (rest.length > 0 && inner !== undefined && !isBag(inner))
    uncertain('bag_set_key() of a path through a value that is no bag');
  return new Map([
    ...[...bag].filter(([name]) => name !== key),
    [key, rest.length === 0 ? value : withKey(isBag(inner) ? inner : new Map(), rest, value)],
  ]);
}

/** Where there are values inside: an array's place stands as [0] whatever the index. */
function treePaths(value: Json, prefix = ''): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [] : [`${prefix}[0]`, ...value.flatMap((item) => treePaths(item, `${prefix}[0]`))];
  return isBag(value)
    ? [...value].flatMap(([key, item]) => [`${prefix}['${key}']`, ...treePaths(item, `${prefix}['${key}']`)])
    : [];
}

/** Each value once, where it first comes. */
function distinct(items: readonly Json[]): Json[] {
  const seen = new Map<string, Json>();
  for (const item of items) {
    const key = canonicalText(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

/** One set operation over arrays; null where one of them is none. */
function setOperation(
  names: string,
  combine: (first: Json[], rest: Set<string>[], all: Json[][]) => Json[],
): ScalarFunction[] {
  return scripted(names, { params: [], rest: 'dynamic', returns: 'dynamic' }, (...args) => {
    const arrays = args.map(arrayOf);
    if (arrays.includes(undefined)) return null;
    const all = arrays.map((items) => items ?? []);
    return jsonText(
      distinct(
        combine(
          all[0] ?? [],
          all.slice(1).map((items) => new Set(items.map(canonicalText))),
          all,
        ),
      ),
    );
  });
}

function jaccard(a: PhysicalValue | undefined, b: PhysicalValue | undefined): number | null {
  const first = arrayOf(a),
    second = arrayOf(b);
  if (!first || !second) return null;
  const x = new Set(first.map(canonicalText)),
    y = new Set(second.map(canonicalText));
  const shared = [...x].filter((item) => y.has(item)).length;
  return shared / (x.size + y.size - shared);
}

const STEP_DEFAULT = TICKS.hour;

/**
 * range(): numbers stay long unless one argument is real; datetimes and timespans become texts, an hour apart by
 * default.
 */
function emitRange(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const start = argument(args, 0, ctx),
    stop = argument(args, 1, ctx);
  const type: KqlType = start.type === 'dynamic' ? (stop.type === 'dynamic' ? 'long' : stop.type) : start.type;
  if (type === 'datetime' || type === 'timespan') {
    const format = type === 'datetime' ? formatDatetime : formatTimespan;
    return callJs(ctx, `kql_range_${type}`, args, [type, type, 'timespan'], 'dynamic', (from, to, step) => {
      if (typeof from !== 'bigint' || typeof to !== 'bigint' || step === null) return null;
      return jsonText(
        rangeOf(from, to, typeof step === 'bigint' ? step : STEP_DEFAULT)
          .filter((ticks) => type !== 'datetime' || isDatetime(ticks))
          .map(format),
      );
    });
  }
  if (args.some((arg) => arg.type === 'real' || arg.type === 'decimal')) {
    return callJs(ctx, 'kql_range_real', args, ['real', 'real', 'real'], 'dynamic', (from, to, step) =>
      typeof from === 'number' && typeof to === 'number' && step !== null
        ? jsonText(rangeOf(from, to, typeof step === 'number' ? step : 1))
        : null,
    );
  }
  return callJs(ctx, 'kql_range_long', args, ['long', 'long', 'long'], 'dynamic', (from, to, step) =>
    typeof from === 'bigint' && typeof to === 'bigint' && step !== null
      ? jsonText(rangeOf(from, to, typeof step === 'bigint' ? step : 1n))
      : null,
  );
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isBag(value)) return 'dictionary';
  // The documentation calls parse_json('1') an int and a real a real; the engine says long and double.
  return typeof value === 'bigint'
    ? 'long'
    : typeof value === 'number'
      ? 'double'
      : typeof value === 'boolean'
        ? 'bool'
        : 'string';
}

/** Property bags and arrays made, merged, read and compared as sets: bag_*(), pack_array(), range(), set_*(). */
export const bagFunctions: readonly ScalarFunction[] = [
  ...scalar('bag_pack pack pack_dictionary', emitPack),
  ...scalar('pack_array', emitPackArray),
  ...scalar('range', emitRange),
  ...scalar('gettype', (args, ctx) => {
    const value = argument(args, 0, ctx);
    return value.type !== 'dynamic'
      ? textSql(value.type)
      : callJs(ctx, 'kql_gettype', [value], ['dynamic'], 'string', (text) => typeName(dynamicValue(text)));
  }),
  ...scripted('bag_keys', { params: ['dynamic'], returns: 'dynamic' }, (value) => {
    const bag = bagOf(value);
    return bag ? jsonText([...bag.keys()]) : null;
  }),
  ...scripted('bag_has_key', { params: ['dynamic', 'string'], returns: 'bool' }, (value, key) => {
    const bag = bagOf(value);
    return bag ? hasKey(bag, keyPath(str(key))) : null;
  }),
  ...scripted('bag_merge', { params: [], rest: 'dynamic', returns: 'dynamic' }, (...args) => {
    const bags = args.map(bagOf).filter((bag) => bag !== undefined);
    if (bags.length === 0) return null;
    const merged: JsonBag = new Map();
    for (const bag of bags) for (const [key, value] of bag) if (!merged.has(key)) merged.set(key, value);
    return jsonText(merged);
  }),
  ...scripted('bag_remove_keys', { params: ['dynamic', 'dynamic'], returns: 'dynamic' }, (value, keys) => {
    const bag = bagOf(value),
      names = arrayOf(keys);
    if (!bag) return null;
    return jsonText(
      (names ?? []).reduce<JsonBag>(
        (left, key) => (typeof key === 'string' ? withoutKey(left, keyPath(key)) : left),
        bag,
      ),
    );
  }),
  ...scripted('bag_set_key', { params: ['dynamic', 'string', 'dynamic'], returns: 'dynamic' }, (value, key, item) => {
    const bag = bagOf(value);
    return bag ? jsonText(withKey(bag, keyPath(str(key)), dynamicValue(item))) : null;
  }),
  ...scripted('bag_zip', { params: ['dynamic', 'dynamic'], returns: 'dynamic' }, (keys, values) => {
    const names = arrayOf(keys),
      items = arrayOf(values) ?? [];
    return names
      ? jsonText(
          new Map(
            names.flatMap((name, i): [string, Json][] => (typeof name === 'string' ? [[name, items[i] ?? null]] : [])),
          ),
        )
      : null;
  }),
  ...scripted('treepath', { params: ['dynamic'], returns: 'dynamic' }, (value) =>
    physicalDynamic(value === null ? null : distinct(treePaths(dynamicValue(value)))),
  ),
  ...setOperation('set_union', (_, __, all) => all.flat()),
  ...setOperation('set_intersect', (first, rest) =>
    first.filter((item) => rest.every((set) => set.has(canonicalText(item)))),
  ),
  ...setOperation('set_difference', (first, rest) =>
    first.filter((item) => !rest.some((set) => set.has(canonicalText(item)))),
  ),
  ...scripted('set_has_element', { params: ['dynamic', 'dynamic'], returns: 'bool' }, (set, value) => {
    const items = arrayOf(set),
      wanted = canonicalText(dynamicValue(value));
    return items ? items.some((item) => canonicalText(item) === wanted) : null;
  }),
  ...scripted('set_equals', { params: ['dynamic', 'dynamic'], returns: 'bool' }, (a, b) => {
    const first = arrayOf(a),
      second = arrayOf(b);
    if (!first || !second) return null;
    const x = new Set(first.map(canonicalText)),
      y = new Set(second.map(canonicalText));
    return x.size === y.size && [...x].every((item) => y.has(item));
  }),
  ...scripted('jaccard_index', { params: ['dynamic', 'dynamic'], returns: 'real' }, jaccard),
];
