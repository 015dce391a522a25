import { AppError } from '../../base/errors.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { PHYSICAL_TYPES } from '../database/types.ts';
import { SQL, call, textSql, withFacts } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type {
  AggregateFunction,
  EmitContext,
  JsFunction,
  PhysicalType,
  PhysicalValue,
  ScalarFunction,
  SqlExpr,
} from './contract.ts';

/**
 * Writes the SQL of one call: its arguments (already SQL), what may be asked of the translation, the type of the
 * result.
 */
export type Emit = ScalarFunction['emit'];

/** The DuckDB type a KQL type lives in. */
export function physicalType(type: KqlType): PhysicalType {
  return PHYSICAL_TYPES[type];
}

/** One function under each of the names (space separated: the name and its old aliases). */
export function scalar(
  names: string,
  emit: Emit,
  more: Pick<ScalarFunction, 'filter' | 'tuple' | 'converts'> = {},
): ScalarFunction[] {
  return names.split(' ').map((name) => ({ name, emit, ...more }));
}

/** As `scalar`, for an aggregate; `columns` is for those that yield several columns at once. */
export function aggregate(
  names: string,
  emit: AggregateFunction['emit'],
  columns?: AggregateFunction['columns'],
): AggregateFunction[] {
  return names.split(' ').map((name) => (columns ? { name, emit, columns } : { name, emit }));
}

/**
 * How the arguments of a JavaScript function are typed: the first `params.length - optional` must be there, `rest`
 * types all beyond.
 */
export interface JsSignature {
  readonly params: readonly KqlType[];
  readonly optional?: number;
  readonly rest?: KqlType;
  readonly returns: KqlType;
  readonly tuple?: boolean;
  /** Loads what the call needs, before the first statement with it. */
  readonly load?: JsFunction['load'];
}

/**
 * A function whose whole work is JavaScript: arguments are converted to the parameter types, a missing string result is
 * "".
 */
export function scripted(names: string, signature: JsSignature, call: JsFunction['call']): ScalarFunction[] {
  const base = names.split(' ')[0] ?? names;
  const emit: Emit = (args, ctx, result) => {
    const types = args.map(
      (_, i) => signature.params[i] ?? signature.rest ?? ctx.refuse(`${base}() with ${args.length} arguments`),
    );
    const sql = callJs(ctx, `kql_${base}`, args, types, signature.returns, call, signature.load);
    return signature.returns === result || signature.tuple
      ? sql
      : ctx.convert({ sql, type: signature.returns }, result).sql;
  };
  return scalar(names, emit, signature.tuple ? { tuple: true } : {});
}

/**
 * For a row whose answer the documentation leaves open: stops the query, naming what was met. `what` holds no value of
 * the row.
 */
export function uncertain(what: string, wayAround?: string): never {
  throw new AppError(
    'query.unsupported',
    `${what} is not supported by the local engine.${wayAround ? ` ${wayAround}` : ''}`,
  );
}

/** The same in SQL, for a branch of a CASE whose others are texts. */
export const uncertainSql = (what: string) =>
  SQL`error(${textSql(`#query.unsupported: ${what} is not supported by the local engine.`)})::VARCHAR`;

/**
 * The SQL of one JavaScript call with its arguments converted to `types`. How many they are is part of the name: a name
 * stands for one function.
 */
export function callJs(
  ctx: EmitContext,
  name: string,
  args: readonly SqlExpr[],
  types: readonly KqlType[],
  returns: KqlType,
  call: JsFunction['call'],
  load?: JsFunction['load'],
): Sql {
  const fn = jsFunction(`${name}_${args.length}`, types.slice(0, args.length), returns, call);
  return ctx.js(load ? { ...fn, load } : fn, ...args.map((arg, i) => ctx.convert(arg, types[i] ?? arg.type).sql));
}

/** The call of a JavaScript function in SQL. */
export function scriptCall(fn: JsFunction, args: readonly Sql[]): Sql {
  return withFacts(call(fn.name, ...args), { script: true, volatile: fn.volatile === true });
}

/**
 * A JavaScript function under its SQL name, its KQL types as DuckDB's. One that returns string gives "" for null, as no
 * string of Kusto's is null.
 */
export function jsFunction(
  name: string,
  types: readonly KqlType[],
  returns: KqlType,
  work: JsFunction['call'],
): JsFunction {
  const whole = returns === 'string' ? (...values: PhysicalValue[]) => work(...values) ?? '' : work;
  return { name, params: types.map(physicalType), returns: physicalType(returns), call: whole };
}

/** The argument at `index`; a call the binder let through without it is refused. */
export function argument(args: readonly SqlExpr[], index: number, ctx: EmitContext): SqlExpr {
  return args[index] ?? ctx.refuse(`a call without argument ${index + 1}`);
}

/**
 * Text as Kusto compares it without regard to case: every letter has one, beyond ASCII too, each by itself (the pages
 * of the operators speak of ASCII only; the engine's answers do not bear them out).
 */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+|[^\u0000-\u007f]/gu, (letters) =>
    letters.charCodeAt(0) < 128 ? letters.toLowerCase() : (/^[\s\S]/u.exec(letters.toLowerCase())?.[0] ?? letters),
  );
}
/** The same in SQL. */
export function foldedSql(sql: Sql): Sql {
  return SQL`lower(${sql})`;
}

/** The literal as a boolean, whole number, number or text; undefined where it is not one known at translation. */
export function literalText(expr: SqlExpr | undefined): string | undefined {
  return typeof expr?.literal === 'string' ? expr.literal : undefined;
}
/** As `literalText`, for whole numbers; datetimes and timespans as their ticks. */
export function literalInteger(expr: SqlExpr | undefined): bigint | undefined {
  if (typeof expr?.literal === 'bigint') return expr.literal;
  return typeof expr?.literal === 'number' && Number.isInteger(expr.literal) ? BigInt(expr.literal) : undefined;
}
