import type { CancelSignal } from '../base/cancel.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { Cell, Column } from '../model/kqlType.ts';
import type { RollupTable, SchemaDiff, StoredWindow, WindowKey } from '../model/rollup.ts';

/** Columns that a row has before `ROLLUP_COLUMNS` at a centre that only appends: its attempt, the customer's key. */
export const WRITE_COLUMNS: readonly Column[] = [
  { name: '_Write', type: 'string' },
  { name: '_CustomerKey', type: 'string' },
];

/** The columns of a record of windows, in the order of `recordCells`. */
export const RECORD_COLUMNS: readonly Column[] = [
  { name: '_RollupId', type: 'string' },
  { name: '_WorkspaceId', type: 'string' },
  { name: '_WindowStart', type: 'datetime' },
  { name: '_WindowEnd', type: 'datetime' },
  { name: '_CustomerKey', type: 'string' },
  { name: '_Write', type: 'string' },
  { name: '_Order', type: 'long' },
  { name: '_Rows', type: 'long' },
  { name: '_Bytes', type: 'long' },
  { name: '_Checksum', type: 'string' },
];

/** One attempt at a window: a new id each time, so that rows of a broken one are never taken for those of another. */
export interface WriteStamp {
  readonly write: string;
  readonly customer: CustomerKey;
}

/**
 * The word that an attempt counts. Of all records of a window the one of the highest `order` says which rows are there;
 * one whose `write` is empty says that there are none any more.
 */
export interface WindowRecord extends WindowKey, WriteStamp, StoredWindow {
  /** Below 2^53. See `nextOrder`. */
  readonly order: number;
}

/** Rows of an attempt that can be seen, each `_RowKey` once, and the `KeyChecksum` of their keys. */
export type ArrivedRows = Pick<StoredWindow, 'rows' | 'checksum'>;

/**
 * A service that can only append, at least once, and shows later what it accepted: two tables for each version of a
 * roll-up, its rows and its windows. `AppendOnlySink` makes a sink of it. Methods reject with an AppError, retryable
 * where the same call may succeed later; the same rows or records may be appended any number of times.
 */
export interface AppendTarget {
  /** The centre's name, as definitions name it. */
  readonly name: string;
  /** About how many bytes of rows it is given at once. */
  readonly pieceBytes: number;
  /** Milliseconds after which what was accepted can be seen at the latest: past them an attempt has failed. */
  readonly visibleWithinMs: number;
  /** As `SinkPort.prepare`; `input.centreNotPrepared` where somebody has to make the tables first. */
  prepare(table: RollupTable): Promise<SchemaDiff>;
  /**
   * Appends rows of `ROLLUP_COLUMNS` and the table's own, each with the stamp before it (`WRITE_COLUMNS`). Resolves
   * when the service has accepted every one of them; where it rejects any of them may be there, now or later.
   */
  appendRows(
    table: RollupTable,
    stamp: WriteStamp,
    rows: readonly (readonly Cell[])[],
    signal: CancelSignal,
  ): Promise<void>;
  /** Appends records of windows of one roll-up (its id), in the same way. */
  appendRecords(rollup: string, records: readonly WindowRecord[], signal: CancelSignal): Promise<void>;
  /** Counted by the service itself. */
  arrived(rollup: string, write: string, signal: CancelSignal): Promise<ArrivedRows>;
  /** The record of the window with the highest order that can be seen. */
  newest(key: WindowKey, signal: CancelSignal): Promise<WindowRecord | undefined>;
  /** Ids of the roll-ups that have tables there. */
  rollups(signal: CancelSignal): Promise<readonly string[]>;
  /** Newest records of windows that are a customer's and not erased, some tens of thousands at most. */
  windowsOf(rollup: string, customer: CustomerKey, signal: CancelSignal): Promise<readonly WindowRecord[]>;
  /**
   * Has every row of a customer deleted that was accepted so far; what the service keeps, and until when, in sentences
   * for the receipt.
   */
  remove(rollup: string, customer: CustomerKey, signal: CancelSignal): Promise<readonly string[]>;
  /** The function that gives each row of the newest records once. */
  rowsOnce(table: RollupTable): string;
}
