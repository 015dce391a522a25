import { SQL, atom, bind, joined } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { AggregateFunction, EmitContext, JsFunction, SqlExpr } from './contract.ts';
import { dateTimeText } from './convert.ts';
import { aggregate, argument, jsFunction, literalInteger } from './define.ts';
import { canonicalText, dynamicValue, isBag, jsonText, type Json, type JsonBag } from './json.ts';

const MAX_ELEMENTS = 1_048_576n,
  OLD_MAX_ELEMENTS = 128n;

/** What DuckDB's to_json makes the right JSON of, element by element. */
function listElement(x: SqlExpr, ctx: EmitContext): Sql {
  switch (x.type) {
    case 'string':
    case 'bool':
    case 'int':
    case 'long':
    case 'guid':
    case 'decimal':
      return x.sql;
    case 'dynamic':
      return SQL`CAST(${x.sql} AS JSON)`;
    case 'datetime':
      return dateTimeText(x.sql);
    case 'real':
      return bind(
        [x.sql],
        (v) =>
          SQL`(CASE WHEN isfinite(${v}) THEN to_json(${v}) WHEN isnan(${v}) THEN to_json('NaN') WHEN ${v} IS NOT NULL THEN to_json(if(${v} > 0, 'Infinity', '-Infinity')) END)`,
      );
    case 'timespan':
      return SQL`nullif(${ctx.convert(x, 'string').sql}, '')`;
  }
}

const items = (list: unknown): Json[] => {
  const value = dynamicValue(list);
  return Array.isArray(value) ? value : [];
};

/** An array among the elements gives its own elements. */
const FLATTEN = jsFunction('kql_flatten', ['dynamic', 'long'], 'dynamic', (list, limit) =>
  jsonText(items(list).flat(1).slice(0, Number(limit))),
);

