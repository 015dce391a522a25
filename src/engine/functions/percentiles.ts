import type { KqlType } from '../../model/kqlType.ts';
import { NOTHING, SQL, joined } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { single } from './aggregates.ts';
import type { AggregateFunction, EmitContext, JsFunction, SqlExpr } from './contract.ts';
import { convertValue } from './convert.ts';
import { aggregate, argument, jsFunction, literalText, physicalType } from './define.ts';
import { dynamicValue, jsonNumber, jsonText, type Json } from './json.ts';

/** The percentages asked for: constants, or one constant array of them. */
function percentages(args: readonly SqlExpr[], ctx: EmitContext): number[] {
  return args
    .flatMap((arg): number[] => {
      if (typeof arg.literal === 'bigint' || typeof arg.literal === 'number') return [Number(arg.literal)];
      const list = dynamicValue(literalText(arg) ?? null);
      const numbers = Array.isArray(list) ? list.map(jsonNumber) : [undefined];
      return numbers.map((number) => number ?? ctx.refuse('a percentage that is not a constant'));
    })
    .map((percentage) =>
      percentage >= 0 && percentage <= 100 ? percentage : ctx.refuse(`the percentage ${percentage}`),
    );
}

function ranked(x: SqlExpr, ctx: EmitContext): SqlExpr {
  if (x.type === 'dynamic') return ctx.convert(x, 'real');
  return ['int', 'long', 'real', 'datetime', 'timespan'].includes(x.type) ? x : ctx.refuse(`a percentile of ${x.type}`);
}

/** The smallest value that at least so many percent of the values do not exceed. */
function nearestRank(x: SqlExpr, percentage: number, where: Sql, ctx: EmitContext, result: KqlType): Sql {
  const value = ranked(x, ctx);
  return ctx.convert(
    { sql: single(SQL`quantile_disc(${value.sql}, ${percentage / 100})`, where), type: value.type },
    result,
  ).sql;
}

/** The same over values with weights, which come as a list of `{v, w}`. */
function weightedRank(list: Json, percentage: number): Json {
  if (!Array.isArray(list)) return null;
  const pairs = list.flatMap((pair): [Json, number][] => {
    const [value = null, weight] = pair instanceof Map ? [...pair.values()] : [];
    const count = jsonNumber(weight);
    return value === null || count === undefined || !(count > 0) ? [] : [[value, count]];
  });
  const size = (value: Json) => jsonNumber(value) ?? 0;
  pairs.sort(([a], [b]) => size(a) - size(b));
  const total = pairs.reduce((sum, [, weight]) => sum + weight, 0),
    wanted = (total * percentage) / 100;
  let seen = 0;
  for (const [value, weight] of pairs) if ((seen += weight) >= wanted - 1e-9 * total) return value;
  return null;
}

function weightedFunction(type: KqlType): JsFunction {
  return jsFunction(`kql_percentile_w_${type}`, ['dynamic', 'real'], type, (list, percentage) => {
    const found = weightedRank(dynamicValue(list), Number(percentage));
    if (found === null) return null;
    const value =
      convertValue(jsonText(found), 'dynamic', type === 'datetime' || type === 'timespan' ? 'long' : type) ?? null;
    return physicalType(type) === 'INTEGER' && value !== null ? Number(value) : value;
  });
}

function weighted(args: readonly SqlExpr[], percentage: number, where: Sql, ctx: EmitContext, result: KqlType): Sql {
  const value = ranked(argument(args, 0, ctx), ctx),
    weight = ctx.convert(argument(args, 1, ctx), 'real');
  const sql = ctx.js(
    weightedFunction(value.type),
    SQL`CAST(to_json(list({v: ${value.sql}, w: ${weight.sql}})${where}) AS VARCHAR)`,
    SQL`${percentage}::DOUBLE`,
  );
  return ctx.convert({ sql, type: value.type }, result).sql;
}

const asElement = (sql: Sql, type: KqlType, ctx: EmitContext) =>
  SQL`coalesce(${ctx.convert({ sql, type }, 'dynamic').sql}, 'null')`;

/** A JSON array of what `one` says of each percentage. */
function array(values: readonly Sql[], type: KqlType, ctx: EmitContext): Sql {
  return SQL`('[' || ${joined(
    values.map((value) => asElement(value, type, ctx)),
    " || ',' || ",
  )} || ']')`;
}

/** The type the binder gives a column of percentiles: the value's own. */
const own = (x: SqlExpr): KqlType => (x.type === 'dynamic' ? 'real' : x.type);

function plain(
  name: string,
  skip: number,
  one: (args: readonly SqlExpr[], percentage: number, where: Sql, ctx: EmitContext, result: KqlType) => Sql,
): AggregateFunction[] {
  const columns = (args: readonly SqlExpr[], ctx: EmitContext, result: KqlType, where = NOTHING) =>
    percentages(args.slice(skip), ctx).map((percentage) =>
      one(args, percentage, where, ctx, result === 'dynamic' ? own(argument(args, 0, ctx)) : result),
    );
  const single = `${name}${skip === 2 ? 'w' : ''}`,
    several = `${name}s${skip === 2 ? 'w' : ''}`;
  const emitArray = (args: readonly SqlExpr[], ctx: EmitContext, where = NOTHING) => {
    const type = own(argument(args, 0, ctx));
    const made = columns(args, ctx, type, where);
    if (made.length === 0) ctx.refuse(`${several}_array() without a percentage`);
    // Of no values there is no array.
    return SQL`CASE WHEN count(${argument(args, 0, ctx).sql})${where} > 0 THEN ${array(made, type, ctx)} END`;
  };
  const first = (args: readonly SqlExpr[], ctx: EmitContext, result: KqlType) =>
    columns(args, ctx, result)[0] ?? ctx.refuse(`${name}() without a percentage`);
  return [
    ...aggregate(`${single} ${several}`, first, columns),
    ...aggregate(`${several}_array`, (args, ctx) => emitArray(args, ctx)),
  ];
}

/**
 * percentile(), percentiles() and their weighted forms by nearest rank: an exact value of the column, never one
 * between.
 */
export const percentileAggregates: readonly AggregateFunction[] = [
  ...plain('percentile', 1, (args, percentage, where, ctx, result) =>
    nearestRank(argument(args, 0, ctx), percentage, where, ctx, result),
  ),
  ...plain('percentile', 2, weighted),
];
