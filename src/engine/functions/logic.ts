import type { KqlType } from '../../model/kqlType.ts';
import { SQL, joined } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, scalar } from './define.ts';

const truth = (expr: SqlExpr, ctx: EmitContext) => ctx.convert(expr, 'bool').sql;

/** A branch of iff, case or coalesce in the type of the whole. */
const branch = (expr: SqlExpr, result: KqlType, ctx: EmitContext) => ctx.convert(expr, result).sql;

/** isnull: a string never is; a dynamic is where it holds no value. */
function isNull(expr: SqlExpr): Sql {
  return expr.type === 'string' ? SQL`false` : SQL`(${expr.sql} IS NULL)`;
}

/** isempty: an empty string or null; a dynamic also where it is the empty string. */
function isEmpty(expr: SqlExpr): Sql {
  if (expr.type === 'string') return SQL`(${expr.sql} = '')`;
  if (expr.type === 'dynamic') return SQL`(coalesce(${expr.sql}, '""') = '""')`;
  return SQL`(${expr.sql} IS NULL)`;
}

/** `and`, `or`, not(), iff(), case(), coalesce(), and tests for null, empty, NaN and infinity. */
export const logicFunctions: readonly ScalarFunction[] = [
  ...scalar(
    'and',
    (args, ctx) =>
      SQL`(${joined(
        args.map((arg) => truth(arg, ctx)),
        ' AND ',
      )})`,
  ),
  ...scalar(
    'or',
    (args, ctx) =>
      SQL`(${joined(
        args.map((arg) => truth(arg, ctx)),
        ' OR ',
      )})`,
  ),
  ...scalar('not', (args, ctx) => SQL`(NOT ${truth(argument(args, 0, ctx), ctx)})`),
  ...scalar(
    'iff iif',
    (args, ctx, result) =>
      SQL`(CASE WHEN ${truth(argument(args, 0, ctx), ctx)} THEN ${branch(argument(args, 1, ctx), result, ctx)} ELSE ${branch(argument(args, 2, ctx), result, ctx)} END)`,
  ),
  ...scalar('case', (args, ctx, result) => {
    const whens = Array.from(
      { length: (args.length - 1) >> 1 },
      (_, i) =>
        SQL`WHEN ${truth(argument(args, 2 * i, ctx), ctx)} THEN ${branch(argument(args, 2 * i + 1, ctx), result, ctx)}`,
    );
    return SQL`(CASE ${joined(whens, ' ')} ELSE ${branch(argument(args, args.length - 1, ctx), result, ctx)} END)`;
  }),
  ...scalar('coalesce', (args, ctx, result) => {
    const values = args.map((arg) => branch(arg, result, ctx));
    if (result !== 'string') return SQL`coalesce(${values})`;
    return SQL`coalesce(${values.map((value) => SQL`nullif(${value}, '')`)}, '')`;
  }),
  ...scalar('isnull', (args, ctx) => isNull(argument(args, 0, ctx))),
  ...scalar('isnotnull notnull', (args, ctx) => SQL`(NOT ${isNull(argument(args, 0, ctx))})`),
  ...scalar('isempty', (args, ctx) => isEmpty(argument(args, 0, ctx))),
  ...scalar('isnotempty notempty', (args, ctx) => SQL`(NOT ${isEmpty(argument(args, 0, ctx))})`),
  ...scalar('isnan', (args, ctx) => SQL`coalesce(isnan(${ctx.convert(argument(args, 0, ctx), 'real').sql}), false)`),
  ...scalar('isinf', (args, ctx) => SQL`coalesce(isinf(${ctx.convert(argument(args, 0, ctx), 'real').sql}), false)`),
  ...scalar(
    'isfinite',
    (args, ctx) => SQL`coalesce(isfinite(${ctx.convert(argument(args, 0, ctx), 'real').sql}), false)`,
  ),
];
