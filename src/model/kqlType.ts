/** The ten scalar types of KQL, named as the query API names them. */
export const KQL_TYPES = [
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'string',
  'datetime',
  'timespan',
  'guid',
  'dynamic',
] as const;

/** One of Kusto's scalar types by its usual name. */
export type KqlType = (typeof KQL_TYPES)[number];

/** A column of a table or of an answer. */
export interface Column {
  readonly name: string;
  readonly type: KqlType;
}

/**
 * A cell as the query API's JSON writes it: bool true/false; int, long and real a number (a long beyond 2^53 a bigint,
 * a non-finite real "NaN", "Infinity", "-Infinity"); decimal, datetime (ISO, Z, up to 7 digits), timespan
 * ([-][d.]hh:mm:ss[.f]), guid and string as text; dynamic as the text of its JSON; null for no value (a string is never
 * null: "" stands for it).
 */
export type Cell = string | number | bigint | boolean | null;

/** A table in memory: small answers, tests, the CLI. Large answers stay in the engine and are read in windows. */
export interface DataTable {
  readonly name?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}
