import type { KqlType } from '../../model/kqlType.ts';
import { SQL, atom, bind, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { LiteralValue } from '../../kql/literal.ts';
import type { EmitContext, PhysicalValue, SqlExpr } from './contract.ts';
import { truncateDecimal } from './decimal.ts';
import { jsFunction, physicalType } from './define.ts';
import { dynamicValue, jsonText, jsonToString, type Json } from './json.ts';
import { parseBool } from '../../model/values/bool.ts';
import { formatDatetime, parseDatetime } from '../../model/values/datetime.ts';
import { parseDecimal } from '../../model/values/decimal.ts';
import { parseGuid } from '../../model/values/guid.ts';
import {
  INT32_MAX,
  INT32_MIN,
  INT64_MAX,
  INT64_MIN,
  fitsInt,
  formatReal,
  parseInt32,
  parseLong,
  parseReal,
  truncateToLong,
} from '../../model/values/numbers.ts';
import { MAX_DATETIME_TICKS, isDatetime } from '../../model/values/ticks.ts';
import { formatTimespan, parseTimespan } from '../../model/values/timespan.ts';

/** SQL of a literal of `type`. */
export function literalSql(value: LiteralValue, type: KqlType): Sql {
  if (value === null) return type === 'string' ? atom`''` : atom`CAST(NULL AS ${physicalType(type)})`;
  if (typeof value === 'string') return textSql(value);
  if (typeof value === 'boolean') return atom`${value}`;
  if (type === 'real' && !Number.isFinite(Number(value))) return SQL`${textSql(formatReal(Number(value)))}::DOUBLE`;
  if (type === 'real') return String(value).includes('e') ? atom`${value}::DOUBLE` : atom`${value}e0::DOUBLE`;
  if (value === -9223372036854775808n) return atom`(-9223372036854775807 - 1)::BIGINT`;
  return type === 'int' ? atom`(${value})::INTEGER` : atom`(${value})::BIGINT`;
}

/** A BIGINT expression folded into int32, two's complement. */
export function wrapInt(wide: Sql): Sql {
  return SQL`CAST(((${wide}) & 4294967295) - ((${wide}) & 2147483648) * 2 AS INTEGER)`;
}

/** The whole part of a double, or the end of the type it is beyond; null of what is not finite. */
function saturated(real: Sql, low: bigint, high: bigint, type: 'INTEGER' | 'BIGINT'): Sql {
  return bind(
    [real],
    (r) =>
      SQL`(CASE WHEN isfinite(${r}) THEN coalesce(TRY_CAST(trunc(${r}) AS ${type}), CAST(CASE WHEN ${r} < 0 THEN ${literalSql(low, 'long')} ELSE ${high} END AS ${type})) END)`,
  );
}

/** A literal as an expression. */
export function literalExpr(value: LiteralValue, type: KqlType): SqlExpr {
  return { sql: literalSql(value, type), type, literal: type === 'string' && value === null ? '' : value };
}

/**
 * `expr` as `type`, by the rules of Kusto's to*() functions: null where the conversion fails, tostring(null) is "",
 * whole parts are truncated, whole numbers stand for ticks. A string becomes a dynamic string; parse_json() is another
 * thing.
 */
export function convertExpr(expr: SqlExpr, type: KqlType, ctx: EmitContext): SqlExpr {
  if (expr.type === type) return expr;
  if (expr.literal !== undefined) {
    const value = convertValue(expr.literal, expr.type, type);
    if (value !== undefined) return literalExpr(value, type);
  }
  return { sql: convertSql(expr, type, ctx), type };
}

function convertSql(expr: SqlExpr, to: KqlType, ctx: EmitContext): Sql {
  const { sql, type: from } = expr;
  const viaJs = () =>
    ctx.js(
      jsFunction(`kql_${from}_to_${to}`, [from], to, (value) =>
        physical(convertValue(literalOf(value, from), from, to), to),
      ),
      sql,
    );
  const impossible = () => ctx.refuse(`conversion of ${from} to ${to}`);
  switch (to) {
    case 'string':
      if (from === 'bool') return SQL`(CASE WHEN ${sql} THEN 'True' WHEN NOT ${sql} THEN 'False' ELSE '' END)`;
      if (from === 'int' || from === 'long') return SQL`coalesce(CAST(${sql} AS VARCHAR), '')`;
      if (from === 'guid' || from === 'decimal') return SQL`coalesce(${sql}, '')`;
      if (from === 'dynamic') return dynamicToString(sql);
      if (from === 'datetime') return SQL`coalesce(${dateTimeText(sql)}, '')`;
      return viaJs();
    case 'dynamic':
      if (from === 'int' || from === 'long' || from === 'bool') return SQL`CAST(${sql} AS VARCHAR)`;
      if (from === 'string') return SQL`CAST(to_json(${sql}) AS VARCHAR)`;
      if (from === 'guid' || from === 'decimal') return SQL`('"' || ${sql} || '"')`;
      if (from === 'datetime') return SQL`('"' || ${dateTimeText(sql)} || '"')`;
      return viaJs();
    case 'long':
      if (from === 'int' || from === 'bool' || from === 'datetime' || from === 'timespan')
        return SQL`CAST(${sql} AS BIGINT)`;
      if (from === 'real') return saturated(sql, INT64_MIN, INT64_MAX, 'BIGINT');
      if (from === 'string')
        return bind(
          [sql],
          (s) =>
            SQL`(CASE WHEN CAST(TRY_CAST(${s} AS BIGINT) AS VARCHAR) = ${s} THEN TRY_CAST(${s} AS BIGINT) ELSE ${js(ctx, from, to, s)} END)`,
        );
      if (from === 'dynamic')
        return bind(
          [sql],
          (s) =>
            SQL`(CASE WHEN CAST(TRY_CAST(${s} AS BIGINT) AS VARCHAR) = ${s} THEN TRY_CAST(${s} AS BIGINT) WHEN ${s} IS NULL THEN NULL ELSE ${js(ctx, from, to, s)} END)`,
        );
      return from === 'guid' ? impossible() : viaJs();
    case 'int':
      if (from === 'bool') return SQL`CAST(${sql} AS INTEGER)`;
      if (from === 'long') return wrapInt(sql);
      if (from === 'real') return saturated(sql, INT32_MIN, INT32_MAX, 'INTEGER');
      if (from === 'string' || from === 'dynamic')
        return bind(
          [sql],
          (s) =>
            SQL`(CASE WHEN CAST(TRY_CAST(${s} AS INTEGER) AS VARCHAR) = ${s} THEN TRY_CAST(${s} AS INTEGER) WHEN ${s} IS NULL THEN NULL ELSE ${js(ctx, from, to, s)} END)`,
        );
      if (from === 'guid') return impossible();
      return SQL`TRY_CAST(${convertSql(expr, 'long', ctx)} AS INTEGER)`;
    case 'real':
      if (from === 'int' || from === 'long' || from === 'datetime' || from === 'timespan')
        return SQL`CAST(${sql} AS DOUBLE)`;
      if (from === 'bool') return SQL`CAST(CAST(${sql} AS INTEGER) AS DOUBLE)`;
      if (from === 'decimal') return SQL`CAST(${sql} AS DOUBLE)`;
      if (from === 'dynamic')
        return bind(
          [sql],
          (s) =>
            SQL`(CASE WHEN regexp_full_match(${s}, '-?\\d+(\\.\\d+)?') THEN TRY_CAST(${s} AS DOUBLE) WHEN ${s} IS NULL THEN NULL ELSE ${js(ctx, from, to, s)} END)`,
        );
      return from === 'guid' ? impossible() : viaJs();
    case 'bool':
      if (from === 'int' || from === 'long' || from === 'real') return SQL`(${sql} <> 0)`;
      return from === 'guid' || from === 'datetime' || from === 'timespan' ? impossible() : viaJs();
    case 'datetime':
      if (from === 'int' || from === 'long' || from === 'timespan')
        return bind(
          [SQL`CAST(${sql} AS BIGINT)`],
          (s) => SQL`(CASE WHEN ${s} BETWEEN 0 AND ${MAX_DATETIME_TICKS} THEN ${s} END)`,
        );
      if (from === 'guid' || from === 'bool') return impossible();
      return viaJs();
    case 'timespan':
      if (from === 'int' || from === 'long' || from === 'datetime') return SQL`CAST(${sql} AS BIGINT)`;
      return from === 'guid' || from === 'bool' ? impossible() : viaJs();
    case 'decimal':
      if (from === 'int' || from === 'long') return SQL`CAST(${sql} AS VARCHAR)`;
      return from === 'guid' || from === 'datetime' || from === 'timespan' ? impossible() : viaJs();
    case 'guid':
      return from === 'string' || from === 'dynamic' ? viaJs() : impossible();
  }
}

function js(ctx: EmitContext, from: KqlType, to: KqlType, sql: Sql): Sql {
  return ctx.js(
    jsFunction(`kql_${from}_to_${to}`, [from], to, (value) =>
      physical(convertValue(literalOf(value, from), from, to), to),
    ),
    sql,
  );
}

/** tostring() of a dynamic: JSON text, a string without its quotes. */
function dynamicToString(sql: Sql): Sql {
  const { shape } = sql;
  return shape?.kind === 'access'
    ? SQL`coalesce(json_extract_string(${shape.base}, ${textSql(shape.path)}), '')`
    : SQL`coalesce(json_extract_string(${sql}, '$'), '')`;
}

/**
 * ISO text with seven digits of a ticks expression, in SQL: timestamps hold only six, so the fraction is written apart.
 */
export function dateTimeText(sql: Sql): Sql {
  return bind(
    [sql],
    (t) =>
      SQL`(strftime(make_timestamp(${t} // 10 - 62135596800000000), '%Y-%m-%dT%H:%M:%S.') || lpad(CAST(${t} % 10000000 AS VARCHAR), 7, '0') || 'Z')`,
  );
}

function literalOf(value: PhysicalValue, from: KqlType): LiteralValue {
  return from === 'int' && typeof value === 'number' ? BigInt(value) : value;
}

function physical(value: LiteralValue | undefined, to: KqlType): PhysicalValue {
  if (value === undefined) return null;
  return to === 'int' && typeof value === 'bigint' ? Number(value) : value;
}

/** The conversion on values: undefined where Kusto has no such conversion, null where this value does not convert. */
export function convertValue(value: LiteralValue, from: KqlType, to: KqlType): LiteralValue | undefined {
  if (value === null) return to === 'string' ? '' : null;
  switch (from) {
    case 'bool':
      return fromWhole(
        BigInt(Boolean(value)),
        to,
        value === true ? 'True' : 'False',
        to === 'dynamic' ? String(value) : undefined,
      );
    case 'int':
    case 'long':
      return typeof value === 'bigint' ? fromWhole(value, to, value.toString()) : undefined;
    case 'real':
      return fromReal(Number(value), to);
    case 'decimal':
      return fromDecimal(String(value), to);
    case 'string':
      return fromText(String(value), to);
    case 'guid':
      return to === 'string' ? value : to === 'dynamic' ? jsonText(String(value)) : undefined;
    case 'datetime':
    case 'timespan':
      return typeof value === 'bigint' ? fromTicks(value, from, to) : undefined;
    case 'dynamic':
      return fromDynamic(dynamicValue(value), to, String(value));
  }
}

function fromWhole(value: bigint, to: KqlType, text: string, json = text): LiteralValue | undefined {
  switch (to) {
    case 'bool':
      return value !== 0n;
    case 'int':
      return BigInt.asIntN(32, value);
    case 'long':
    case 'timespan':
      return value;
    case 'datetime':
      return isDatetime(value) ? value : null;
    case 'real':
      return Number(value);
    case 'decimal':
      return value.toString();
    case 'string':
      return text;
    case 'dynamic':
      return json;
    case 'guid':
      return undefined;
  }
}

function fromReal(value: number, to: KqlType): LiteralValue | undefined {
  switch (to) {
    case 'bool':
      return value !== 0;
    case 'real':
      return value;
    case 'decimal':
      return (Number.isFinite(value) ? parseDecimal(String(value)) : undefined) ?? null;
    case 'string':
      return formatReal(value);
    case 'dynamic':
      return jsonText(value);
    case 'guid':
      return undefined;
    case 'int':
    case 'long':
      return fromBeyond(value, to);
    default: {
      const whole = truncateToLong(value);
      return whole === undefined ? null : fromWhole(whole, to, '');
    }
  }
}

/** A constant real beyond the type is its smallest value; a column's stops at the nearest end. */
function fromBeyond(value: number, to: 'int' | 'long'): LiteralValue {
  if (!Number.isFinite(value)) return null;
  const [low, whole] = [to === 'int' ? INT32_MIN : INT64_MIN, BigInt(Math.trunc(value))];
  return BigInt.asIntN(to === 'int' ? 32 : 64, whole) === whole ? whole : low;
}

function fromDecimal(value: string, to: KqlType): LiteralValue | undefined {
  const whole = truncateDecimal(value);
  switch (to) {
    case 'bool':
      return Number(value) !== 0;
    case 'real':
      return Number(value);
    case 'decimal':
    case 'string':
      return value;
    case 'dynamic':
      return jsonText(value);
    case 'guid':
      return undefined;
    default:
      return whole === null || BigInt.asIntN(to === 'int' ? 32 : 64, whole) !== whole ? null : fromWhole(whole, to, '');
  }
}

function fromTicks(value: bigint, from: KqlType, to: KqlType): LiteralValue | undefined {
  const text = from === 'datetime' ? formatDatetime(value) : formatTimespan(value);
  switch (to) {
    case 'string':
      return text;
    case 'dynamic':
      return jsonText(text);
    case 'bool':
    case 'guid':
    case 'decimal':
      return undefined;
    default:
      return fromWhole(value, to, text);
  }
}

/** A text as what it says in the grammar of values; null where it says nothing of that type. */
function fromText(text: string, to: KqlType): LiteralValue {
  switch (to) {
    case 'bool':
      return parseBool(text) ?? null;
    case 'int':
      return parseInt32(text) ?? null;
    case 'long':
      return parseLong(text) ?? null;
    case 'real':
      return parseReal(text) ?? null;
    case 'decimal':
      return parseDecimal(text) ?? null;
    case 'string':
      return text;
    case 'datetime':
      return parseDatetime(text) ?? null;
    case 'timespan':
      return parseTimespan(text) ?? null;
    case 'guid':
      return parseGuid(text, { rest: 'ignored' }) ?? null;
    case 'dynamic':
      return jsonText(text);
  }
}

function fromDynamic(value: Json, to: KqlType, json: string): LiteralValue | undefined {
  if (to === 'dynamic') return json;
  if (value === null) return to === 'string' ? '' : null;
  if (to === 'string') return jsonToString(value);
  switch (typeof value) {
    case 'string':
      return fromText(value, to);
    case 'bigint':
      return to === 'int' && !fitsInt(value) ? null : (fromWhole(value, to, value.toString()) ?? null);
    case 'number': {
      const whole = truncateToLong(value);
      if (to === 'long') return whole ?? null;
      if (to === 'int') return whole !== undefined && fitsInt(whole) ? whole : null;
      return fromReal(value, to) ?? null;
    }
    case 'boolean':
      return fromWhole(BigInt(value), to, String(value)) ?? null;
    default:
      return null;
  }
}
