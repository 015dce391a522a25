import type { KqlType } from '../../model/kqlType.ts';
import { SQL, bind, joined } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { compareDecimals } from './decimal.ts';
import { argument, callJs } from './define.ts';

const NUMERIC: readonly KqlType[] = ['int', 'long', 'real', 'decimal'];

/** The type two operands meet in before they are compared; undefined where Kusto has none. */
export function meetingType(a: KqlType, b: KqlType): KqlType | undefined {
  if (a === b) return a;
  if (a === 'dynamic') return b;
  if (b === 'dynamic') return a;
  if (NUMERIC.includes(a) && NUMERIC.includes(b))
    return a === 'decimal' || b === 'decimal' ? 'decimal' : a === 'real' || b === 'real' ? 'real' : 'long';
  if (a === 'bool' && NUMERIC.includes(b)) return b;
  if (b === 'bool' && NUMERIC.includes(a)) return a;
  if (a === 'string') return b;
  if (b === 'string') return a;
  if ((a === 'timespan' && NUMERIC.includes(b)) || (b === 'timespan' && NUMERIC.includes(a))) return 'timespan';
  return undefined;
}

interface Pair {
  readonly left: SqlExpr;
  readonly right: SqlExpr;
  readonly type: KqlType;
}

function meet(a: SqlExpr, b: SqlExpr, ctx: EmitContext, name: string): Pair {
  if (a.type === 'dynamic' && b.type === 'dynamic' && /^[<>]/.test(name))
    return ctx.refuse(`dynamic ${name} dynamic`, 'say what they are, with tostring() or tolong()');
  const type = meetingType(a.type, b.type) ?? ctx.refuse(`${a.type} ${name} ${b.type}`);
  return { left: ctx.convert(a, type), right: ctx.convert(b, type), type };
}

/** A literal that is neither null nor NaN: nothing special is to be said about its side. */
const isOrdinary = (expr: SqlExpr) =>
  expr.literal !== undefined && expr.literal !== null && !Number.isNaN(expr.literal);

function decimalSign(pair: Pair, ctx: EmitContext): Sql {
  return callJs(ctx, 'kql_decimal_compare', [pair.left, pair.right], ['decimal', 'decimal'], 'int', (a, b) =>
    typeof a === 'string' && typeof b === 'string' ? compareDecimals(a, b) : null,
  );
}

/**
 * `a == b`: null where both are null, false where one is. NaN equals nothing, though DuckDB thinks it equals itself.
 */
export function equals(a: SqlExpr, b: SqlExpr, ctx: EmitContext, negative = false): Sql {
  const pair = meet(a, b, ctx, negative ? '!=' : '==');
  const { left, right, type } = pair;
  if (type === 'string') return SQL`(${left.sql} ${negative ? '<>' : '='} ${right.sql})`;
  if (type === 'decimal') {
    return bind(
      [decimalSign(pair, ctx), left.sql, right.sql],
      (sign, x, y) =>
        SQL`(CASE WHEN ${x} IS NULL AND ${y} IS NULL THEN NULL ELSE coalesce(${sign} ${negative ? '<>' : '='} 0, ${negative}) END)`,
    );
  }
  const distinct = negative ? 'IS DISTINCT FROM' : 'IS NOT DISTINCT FROM';
  // Of a column of nothing but nulls DuckDB takes `x IS DISTINCT FROM 5 OR x < 3` for null.
  if (negative && isOrdinary(right)) return bind([left.sql], (x) => SQL`(${x} IS NULL OR ${x} <> ${right.sql})`);
  if (negative && isOrdinary(left)) return bind([right.sql], (x) => SQL`(${x} IS NULL OR ${left.sql} <> ${x})`);
  if (isOrdinary(left) || isOrdinary(right)) return SQL`(${left.sql} ${distinct} ${right.sql})`;
  return bind([left.sql, right.sql], (x, y) => {
    const same =
      type !== 'real'
        ? SQL`${x} ${distinct} ${y}`
        : negative
          ? SQL`(${x} ${distinct} ${y} OR isnan(${x}))`
          : SQL`(${x} ${distinct} ${y} AND NOT coalesce(isnan(${x}), false))`;
    return SQL`(CASE WHEN ${x} IS NULL AND ${y} IS NULL THEN NULL ELSE ${same} END)`;
  });
}

