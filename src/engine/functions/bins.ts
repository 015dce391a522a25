import type { KqlType } from '../../model/kqlType.ts';
import { SQL, atom, bind } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, scalar } from './define.ts';

const ZERO = atom`0`;
/** Rounds down in whole steps from `origin`; sizes of zero and below have no bins. */
function wholeBin(value: SqlExpr, size: SqlExpr, origin: Sql | undefined, neverNegative: boolean): Sql {
  const step = size.literal;
  if (typeof step === 'bigint') {
    if (step <= 0n) return SQL`CAST(NULL AS BIGINT)`;
    if (neverNegative && origin === undefined)
      return step === 1n ? value.sql : bind([value.sql], (v) => SQL`(${v} - ${v} % ${step})`);
    if (origin === undefined)
      return bind(
        [value.sql],
        (v) =>
          SQL`(CASE WHEN ${v} >= 0 THEN ${v} // ${step} * ${step} WHEN ${v} > ${step - 9223372036854775807n} THEN ${v} - (${v} % ${step} + ${step}) % ${step} END)`,
      );
    return bind(
      [value.sql, origin],
      (v, o) =>
        SQL`(CASE WHEN abs(${v}::DOUBLE - ${o}::DOUBLE) + ${step} < 9.2e18 THEN ${v} - ((${v} - ${o}) % ${step} + ${step}) % ${step} END)`,
    );
  }
  return bind(
    [value.sql, size.sql, origin ?? ZERO],
    (v, s, o) =>
      SQL`(CASE WHEN ${s} > 0 AND abs(${v}::DOUBLE - ${o}::DOUBLE) + ${s}::DOUBLE < 9.2e18 THEN ${v} - ((${v} - ${o}) % ${s} + ${s}) % ${s} END)`,
  );
}

function realBin(value: Sql, size: Sql, origin: Sql | undefined): Sql {
  return bind(
    [value, size, origin ?? ZERO],
    (v, s, o) =>
      SQL`(CASE WHEN ${s} > 0 THEN ${origin === undefined ? '' : SQL`${o} + `}floor((${v}${origin === undefined ? '' : SQL` - ${o}`}) / ${s}) * ${s} END)`,
  );
}

/** The value's own type rules, except that a whole number in steps of a real becomes real. */
function emitBin(args: readonly SqlExpr[], ctx: EmitContext, result: KqlType, origin: SqlExpr | undefined): Sql {
  const value = argument(args, 0, ctx),
    size = argument(args, 1, ctx);
  const type: KqlType =
    value.type === 'dynamic'
      ? result
      : value.type === 'int' || value.type === 'long'
        ? size.type === 'real' || origin?.type === 'real'
          ? 'real'
          : 'long'
        : value.type;
  if (type === 'decimal' || type === 'string' || type === 'bool' || type === 'guid' || type === 'dynamic')
    return ctx.refuse(`bin() of ${value.type}`);
  if (type === 'real') {
    const sql = realBin(
      ctx.convert(value, 'real').sql,
      ctx.convert(size, 'real').sql,
      origin ? ctx.convert(origin, 'real').sql : undefined,
    );
    return ctx.convert({ sql, type }, result).sql;
  }
  const step = ctx.convert(size, type === 'datetime' ? 'timespan' : type);
  const sql = wholeBin(
    ctx.convert(value, type),
    step,
    origin ? ctx.convert(origin, type).sql : undefined,
    type === 'datetime',
  );
  return ctx.convert({ sql, type }, result).sql;
}

/** bin(), floor() and bin_at(): a value down to a step, counted from 0, year 1 or a point given. */
export const binFunctions: readonly ScalarFunction[] = [
  ...scalar('bin floor', (args, ctx, result) =>
    args.length === 1
      ? SQL`floor(${ctx.convert(argument(args, 0, ctx), 'real').sql})`
      : emitBin(args, ctx, result, undefined),
  ),
  ...scalar('bin_at', (args, ctx, result) => emitBin(args, ctx, result, argument(args, 2, ctx))),
];
