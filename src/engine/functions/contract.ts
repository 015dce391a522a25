import type { LiteralValue } from '../../kql/literal.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { Sql, SqlType } from '../sql/expression.ts';

/**
 * A scalar expression in SQL, yielding the physical form of `type`, which in DuckDB is for each:
 * bool BOOLEAN · int INTEGER · long BIGINT · real DOUBLE · string VARCHAR, never NULL · guid VARCHAR, lower case ·
 * datetime BIGINT, ticks of 100 ns since 0001-01-01 UTC · timespan BIGINT ticks · decimal VARCHAR, canonical digits ·
 * dynamic VARCHAR, compact JSON text, SQL NULL for null (a JSON null at the top is SQL NULL too).
 */
export interface SqlExpr {
  readonly sql: Sql;
  readonly type: KqlType;
  /**
   * Present where the value is known at translation: bool boolean; int, long, datetime, timespan bigint; real number;
   * the rest string; null.
   */
  readonly literal?: LiteralValue;
}

/**
 * DuckDB types a JavaScript function can take and give. BIGINT arrives as bigint, DOUBLE and INTEGER as number, VARCHAR
 * as string.
 */
export type PhysicalType = SqlType;
/** A value as it crosses between DuckDB and JavaScript; which of these it is follows from its `PhysicalType`. */
export type PhysicalValue = boolean | number | bigint | string | null;

/**
 * A JavaScript function called from SQL, for what SQL cannot say exactly. NULL arrives as null; what it throws ends the
 * query (define.ts, uncertain).
 */
export interface JsFunction {
  readonly name: string;
  readonly params: readonly PhysicalType[];
  readonly returns: PhysicalType;
  readonly call: (...args: PhysicalValue[]) => PhysicalValue;
  /** Loads what the call needs, before the first statement with it. */
  readonly load?: () => Promise<void>;
  /** Gives another value each time: it is called for every row, with the same arguments too. */
  readonly volatile?: boolean;
}

/**
 * A file of places the user named. `load` comes before `find`, which gives the text of a bag, or null for what the file
 * does not know.
 */
export interface PlaceFinder {
  load(): Promise<void>;
  find(address: string): string | null;
}

/** What an emitter may ask of the translation it is part of. */
export interface EmitContext {
  /** One instant for the whole query, ticks. */
  readonly now: bigint;
  /** The SQL call of a JavaScript function, registered with the session on first use. */
  js(fn: JsFunction, ...args: readonly Sql[]): Sql;
  /**
   * The expression converted to `type` as Kusto's own implicit or explicit conversion does it (null where it fails).
   */
  convert(expr: SqlExpr, type: KqlType): SqlExpr;
  /** Where addresses are, if the engine was opened with a file of places. */
  readonly places?: PlaceFinder;
  /** Where what rand() draws is fixed: the seed, and the number of the query in this process. */
  readonly seed?: { readonly value: number; readonly run: number };
  /** The SQL to order an aggregate's input by (the hidden row order), where the rows have one; lists then keep it. */
  readonly order?: Sql;
  /** Notes the SQL of a constant regular expression, so that one that cannot be read is refused with its place. */
  readonly regex?: (sql: Sql) => void;
  /** Stops the translation: names what is not supported, with its place, and a way around where there is one. */
  refuse(what: string, wayAround?: string): never;
}

/** One scalar function or operator of KQL. `emit` gets arguments in order and the type the binder gave the call. */
export interface ScalarFunction {
  readonly name: string;
  readonly emit: (args: readonly SqlExpr[], ctx: EmitContext, result: KqlType) => Sql;
  /** An equivalent for places where null means false (a conjunct of `where`), that DuckDB can push into a scan. */
  readonly filter?: (args: readonly SqlExpr[], ctx: EmitContext) => Sql;
  /**
   * The call has several columns (series_stats, array_sort_asc of many...): `emit` yields a JSON array with one element
   * each, in their order.
   */
  readonly tuple?: boolean;
  /** The call is a conversion of its one argument: of a constant it is a constant. */
  readonly converts?: KqlType;
}

/** One aggregate. `emit` yields an expression over SQL aggregates (its group by is the operator's business). */
export interface AggregateFunction {
  readonly name: string;
  readonly emit: (args: readonly SqlExpr[], ctx: EmitContext, result: KqlType) => Sql;
  /**
   * Present where the call may have several columns (percentiles): one expression each, in their order, each of the
   * first argument's type unless it says so.
   */
  readonly columns?: (args: readonly SqlExpr[], ctx: EmitContext, result: KqlType) => readonly Sql[];
}
