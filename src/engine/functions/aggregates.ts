import type { KqlType } from '../../model/kqlType.ts';
import { NOTHING, SQL, withShape } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { wrapLong } from './arithmetic.ts';
import type { AggregateFunction, EmitContext, SqlExpr } from './contract.ts';
import { compareDecimals, decimalArithmetic } from './decimal.ts';
import { aggregate, argument, jsFunction } from './define.ts';
import { dynamicValue } from './json.ts';

/** `FILTER (WHERE ...)` of a predicate, or nothing. */
export function filter(predicate: SqlExpr | undefined, ctx: EmitContext): Sql {
  return predicate ? SQL` FILTER (WHERE ${ctx.convert(predicate, 'bool').sql})` : NOTHING;
}

const ordered = (ctx: EmitContext) => (ctx.order === undefined ? NOTHING : SQL` ORDER BY ${ctx.order}`);

/** One call of an SQL aggregate, `made`, over the rows that `where` (a FILTER, or nothing) lets through. */
export function single(made: Sql, where: Sql = NOTHING): Sql {
  if (where !== NOTHING) return SQL`${made}${where}`;
  return withShape(made, { kind: 'aggregate', over: (condition) => SQL`${made} FILTER (WHERE ${condition})` });
}

/** A form without a predicate and one with it as the last of `1 + extra` arguments. */
function withIf(
  name: string,
  ifName: string,
  emit: (x: SqlExpr, filter: Sql, ctx: EmitContext, result: KqlType) => Sql,
): AggregateFunction[] {
  return [
    ...aggregate(name, (args, ctx, result) => emit(argument(args, 0, ctx), NOTHING, ctx, result)),
    ...aggregate(ifName, (args, ctx, result) =>
      emit(argument(args, 0, ctx), filter(argument(args, 1, ctx), ctx), ctx, result),
    ),
  ];
}

type Fold = 'sum' | 'avg' | 'min' | 'max';

/** Decimals are text: their folds are done over the list of the group's values. */
const DECIMAL_FOLDS = Object.fromEntries(
  (['sum', 'avg', 'min', 'max'] as const).map((fold) => [
    fold,
    jsFunction(`kql_decimal_${fold}`, ['dynamic'], 'decimal', (list) => {
      const items = dynamicValue(list),
        values = Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [];
      const total = values.reduce<string | null>(
        (sum, value) => (sum === null ? null : decimalArithmetic('+', sum, value)),
        '0',
      );
      if (fold === 'sum') return total;
      if (values.length === 0 || total === null) return null;
      if (fold === 'avg') return decimalArithmetic('/', total, String(values.length));
      return values.reduce((best, value) =>
        compareDecimals(value, best) * (fold === 'min' ? -1 : 1) > 0 ? value : best,
      );
    }),
  ]),
) as Record<Fold, ReturnType<typeof jsFunction>>;

const decimalFold = (fold: Fold, sql: Sql, where: Sql, ctx: EmitContext) =>
  ctx.js(DECIMAL_FOLDS[fold], SQL`CAST(to_json(list(${sql})${where}) AS VARCHAR)`);

function numeric(x: SqlExpr, ctx: EmitContext): SqlExpr {
  return x.type === 'dynamic' || x.type === 'string'
    ? ctx.convert(x, 'real')
    : x.type === 'bool'
      ? ctx.convert(x, 'long')
      : x;
}

function emitSum(arg: SqlExpr, where: Sql, ctx: EmitContext, result: KqlType): Sql {
  const x = numeric(arg, ctx);
  if (x.type === 'decimal') return decimalFold('sum', x.sql, where, ctx);
  if (x.type === 'real')
    return ctx.convert({ sql: SQL`coalesce(sum(${x.sql})${where}, 0e0)`, type: 'real' }, result).sql;
  // The sum is a HUGEINT that nearly always fits; the wide way is taken by the groups where it does not.
  const sum = SQL`sum(${x.sql})${where}`;
  return ctx.convert(
    {
      sql: SQL`coalesce(TRY_CAST(${sum} AS BIGINT), ${wrapLong(SQL`${sum}::HUGEINT`)}, 0)`,
      type: x.type === 'timespan' ? 'timespan' : 'long',
    },
    result,
  ).sql;
}

function emitAvg(arg: SqlExpr, where: Sql, ctx: EmitContext, result: KqlType): Sql {
  const x = numeric(arg, ctx);
  if (x.type === 'decimal') return decimalFold('avg', x.sql, where, ctx);
  if (x.type === 'datetime' || x.type === 'timespan')
    return SQL`CAST(sum(${x.sql})${where}::HUGEINT // count(${x.sql})${where} AS BIGINT)`;
  // The sum of longs wraps before it is divided.
  const mean =
    x.type === 'long'
      ? SQL`(coalesce(TRY_CAST(sum(${x.sql})${where} AS BIGINT), ${wrapLong(SQL`sum(${x.sql})${where}::HUGEINT`)})::DOUBLE / count(${x.sql})${where})`
      : SQL`avg(${x.sql})${where}`;
  return ctx.convert({ sql: SQL`coalesce(${mean}, 'nan'::DOUBLE)`, type: 'real' }, result).sql;
}

