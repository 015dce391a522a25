import type { CancelSignal } from '../base/cancel.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { Cell } from '../model/kqlType.ts';
import type { EraseReceipt, RollupTable, SchemaDiff, StoredWindow, WindowKey } from '../model/rollup.ts';

/** The rows of one window of one workspace, all of them, of one customer. */
export interface RollupBatch {
  readonly table: RollupTable;
  readonly key: WindowKey;
  readonly customer: CustomerKey;
  /**
   * Rows of `ROLLUP_COLUMNS` and the table's own, page by page and once. It throws where the window cannot be read
   * whole: then nothing of the batch may be there.
   */
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
  /** Asked when everything is written and just before it counts: throws where this runner may not store it any more. */
  readonly mayCommit: () => Promise<void>;
  /** Higher for each holder of the window's lease: what one that was overtaken stores never hides a later one's. */
  readonly fence?: number;
  /** Called each minute by a sink that waits: keeps other runners away, and throws where one has taken over. */
  readonly keepAway?: () => Promise<void>;
}

/**
 * Where roll-ups are stored. Every method may be called again after any failure, and by several processes at once.
 * Everything rejects with an AppError: `service.*`, `network.*` and `engine.*` where a later try may help.
 */
export interface SinkPort {
  /** As definitions name it: `lake`. */
  readonly name: string;
  /** Windows that are stored at once, where that is not a few: more for a sink that mostly waits. */
  readonly atOnce?: number;
  /** Makes the table, or room for new columns. Rejects with `input.rollupSchema` for a column of another type. */
  prepare(table: RollupTable): Promise<SchemaDiff>;
  /**
   * Stores the batch in place of whatever is there under its key: after it, and after any number of repetitions, the
   * table has exactly these rows of the window. Where it rejects, the table has those of before or these.
   */
  write(batch: RollupBatch, signal: CancelSignal): Promise<StoredWindow>;
  /** What is there under a key, read back from the sink; undefined where there is nothing. */
  verify(table: RollupTable, key: WindowKey): Promise<StoredWindow | undefined>;
  /** Removes every row of a customer, of all tables and versions. */
  erase(customer: CustomerKey): Promise<Omit<EraseReceipt, 'customer' | 'at'>>;
  /** The view or function of the sink that gives each row once. */
  rowsOnce(table: RollupTable): string;
}

/** A document and its version, which grows with each change; 0 where there is none. */
export interface Versioned<T> {
  readonly value: T | undefined;
  readonly version: number;
}

/**
 * Where the state of roll-ups is kept: small documents by name, changed only by who has seen the last version. A
 * name is of letters, digits, `-`, `_` and `/`.
 */
export interface RollupStatePort {
  /** Rejects with `engine.rollupState` for a document that cannot be read: nobody begins anew over one. */
  load<T>(name: string): Promise<Versioned<T>>;
  /** Puts `value` in the place of exactly this version; false where there is another one already. */
  save<T>(name: string, value: T, version: number): Promise<boolean>;
  /** Names below a folder, in order. */
  list(folder: string): Promise<readonly string[]>;
}