/** Different elements in the order they first come. */
const DISTINCT = jsFunction('kql_distinct', ['dynamic', 'long'], 'dynamic', (list, limit) => {
  const seen = new Map<string, Json>();
  for (const item of items(list).flat(1)) {
    const key = canonicalText(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return jsonText([...seen.values()].slice(0, Number(limit)));
});

const MERGE = jsFunction('kql_merge_bags', ['dynamic', 'long'], 'dynamic', (list, limit) => {
  const merged: JsonBag = new Map();
  for (const item of items(list))
    if (isBag(item))
      for (const [key, value] of item) if (!merged.has(key) && merged.size < Number(limit)) merged.set(key, value);
  return jsonText(merged);
});

function limitOf(arg: SqlExpr | undefined, fallback: bigint, ctx: EmitContext): bigint {
  if (!arg) return fallback;
  return literalInteger(arg) ?? ctx.refuse('a maximum size that is not a constant');
}

/** `list(x ORDER BY ...) FILTER (...)` of the elements that are there; a list keeps the nulls of a dynamic. */
function gather(
  x: SqlExpr,
  ctx: EmitContext,
  predicate: SqlExpr | undefined,
  options: { distinct?: boolean; nulls?: boolean } = {},
): Sql {
  const element = listElement(x, ctx);
  const order = ctx.order !== undefined && !options.distinct ? SQL` ORDER BY ${ctx.order}` : '';
  const conditions = [
    ...(options.nulls || x.type === 'string' ? [] : [SQL`${x.sql} IS NOT NULL`]),
    ...(predicate ? [ctx.convert(predicate, 'bool').sql] : []),
  ];
  return SQL`list(${options.distinct ? SQL`DISTINCT ` : ''}${element}${order})${conditions.length > 0 ? SQL` FILTER (WHERE ${joined(conditions, ' AND ')})` : ''}`;
}

const asText = (list: Sql) => SQL`coalesce(CAST(to_json(${list}) AS VARCHAR), '[]')`;
const first = (list: Sql, limit: bigint) => (limit >= MAX_ELEMENTS ? list : SQL`${list}[1:${limit}]`);

function emitList(x: SqlExpr, limit: bigint, predicate: SqlExpr | undefined, ctx: EmitContext): Sql {
  const list = gather(x, ctx, predicate, { nulls: x.type === 'dynamic' });
  return x.type === 'dynamic' ? ctx.js(FLATTEN, asText(list), atom`${limit}`) : asText(first(list, limit));
}

/**
 * With an order to keep, or arrays to take apart, the elements are told apart here; otherwise DuckDB does it, in any
 * order.
 */
function emitSet(x: SqlExpr, limit: bigint, predicate: SqlExpr | undefined, ctx: EmitContext): Sql {
  if (x.type === 'dynamic' || ctx.order !== undefined)
    return ctx.js(DISTINCT, asText(gather(x, ctx, predicate)), atom`${limit}`);
  return asText(first(gather(x, ctx, predicate, { distinct: true }), limit));
}

function emitBag(x: SqlExpr, limit: bigint, predicate: SqlExpr | undefined, ctx: EmitContext): Sql {
  return ctx.js(MERGE, asText(gather(ctx.convert(x, 'dynamic'), ctx, predicate)), atom`${limit}`);
}

type Emit = typeof emitList;

const plain = (names: string, emit: Emit, limit = MAX_ELEMENTS) =>
  aggregate(names, (args, ctx) => emit(argument(args, 0, ctx), limitOf(args[1], limit, ctx), undefined, ctx));
const conditional = (names: string, emit: Emit) =>
  aggregate(names, (args, ctx) =>
    emit(argument(args, 0, ctx), limitOf(args[2], MAX_ELEMENTS, ctx), argument(args, 1, ctx), ctx),
  );

/**
 * The schema of one value: the name of its type, the types of a bag's keys, of an array the types of its elements under
 * `indexer`.
 */
type Schema = { readonly scalars: Set<string>; bag?: Map<string, Schema>; elements?: Schema };

const newSchema = (): Schema => ({ scalars: new Set() });

function learn(schema: Schema, value: Json): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    schema.elements ??= newSchema();
    for (const item of value) learn(schema.elements, item);
  } else if (isBag(value)) {
    schema.bag ??= new Map();
    for (const [key, item] of value) {
      const inner = schema.bag.get(key) ?? newSchema();
      schema.bag.set(key, inner);
      learn(inner, item);
    }
  } else
    schema.scalars.add(
      typeof value === 'bigint'
        ? 'long'
        : typeof value === 'number'
          ? 'double'
          : typeof value === 'boolean'
            ? 'bool'
            : 'string',
    );
}

function describe(schema: Schema): Json {
  const kinds: Json[] = [
    ...(schema.bag ? [new Map([...schema.bag].map(([key, inner]) => [key, describe(inner)]))] : []),
    ...(schema.elements ? [new Map([['`indexer`', describe(schema.elements)]])] : []),
    ...[...schema.scalars].sort(),
  ];
  return kinds.length === 1 ? (kinds[0] ?? null) : kinds;
}

const SCHEMA: JsFunction = jsFunction('kql_build_schema', ['dynamic'], 'dynamic', (list) => {
  const schema = newSchema();
  const values = items(list);
  for (const item of values) learn(schema, item);
  return values.length === 0 ? null : jsonText(describe(schema));
});

/** Aggregates whose result is dynamic: make_list(), make_set(), make_bag(), buildschema() and their old names. */
export const collectionAggregates: readonly AggregateFunction[] = [
  ...plain('make_list', emitList),
  ...plain('makelist', emitList, OLD_MAX_ELEMENTS),
  ...conditional('make_list_if', emitList),
  ...aggregate('make_list_with_nulls', (args, ctx) =>
    asText(gather(argument(args, 0, ctx), ctx, undefined, { nulls: true })),
  ),
  ...plain('make_set', emitSet),
  ...plain('makeset', emitSet, OLD_MAX_ELEMENTS),
  ...conditional('make_set_if', emitSet),
  ...plain('make_bag make_dictionary', emitBag),
  ...conditional('make_bag_if', emitBag),
  ...aggregate('buildschema', (args, ctx) =>
    ctx.js(SCHEMA, asText(gather(ctx.convert(argument(args, 0, ctx), 'dynamic'), ctx, undefined))),
  ),
];
