import type { Column } from './kqlType.ts';
import type { Scope } from './scope.ts';

/** What a roll-up may take and how far it goes back by itself. */
export interface RollupLimits {
  /** Rows of one window of one workspace; more are refused, and the window is a gap. */
  readonly rows: number;
}

/** A query that is pulled on a schedule to a centre, window by window, as its file says it. */
export interface RollupDefinition {
  /** A name that every centre takes for a table: letters, digits and `_`, at most 45. */
  readonly name: string;
  readonly description?: string;
  /** KQL without what its file says about it. */
  readonly query: string;
  readonly scope: Scope;
  /** Minutes of ingestion time that are read at once; a day is whole windows. */
  readonly windowMinutes: number;
  /** Minutes after its end until a window is read: what was ingested in it can be seen by then. */
  readonly latenessMinutes: number;
  /** Minutes of stored windows that each run compares with what the workspace shows now; none where absent. */
  readonly recheckMinutes?: number;
  /** Minutes between two runs that `--due` means. */
  readonly everyMinutes: number;
  /** Names of sinks, in order, each once. */
  readonly sinks: readonly string[];
  readonly limits: RollupLimits;
  readonly owner?: string;
  /** Columns that tell a row of a window from the others; all of them where absent. */
  readonly key?: readonly string[];
  /** Where it begins (epoch milliseconds, UTC); the last whole window before its first run where absent. */
  readonly since?: number;
}

/**
 * What a definition brings: its rows as they are (a portion), or groups of them by a time bin (a summary), of which
 * each window brings partial ones.
 */
export type RollupKind = 'portion' | 'summary';

/** A half-open range of ingestion time, in epoch milliseconds (UTC): `from` is in it, `to` is not. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * What one question asks of a window. Rows that came together have one ingestion time: where they are more than an
 * answer holds they are asked by slices, those whose hash modulo `of` is `at`.
 */
export interface WindowPart extends TimeWindow {
  readonly slice?: { readonly of: number; readonly at: number };
}

/** Columns that every stored row has before its own: whose it is, which window brought it, and its key. */
export const ROLLUP_COLUMNS: readonly Column[] = [
  { name: '_Customer', type: 'string' },
  { name: '_Tenant', type: 'string' },
  { name: '_Workspace', type: 'string' },
  { name: '_RollupId', type: 'string' },
  { name: '_WindowStart', type: 'datetime' },
  { name: '_WindowEnd', type: 'datetime' },
  { name: '_RowKey', type: 'string' },
];

/**
 * Names that a roll-up's own columns cannot have: those of `ROLLUP_COLUMNS`, of the row that tells the time, and what
 * sinks add.
 */
export const RESERVED_COLUMNS: ReadonlySet<string> = new Set([
  ...ROLLUP_COLUMNS.map(({ name }) => name),
  '_ReadAt',
  '_Exact',
  '_Write',
  '_CustomerKey',
]);

/**
 * One version of a roll-up as a sink stores it. Another query or window is another `id`: rows of two meanings never lie
 * in one table.
 */
export interface RollupTable {
  /** The roll-up's name and eight hexadecimal digits of what it means. */
  readonly id: string;
  readonly name: string;
  readonly kind: RollupKind;
  /** What a window brings, without `ROLLUP_COLUMNS`. */
  readonly columns: readonly Column[];
  /**
   * KQL over the table `part1` (stored rows, each once) that makes the answer of them, by the columns `viewColumns`;
   * absent where the rows are the answer.
   */
  readonly view?: string;
  readonly viewColumns: readonly Column[];
  readonly windowMinutes: number;
}

/** The name of the table of rows that a view stands on. */
export const ROWS_TABLE = 'part1';

/** Which window of which workspace a batch is: the same for the same, whoever reads it and however often. */
export interface WindowKey extends TimeWindow {
  readonly rollup: string;
  /** The workspace's ID (guid). */
  readonly workspace: string;
}

/** What a sink holds of a window: rows, bytes, and a checksum of their keys that does not depend on their order. */
export interface StoredWindow {
  readonly rows: number;
  readonly bytes: number;
  readonly checksum: string;
}

/** How a sink's table would change: columns that come, and those that have another type there. */
export interface SchemaDiff {
  readonly isNew: boolean;
  readonly added: readonly Column[];
  readonly changed: readonly { readonly column: Column; readonly was: Column['type'] }[];
}

/** What was erased of a customer, and when (ISO); `remains` says what a sink cannot erase itself, and who can. */
export interface EraseReceipt {
  readonly sink: string;
  readonly customer: string;
  readonly at: string;
  readonly tables: readonly { readonly rollup: string; readonly windows: number; readonly rows: number }[];
  readonly remains: readonly string[];
}
