import { SQL, bind, joined } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { compareDecimals, roundDecimal } from './decimal.ts';
import { argument, callJs, scalar, scripted, uncertain } from './define.ts';
import { betaCdf, betaInverse, betaPdf, erf, erfc, gamma, logGamma, welchTest } from './specialFunctions.ts';

const real = (args: readonly SqlExpr[], index: number, ctx: EmitContext) =>
  ctx.convert(argument(args, index, ctx), 'real').sql;
const long = (args: readonly SqlExpr[], index: number, ctx: EmitContext) =>
  ctx.convert(argument(args, index, ctx), 'long').sql;
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

/**
 * A function of one double that JavaScript has: null of null, and outside its domain where it `has` one; NaN stays NaN.
 */
const math = (names: string, call: (x: number) => number, has: (x: number) => boolean = () => true) =>
  scripted(names, { params: ['real'], returns: 'real' }, (x) => {
    const value = number(x);
    return value === undefined || !(has(value) || Number.isNaN(value)) ? null : call(value);
  });
const notNegative = (x: number) => x >= 0;
const isSine = (x: number) => Math.abs(x) <= 1;

function emitAbs(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const value = argument(args, 0, ctx);
  if (value.type === 'long' || value.type === 'timespan')
    return bind([value.sql], (x) => SQL`(CASE WHEN ${x} > -9223372036854775808 THEN abs(${x}) ELSE ${x} END)`);
  if (value.type === 'int') return SQL`CAST(abs(${value.sql}::BIGINT) AS BIGINT)`;
  return value.type === 'decimal' ? SQL`ltrim(${value.sql}, '-')` : SQL`abs(${ctx.convert(value, 'real').sql})`;
}

/** Half away from zero, at digits after (or before) the point. */
function emitRound(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const value = argument(args, 0, ctx);
  if (value.type === 'decimal')
    return callJs(ctx, 'kql_round_decimal', args, ['decimal', 'long'], 'decimal', (x, places) =>
      typeof x === 'string' && places !== null ? roundDecimal(x, Number(places ?? 0)) : null,
    );
  return callJs(ctx, 'kql_round', args, ['real', 'long'], 'real', (x, places) => {
    if (typeof x !== 'number' || places === null) return null;
    const digits = Number(places ?? 0),
      unit = 10 ** Math.abs(digits);
    const scaled = digits < 0 ? x / unit : x * unit;
    if (!Number.isFinite(scaled)) return x;
    const whole = Math.sign(scaled) * Math.round(Math.abs(scaled));
    return digits < 0 ? whole * unit : whole / unit;
  });
}

function emitExtreme(
  args: readonly SqlExpr[],
  ctx: EmitContext,
  result: SqlExpr['type'],
  name: 'least' | 'greatest',
): Sql {
  if (result === 'dynamic') ctx.refuse(`${name === 'least' ? 'min_of' : 'max_of'}() of ${result}`);
  if (result === 'decimal')
    return callJs(
      ctx,
      `kql_${name}_decimal`,
      args,
      args.map(() => 'decimal'),
      'decimal',
      (...values) => {
        const [first = null, ...rest] = values.filter((value) => typeof value === 'string');
        return rest.reduce(
          (best, value) => (best !== null && compareDecimals(value, best) < 0 === (name === 'least') ? value : best),
          first,
        );
      },
    );
  const values = args.map((arg) => ctx.convert(arg, result).sql);
  if (result !== 'real') return SQL`${name}(${values})`;
  // NaN is less than anything for the one and more for the other: where it is among them it is the answer.
  return bind(values, (...each) => {
    const among = joined(
      each.map((x) => SQL`coalesce(isnan(${x}), false)`),
      ' OR ',
    );
    return SQL`(CASE WHEN ${among} THEN 'nan'::DOUBLE ELSE ${name}(${each}) END)`;
  });
}

/** By its last six bits; a negative count has no answer. */
function shift(names: string, call: (value: bigint, by: bigint) => bigint): ScalarFunction[] {
  return scripted(names, { params: ['long', 'long'], returns: 'long' }, (value, by) =>
    typeof value === 'bigint' && typeof by === 'bigint' && by >= 0n
      ? BigInt.asIntN(64, call(value, BigInt.asUintN(6, by)))
      : null,
  );
}

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

function formatBytes(size: number, digits: number, unit: string): string | null {
  if (digits < 0) uncertain('format_bytes() to a negative number of digits');
  const fitting = Math.max(
    0,
    UNITS.findLastIndex((_, i) => Math.abs(size) >= 1024 ** i),
  );
  const place = unit === '' ? fitting : UNITS.findIndex((name) => name.toLowerCase() === unit.toLowerCase());
  if (place < 0) return null;
  const scale = 10 ** digits,
    scaled = Math.round((Math.abs(size) / 1024 ** place) * scale) / scale;
  return `${size < 0 ? -scaled : scaled} ${UNITS[place]}`;
}

