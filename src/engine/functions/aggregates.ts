import type { KqlType } from '../../model/kqlType.ts';
import { wrapLong } from './arithmetic.ts';
import type { AggregateFunction, EmitContext, SqlExpr } from './contract.ts';
import { compareDecimals, decimalArithmetic } from './decimal.ts';
import { aggregate, argument, jsFunction } from './define.ts';
import { dynamicValue } from './json.ts';

/** `FILTER (WHERE ...)` of a predicate, or nothing. */
export function filter(predicate: SqlExpr | undefined, ctx: EmitContext): string {
  return predicate ? ` FILTER (WHERE ${ctx.convert(predicate, 'bool').sql})` : '';
}

const ordered = (ctx: EmitContext) => (ctx.order === undefined ? '' : ` ORDER BY ${ctx.order}`);

/** A form without a predicate and one with it as the last of `1 + extra` arguments. */
function withIf(
  name: string,
  ifName: string,
  emit: (x: SqlExpr, filter: string, ctx: EmitContext, result: KqlType) => string,
): AggregateFunction[] {
  return [
    ...aggregate(name, (args, ctx, result) => emit(argument(args, 0, ctx), '', ctx, result)),
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

const decimalFold = (fold: Fold, sql: string, where: string, ctx: EmitContext) =>
  ctx.js(DECIMAL_FOLDS[fold], `CAST(to_json(list(${sql})${where}) AS VARCHAR)`);

function numeric(x: SqlExpr, ctx: EmitContext): SqlExpr {
  return x.type === 'dynamic' || x.type === 'string'
    ? ctx.convert(x, 'real')
    : x.type === 'bool'
      ? ctx.convert(x, 'long')
      : x;
}

function emitSum(arg: SqlExpr, where: string, ctx: EmitContext, result: KqlType): string {
  const x = numeric(arg, ctx);
  if (x.type === 'decimal') return decimalFold('sum', x.sql, where, ctx);
  if (x.type === 'real') return ctx.convert({ sql: `coalesce(sum(${x.sql})${where}, 0e0)`, type: 'real' }, result).sql;
  // The sum is a HUGEINT that nearly always fits; the wide way is taken by the groups where it does not.
  const sum = `sum(${x.sql})${where}`;
  return ctx.convert(
    {
      sql: `coalesce(TRY_CAST(${sum} AS BIGINT), ${wrapLong(`${sum}::HUGEINT`)}, 0)`,
      type: x.type === 'timespan' ? 'timespan' : 'long',
    },
    result,
  ).sql;
}

function emitAvg(arg: SqlExpr, where: string, ctx: EmitContext, result: KqlType): string {
  const x = numeric(arg, ctx);
  if (x.type === 'decimal') return decimalFold('avg', x.sql, where, ctx);
  if (x.type === 'datetime' || x.type === 'timespan')
    return `CAST(sum(${x.sql})${where}::HUGEINT // count(${x.sql})${where} AS BIGINT)`;
  return ctx.convert({ sql: `coalesce(avg(${x.sql})${where}, 'nan'::DOUBLE)`, type: 'real' }, result).sql;
}

function emitExtreme(name: 'min' | 'max', x: SqlExpr, where: string, ctx: EmitContext, result: KqlType): string {
  if (x.type === 'decimal') return decimalFold(name, x.sql, where, ctx);
  if (x.type === 'dynamic') ctx.refuse(`${name}() of a dynamic`, 'convert it first, as in tolong(x)');
  const sql = `${name}(${x.sql})${where}`;
  return ctx.convert({ sql: x.type === 'string' ? `coalesce(${sql}, '')` : sql, type: x.type }, result).sql;
}

/** Nulls and empty texts are passed over where there is anything else, as take_any() passes them. */
function emitAny(x: SqlExpr, where: string, ctx: EmitContext, result: KqlType): string {
  const sql = `any_value(${x.type === 'string' ? `nullif(${x.sql}, '')` : x.sql}${ordered(ctx)})${where}`;
  return ctx.convert({ sql: x.type === 'string' ? `coalesce(${sql}, '')` : sql, type: x.type }, result).sql;
}

const distinct = (x: SqlExpr, where: string) => `count(DISTINCT ${x.sql})${where}`;

/**
 * Spread of a group; of fewer values than it takes it is 0, and NaN where a value is not finite (DuckDB would stop
 * there).
 */
const spread = (name: string, ifName: string, sqlName: string) =>
  withIf(name, ifName, (arg, where, ctx) => {
    const value = ctx.convert(arg, 'real').sql;
    if (arg.type !== 'real' && arg.type !== 'dynamic') return `coalesce(${sqlName}(${value})${where}, 0e0)`;
    const finite = `CASE WHEN isfinite(${value}) THEN ${value} END`;
    return `CASE WHEN bool_or(NOT isfinite(${value}))${where} THEN 'nan'::DOUBLE ELSE coalesce(${sqlName}(${finite})${where}, 0e0) END`;
  });

function covariance(name: string, sqlName: string): AggregateFunction[] {
  const emit = (args: readonly SqlExpr[], ctx: EmitContext, where: string) =>
    `coalesce(${sqlName}(${ctx.convert(argument(args, 0, ctx), 'real').sql}, ${ctx.convert(argument(args, 1, ctx), 'real').sql})${where}, 0e0)`;
  return [
    ...aggregate(name, (args, ctx) => emit(args, ctx, '')),
    ...aggregate(`${name}if`, (args, ctx) => emit(args, ctx, filter(argument(args, 2, ctx), ctx))),
  ];
}

const bits = (name: string, sqlName: string) =>
  aggregate(name, (args, ctx) => `${sqlName}(${ctx.convert(argument(args, 0, ctx), 'long').sql})`);

/**
 * arg_max(by, value): the value of the row where `by` is largest; rows without `by` count only where there are no
 * others.
 */
const extremeRow = (names: string, sqlName: string) =>
  aggregate(names, (args, ctx, result) => {
    const by = argument(args, 0, ctx),
      value = args[1] ?? by;
    const sql = `${sqlName}(${value.sql}, ${by.sql}${ordered(ctx)})`;
    return ctx.convert({ sql: value.type === 'string' ? `coalesce(${sql}, '')` : sql, type: value.type }, result).sql;
  });

export const aggregateFunctions: readonly AggregateFunction[] = [
  // An argument changes nothing: count(x) counts the rows without x as well.
  ...aggregate('count', ([x], ctx) =>
    x?.type === 'bool' ? ctx.refuse('count() of a condition', 'Use countif().') : 'count(*)',
  ),
  ...aggregate('countif', (args, ctx) => `count(*)${filter(argument(args, 0, ctx), ctx)}`),
  ...withIf('sum', 'sumif', emitSum),
  ...withIf('avg', 'avgif', emitAvg),
  ...withIf('min', 'minif', (x, where, ctx, result) => emitExtreme('min', x, where, ctx, result)),
  ...withIf('max', 'maxif', (x, where, ctx, result) => emitExtreme('max', x, where, ctx, result)),
  ...withIf('dcount', 'dcountif', distinct),
  ...withIf('count_distinct', 'count_distinctif', distinct),
  ...withIf('take_any', 'take_anyif', emitAny),
  ...withIf('any', 'anyif', emitAny),
  ...spread('stdev', 'stdevif', 'stddev_samp'),
  ...spread('stdevp', 'stdevpif', 'stddev_pop'),
  ...spread('variance', 'varianceif', 'var_samp'),
  ...spread('variancep', 'variancepif', 'var_pop'),
  ...covariance('covariance', 'covar_samp'),
  ...covariance('covariancep', 'covar_pop'),
  ...bits('binary_all_and', 'bit_and'),
  ...bits('binary_all_or', 'bit_or'),
  ...bits('binary_all_xor', 'bit_xor'),
  ...extremeRow('arg_max argmax', 'arg_max_null'),
  ...extremeRow('arg_min argmin', 'arg_min_null'),
];