function equality(name: '==' | '!='): ScalarFunction {
  const negative = name === '!=';
  return {
    name,
    emit: (args, ctx) => equals(argument(args, 0, ctx), argument(args, 1, ctx), ctx, negative),
    filter: (args, ctx) => {
      const [a, b] = [argument(args, 0, ctx), argument(args, 1, ctx)];
      const { left, right, type } = meet(a, b, ctx, name);
      if (negative || type === 'decimal' || (type === 'real' && !isOrdinary(left) && !isOrdinary(right)))
        return equals(a, b, ctx, negative);
      return SQL`(${left.sql} = ${right.sql})`;
    },
  };
}

/** `a < b` and its kin: null where either is null, false where either is NaN (which DuckDB holds to be the largest). */
export function compare(name: '<' | '<=' | '>' | '>=', a: SqlExpr, b: SqlExpr, ctx: EmitContext): Sql {
  const pair = meet(a, b, ctx, name);
  if (pair.type === 'decimal') return SQL`(${decimalSign(pair, ctx)} ${name} 0)`;
  const larger = name === '<' || name === '<=' ? pair.right : pair.left;
  if (pair.type !== 'real' || isOrdinary(larger)) return SQL`(${pair.left.sql} ${name} ${pair.right.sql})`;
  return bind(
    [pair.left.sql, pair.right.sql],
    (x, y) => SQL`(${x} ${name} ${y} AND ${larger === pair.left ? x : y} <= 'infinity'::DOUBLE)`,
  );
}

function ordering(name: '<' | '<=' | '>' | '>='): ScalarFunction {
  return { name, emit: (args, ctx) => compare(name, argument(args, 0, ctx), argument(args, 1, ctx), ctx) };
}

/**
 * `x between (lo .. hi)`: both ends belong to it; `datetime between (datetime .. timespan)` counts the span from the
 * start.
 */
function between(name: 'between' | '!between'): ScalarFunction {
  return {
    name,
    emit: (args, ctx) => {
      const x = argument(args, 0, ctx),
        low = argument(args, 1, ctx),
        end = argument(args, 2, ctx);
      const high: SqlExpr =
        low.type === 'datetime' && end.type === 'timespan'
          ? { sql: SQL`(${low.sql} + ${end.sql})`, type: 'datetime' }
          : end;
      const within = (value: SqlExpr): Sql =>
        SQL`(${compare('>=', value, low, ctx)} AND ${compare('<=', value, high, ctx)})`;
      const inside = x.sql.volatile ? bind([x.sql], (sql) => within({ ...x, sql })) : within(x);
      return name === 'between' ? inside : SQL`(NOT ${inside})`;
    },
  };
}

/** around(x, center, delta): x between center - delta and center + delta; null where one of them is. */
function emitAround(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const x = argument(args, 0, ctx),
    center = argument(args, 1, ctx),
    delta = argument(args, 2, ctx);
  const edge = (op: '-' | '+'): SqlExpr => ({ sql: SQL`(${center.sql} ${op} ${delta.sql})`, type: center.type });
  if (!['int', 'long', 'real', 'datetime', 'timespan'].includes(center.type)) ctx.refuse(`around() of ${center.type}`);
  if (delta.type === 'dynamic' || delta.type === 'string' || delta.type === 'bool' || delta.type === 'guid')
    ctx.refuse(`around() with a distance of type ${delta.type}`);
  const known = joined(
    [x, center, delta].map((value) => SQL`${value.sql} IS NOT NULL`),
    ' AND ',
  );
  return SQL`(CASE WHEN ${known} THEN ${compare('>=', x, edge('-'), ctx)} AND ${compare('<=', x, edge('+'), ctx)} END)`;
}

/** `== != < <= > >=`, `between` and around(), between values of any types that Kusto lets compare. */
export const comparisonFunctions: readonly ScalarFunction[] = [
  { name: 'around', emit: emitAround },
  equality('=='),
  equality('!='),
  ordering('<'),
  ordering('<='),
  ordering('>'),
  ordering('>='),
  between('between'),
  between('!between'),
];