/** Mathematics of single numbers: rounding, powers, logarithms, trigonometry, bits, gamma, beta and error functions. */
export const numberFunctions: readonly ScalarFunction[] = [
  ...scalar('abs', (args, ctx, result) => {
    const type = argument(args, 0, ctx).type;
    return ctx.convert(
      {
        sql: emitAbs(args, ctx),
        type: type === 'int' || type === 'long' ? 'long' : type === 'timespan' || type === 'decimal' ? type : 'real',
      },
      result,
    ).sql;
  }),
  ...scalar(
    'round',
    (args, ctx, result) =>
      ctx.convert(
        { sql: emitRound(args, ctx), type: argument(args, 0, ctx).type === 'decimal' ? 'decimal' : 'real' },
        result,
      ).sql,
  ),
  ...scalar(
    'ceiling',
    (args, ctx, result) => ctx.convert({ sql: SQL`ceil(${real(args, 0, ctx)})`, type: 'real' }, result).sql,
  ),
  ...scalar(
    'sign',
    (args, ctx, result) =>
      ctx.convert({ sql: SQL`CAST(sign(${real(args, 0, ctx)}) AS DOUBLE)`, type: 'real' }, result).sql,
  ),
  ...scalar('pi', () => SQL`pi()`),
  ...scripted('pow', { params: ['real', 'real'], returns: 'real' }, (x, y) =>
    typeof x === 'number' && typeof y === 'number' ? x ** y : null,
  ),
  ...math('sqrt', Math.sqrt),
  ...math('exp', Math.exp),
  ...math('exp2', (x) => 2 ** x),
  ...math('exp10', (x) => 10 ** x),
  ...math('log', Math.log, notNegative),
  ...math('log2', Math.log2, notNegative),
  ...math('log10', Math.log10, notNegative),
  ...math('sin', Math.sin),
  ...math('cos', Math.cos),
  ...math('tan', Math.tan),
  ...math('cot', (x) => 1 / Math.tan(x)),
  ...math('asin', Math.asin, isSine),
  ...math('acos', Math.acos, isSine),
  ...math('atan', Math.atan),
  ...scripted('atan2', { params: ['real', 'real'], returns: 'real' }, (y, x) =>
    typeof x === 'number' && typeof y === 'number' ? Math.atan2(y, x) : null,
  ),
  ...math('degrees', (x) => (x * 180) / Math.PI),
  ...math('radians', (x) => (x * Math.PI) / 180),
  ...math('gamma', gamma),
  ...math('loggamma', logGamma),
  ...math('erf', erf),
  ...math('erfc', erfc),
  ...scripted('beta_cdf', { params: ['real', 'real', 'real'], returns: 'real' }, (x, a, b) =>
    typeof x === 'number' && typeof a === 'number' && typeof b === 'number' ? betaCdf(x, a, b) : null,
  ),
  ...scripted('beta_pdf', { params: ['real', 'real', 'real'], returns: 'real' }, (x, a, b) =>
    typeof x === 'number' && typeof a === 'number' && typeof b === 'number' ? betaPdf(x, a, b) : null,
  ),
  ...scripted('beta_inv', { params: ['real', 'real', 'real'], returns: 'real' }, (p, a, b) =>
    typeof p === 'number' && typeof a === 'number' && typeof b === 'number' ? betaInverse(p, a, b) : null,
  ),
  ...scripted(
    'welch_test',
    { params: ['real', 'real', 'real', 'real', 'real', 'real'], returns: 'real' },
    (...args) => {
      const [m1, v1, n1, m2, v2, n2] = args.map(number);
      return m1 === undefined ||
        v1 === undefined ||
        n1 === undefined ||
        m2 === undefined ||
        v2 === undefined ||
        n2 === undefined
        ? null
        : welchTest([m1, v1, n1], [m2, v2, n2]);
    },
  ),
  ...scalar('min_of', (args, ctx, result) => emitExtreme(args, ctx, result, 'least')),
  ...scalar('max_of', (args, ctx, result) => emitExtreme(args, ctx, result, 'greatest')),
  ...scalar('binary_and', (args, ctx) => SQL`(${long(args, 0, ctx)} & ${long(args, 1, ctx)})`),
  ...scalar('binary_or', (args, ctx) => SQL`(${long(args, 0, ctx)} | ${long(args, 1, ctx)})`),
  ...scalar('binary_xor', (args, ctx) => SQL`xor(${long(args, 0, ctx)}, ${long(args, 1, ctx)})`),
  ...scalar('binary_not', (args, ctx) => SQL`(-1 - ${long(args, 0, ctx)})`),
  ...shift('binary_shift_left', (value, by) => value << by),
  ...shift('binary_shift_right', (value, by) => value >> by),
  ...scalar('bitset_count_ones', (args, ctx) => SQL`CAST(bit_count(${long(args, 0, ctx)}) AS BIGINT)`),
  ...scripted(
    'format_bytes',
    { params: ['real', 'long', 'string'], optional: 2, returns: 'string' },
    (size, digits, unit) =>
      typeof size === 'number' && digits !== null ? formatBytes(size, Number(digits ?? 0), String(unit ?? '')) : '',
  ),
];
