import type { KqlType } from '../../model/kqlType.ts';
import { SQL, atom, bind, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { wrapInt } from './convert.ts';
import { decimalArithmetic } from './decimal.ts';
import { argument, callJs, scalar } from './define.ts';
import { MAX_DATETIME_TICKS } from '../../model/values/ticks.ts';

type Operator = '+' | '-' | '*' | '/' | '%';

/**
 * Where `a op b` may leave int64 it wraps as int64 does: DuckDB would stop the query, so a double tells beforehand
 * whether the wide and slow way is needed. (TRY would do it too, but takes neither aggregates nor subqueries.)
 */
function wrapping(op: '+' | '-' | '*', a: Sql, b: Sql): Sql {
  return bind(
    [a, b],
    (x, y) =>
      SQL`(CASE WHEN abs(${x}::DOUBLE ${op} ${y}::DOUBLE) < 9.2e18 THEN ${x} ${op} ${y} ELSE ${wrapLong(SQL`(${x}::HUGEINT ${op} ${y})`)} END)`,
  );
}

/** A HUGEINT expression folded into int64, two's complement. */
export function wrapLong(huge: Sql): Sql {
  return SQL`CAST((${huge} % 18446744073709551616 + 27670116110564327424) % 18446744073709551616 - 9223372036854775808 AS BIGINT)`;
}

/** A datetime moved by a timespan. Most spans are constants that cannot take it out of int64. */
function moved(op: '+' | '-', moment: SqlExpr, span: SqlExpr): SqlExpr {
  const size = typeof span.literal === 'bigint' ? (span.literal < 0n ? -span.literal : span.literal) : undefined;
  const sum =
    size !== undefined && size < 2n ** 62n
      ? SQL`(${moment.sql} ${op} ${span.sql})`
      : wrapping(op, moment.sql, span.sql);
  return { sql: withinDateTime(sum), type: 'datetime' };
}

/** Null where the sum leaves the range of datetime. */
function withinDateTime(sql: Sql): Sql {
  return bind([sql], (t) => SQL`(CASE WHEN ${t} BETWEEN 0 AND ${MAX_DATETIME_TICKS} THEN ${t} END)`);
}

const isNumber = (type: KqlType) => type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
const isWhole = (type: KqlType) => type === 'int' || type === 'long';

/** dynamic operands count as what the other side or the result is. */
function settle(args: readonly SqlExpr[], ctx: EmitContext, result: KqlType): [SqlExpr, SqlExpr] {
  const a = argument(args, 0, ctx),
    b = argument(args, 1, ctx);
  if (a.type === 'dynamic' && b.type === 'dynamic')
    return ctx.refuse('arithmetic of dynamic and dynamic', 'say what they are, with tolong() or todouble()');
  const guess = (other: SqlExpr): KqlType =>
    other.type !== 'dynamic' && other.type !== 'string' ? other.type : isNumber(result) ? result : 'real';
  return [
    a.type === 'dynamic' ? ctx.convert(a, guess(b)) : a.type === 'bool' ? ctx.convert(a, 'long') : a,
    b.type === 'dynamic' ? ctx.convert(b, guess(a)) : b.type === 'bool' ? ctx.convert(b, 'long') : b,
  ];
}

function emitOperator(op: Operator, args: readonly SqlExpr[], ctx: EmitContext, result: KqlType): Sql {
  const [a, b] = settle(args, ctx, result);
  const yielded = operate(op, a, b, ctx, result) ?? ctx.refuse(`${a.type} ${op} ${b.type}`);
  return ctx.convert(yielded, result).sql;
}

function operate(op: Operator, a: SqlExpr, b: SqlExpr, ctx: EmitContext, result: KqlType): SqlExpr | undefined {
  if (isNumber(a.type) && isNumber(b.type)) return numeric(op, a, b, ctx, result);
  const span = (sql: Sql): SqlExpr => ({ sql, type: 'timespan' });
  const real = (x: SqlExpr) => ctx.convert(x, 'real').sql;
  switch (op) {
    case '+':
      if (a.type === 'datetime' && b.type === 'timespan') return moved('+', a, b);
      if (a.type === 'timespan' && b.type === 'datetime') return moved('+', b, a);
      return a.type === 'timespan' && b.type === 'timespan' ? span(wrapping('+', a.sql, b.sql)) : undefined;
    case '-':
      if (a.type === 'datetime' && b.type === 'datetime') return span(SQL`(${a.sql} - ${b.sql})`);
      if (a.type === 'datetime' && b.type === 'timespan') return moved('-', a, b);
      return a.type === 'timespan' && b.type === 'timespan' ? span(wrapping('-', a.sql, b.sql)) : undefined;
    case '*':
      if (a.type === 'timespan' && isWhole(b.type)) return span(wrapping('*', a.sql, ctx.convert(b, 'long').sql));
      if (b.type === 'timespan' && isWhole(a.type)) return span(wrapping('*', ctx.convert(a, 'long').sql, b.sql));
      if ((a.type === 'timespan' && b.type === 'real') || (a.type === 'real' && b.type === 'timespan'))
        return span(SQL`TRY_CAST(trunc(${real(a)} * ${real(b)}) AS BIGINT)`);
      return undefined;
    case '/':
      if (a.type === 'timespan' && b.type === 'timespan') return { sql: SQL`(${real(a)} / ${real(b)})`, type: 'real' };
      if (a.type === 'timespan' && isWhole(b.type)) return span(divideWhole(a, ctx.convert(b, 'long')));
      return a.type === 'timespan' && b.type === 'real'
        ? span(SQL`TRY_CAST(trunc(${real(a)} / ${real(b)}) AS BIGINT)`)
        : undefined;
    case '%':
      if ((a.type === 'timespan' || a.type === 'datetime') && b.type === 'timespan') return span(modulo(a.sql, b));
      return undefined;
  }
}

function numeric(op: Operator, a: SqlExpr, b: SqlExpr, ctx: EmitContext, result: KqlType): SqlExpr {
  if (a.type === 'decimal' || b.type === 'decimal') {
    const sql = callJs(
      ctx,
      `kql_decimal_${{ '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulo' }[op]}`,
      [a, b],
      ['decimal', 'decimal'],
      'decimal',
      (x, y) => (typeof x === 'string' && typeof y === 'string' ? decimalArithmetic(op, x, y) : null),
    );
    return { sql, type: 'decimal' };
  }
  if (a.type === 'real' || b.type === 'real') {
    const x = ctx.convert(a, 'real').sql,
      y = ctx.convert(b, 'real').sql;
    if (op === '%')
      return { sql: bind([x, y], (n, d) => SQL`(((${n} % ${d}) + abs(${d})) % abs(${d}))`), type: 'real' };
    return { sql: SQL`(${x} ${op} ${y})`, type: 'real' };
  }
  // Two ints cannot leave a long, which is what their sum, difference and product are.
  if (a.type === 'int' && b.type === 'int' && op !== '/' && op !== '%') {
    const wide = SQL`(${a.sql}::BIGINT ${op} ${b.sql})`;
    return result === 'int' ? { sql: wrapInt(wide), type: 'int' } : { sql: wide, type: 'long' };
  }
  const x = ctx.convert(a, 'long'),
    y = ctx.convert(b, 'long');
  if (op === '/') return { sql: divideWhole(x, y), type: 'long' };
  if (op === '%') return { sql: modulo(x.sql, y), type: 'long' };
  return { sql: wrapping(op, x.sql, y.sql), type: 'long' };
}

/** Truncates; by zero is null. Only the smallest number by -1 overflows. */
function divideWhole(a: SqlExpr, b: SqlExpr): Sql {
  if (typeof b.literal === 'bigint' && b.literal !== -1n)
    return b.literal === 0n ? SQL`CAST(NULL AS BIGINT)` : SQL`(${a.sql} // ${b.sql})`;
  return bind(
    [a.sql, b.sql],
    (x, y) => SQL`(CASE WHEN ${y} = -1 THEN ${wrapLong(SQL`(-(${x}::HUGEINT))`)} ELSE ${x} // ${y} END)`,
  );
}

/** Never negative: 0 <= n % d < |d|. */
function modulo(n: Sql, divisor: SqlExpr): Sql {
  const d = divisor.literal;
  if (typeof d === 'bigint' && d !== 0n && d !== -9223372036854775808n) {
    const size = d < 0n ? -d : d;
    return size < 2n ** 62n
      ? SQL`((${n} % ${size} + ${size}) % ${size})`
      : SQL`CAST((${n}::HUGEINT % ${size} + ${size}) % ${size} AS BIGINT)`;
  }
  const wide = (x: Sql, y: Sql) =>
    SQL`CAST((${x}::HUGEINT % ${y} + abs(${y}::HUGEINT)) % abs(${y}::HUGEINT) AS BIGINT)`;
  return bind(
    [n, divisor.sql],
    (x, y) =>
      SQL`(CASE WHEN ${y} BETWEEN -4611686018427387904 AND 4611686018427387904 THEN (${x} % ${y} + abs(${y})) % abs(${y}) ELSE ${wide(x, y)} END)`,
  );
}

/** `+ - * / %` and the minus sign. A long wraps around as the service's does; it never overflows into an error. */
export const arithmeticFunctions: readonly ScalarFunction[] = [
  ...(['+', '-', '*', '/', '%'] as const).flatMap((op) =>
    scalar(op, (args, ctx, result) => emitOperator(op, args, ctx, result)),
  ),
  ...scalar('neg', (args, ctx, result) => {
    if (args[0]?.type === 'dynamic')
      return ctx.refuse('the negative of a dynamic value', 'Convert it first, with tolong() or todouble().');
    const x = ctx.convert(argument(args, 0, ctx), result);
    if (result === 'decimal')
      return emitOperator('-', [{ sql: textSql('0'), type: 'decimal', literal: '0' }, x], ctx, result);
    if (result === 'real') return SQL`(-(${x.sql}))`;
    return result === 'int' ? wrapInt(SQL`(-(${x.sql}::BIGINT))`) : wrapping('-', atom`0::BIGINT`, x.sql);
  }),
];