function emitExtreme(name: 'min' | 'max', x: SqlExpr, where: Sql, ctx: EmitContext, result: KqlType): Sql {
  if (x.type === 'decimal') return decimalFold(name, x.sql, where, ctx);
  if (x.type === 'dynamic') ctx.refuse(`${name}() of a dynamic`, 'convert it first, as in tolong(x)');
  // NaN, which DuckDB holds to be the largest, is the least as well: of the opposites it is the largest again.
  const made = name === 'min' && x.type === 'real' ? SQL`-max(-(${x.sql}))` : SQL`${name}(${x.sql})`;
  const sql = single(made, where);
  return ctx.convert({ sql: x.type === 'string' ? SQL`coalesce(${sql}, '')` : sql, type: x.type }, result).sql;
}

/** Nulls and empty texts are passed over where there is anything else, as take_any() passes them. */
function emitAny(x: SqlExpr, where: Sql, ctx: EmitContext, result: KqlType): Sql {
  const sql = single(SQL`any_value(${x.type === 'string' ? SQL`nullif(${x.sql}, '')` : x.sql}${ordered(ctx)})`, where);
  return ctx.convert({ sql: x.type === 'string' ? SQL`coalesce(${sql}, '')` : sql, type: x.type }, result).sql;
}

const distinct = (x: SqlExpr, where: Sql) => single(SQL`count(DISTINCT ${x.sql})`, where);

/**
 * Spread of a group; of fewer values than it takes it is 0, and NaN where a value is not finite (DuckDB would stop
 * there).
 */
const spread = (name: string, ifName: string, sqlName: Sql) =>
  withIf(name, ifName, (arg, where, ctx) => {
    const value = ctx.convert(arg, 'real').sql;
    if (arg.type !== 'real' && arg.type !== 'dynamic') return SQL`coalesce(${sqlName}(${value})${where}, 0e0)`;
    const finite = SQL`CASE WHEN isfinite(${value}) THEN ${value} END`;
    return SQL`CASE WHEN bool_or(NOT isfinite(${value}))${where} THEN 'nan'::DOUBLE ELSE coalesce(${sqlName}(${finite})${where}, 0e0) END`;
  });

function covariance(name: string, sqlName: Sql): AggregateFunction[] {
  const emit = (args: readonly SqlExpr[], ctx: EmitContext, where: Sql) =>
    SQL`coalesce(${sqlName}(${ctx.convert(argument(args, 0, ctx), 'real').sql}, ${ctx.convert(argument(args, 1, ctx), 'real').sql})${where}, 0e0)`;
  return [
    ...aggregate(name, (args, ctx) => emit(args, ctx, NOTHING)),
    ...aggregate(`${name}if`, (args, ctx) => emit(args, ctx, filter(argument(args, 2, ctx), ctx))),
  ];
}

const bits = (name: string, sqlName: Sql) =>
  aggregate(name, (args, ctx) => single(SQL`${sqlName}(${ctx.convert(argument(args, 0, ctx), 'long').sql})`));

/**
 * arg_max(by, value): the value of the row where `by` is largest; rows without `by` count only where there are no
 * others.
 */
const extremeRow = (names: string, pick: 'max' | 'min') =>
  aggregate(names, (args, ctx, result) => {
    const by = argument(args, 0, ctx),
      value = args[1] ?? by;
    const least = pick === 'min' && by.type === 'real';
    const sqlName = pick === 'max' || least ? SQL`arg_max_null` : SQL`arg_min_null`;
    const sql = single(SQL`${sqlName}(${value.sql}, ${least ? SQL`-(${by.sql})` : by.sql}${ordered(ctx)})`);
    return ctx.convert({ sql: value.type === 'string' ? SQL`coalesce(${sql}, '')` : sql, type: value.type }, result)
      .sql;
  });

/**
 * Aggregates that DuckDB computes in one expression: counts, sums, extremes, distinct counts, variances, bits,
 * arg_max().
 */
export const aggregateFunctions: readonly AggregateFunction[] = [
  // An argument changes nothing: count(x) counts the rows without x as well.
  ...aggregate('count', ([x], ctx) =>
    x?.type === 'bool' ? ctx.refuse('count() of a condition', 'Use countif().') : single(SQL`count(*)`),
  ),
  ...aggregate('countif', (args, ctx) => SQL`count(*)${filter(argument(args, 0, ctx), ctx)}`),
  ...withIf('sum', 'sumif', emitSum),
  ...withIf('avg', 'avgif', emitAvg),
  ...withIf('min', 'minif', (x, where, ctx, result) => emitExtreme('min', x, where, ctx, result)),
  ...withIf('max', 'maxif', (x, where, ctx, result) => emitExtreme('max', x, where, ctx, result)),
  ...withIf('dcount', 'dcountif', distinct),
  ...withIf('count_distinct', 'count_distinctif', distinct),
  ...withIf('take_any', 'take_anyif', emitAny),
  ...withIf('any', 'anyif', emitAny),
  ...spread('stdev', 'stdevif', SQL`stddev_samp`),
  ...spread('stdevp', 'stdevpif', SQL`stddev_pop`),
  ...spread('variance', 'varianceif', SQL`var_samp`),
  ...spread('variancep', 'variancepif', SQL`var_pop`),
  ...covariance('covariance', SQL`covar_samp`),
  ...covariance('covariancep', SQL`covar_pop`),
  ...bits('binary_all_and', SQL`bit_and`),
  ...bits('binary_all_or', SQL`bit_or`),
  ...bits('binary_all_xor', SQL`bit_xor`),
  ...extremeRow('arg_max argmax', 'max'),
  ...extremeRow('arg_min argmin', 'min'),
];
