import type { Cell, Column } from '../../model/kqlType.ts';

/** Rows of one table of one workspace, made when they are asked for. */
export interface MadeRows {
  readonly kind: 'made';
  readonly table: string;
  /** TimeGenerated first. */
  readonly columns: readonly Column[];
  /** Cells that are the same in every row, by column. */
  readonly constants: Readonly<Record<string, Cell>>;
  /** ms of history. */
  readonly span: number;
  /**
   * Rows with `from < TimeGenerated <= to` (ms since 1970); the same rows for the same range. `first`: none were made
   * before.
   */
  rows(from: number, to: number, first: boolean): Iterable<readonly Cell[]>;
}

/** Rows that lie in a file: JSON lines, CSV or Parquet, the first two also gzipped. */
export interface FileRows {
  readonly kind: 'file';
  readonly table: string;
  readonly path: string;
  readonly columns: readonly Column[];
  readonly constants: Readonly<Record<string, Cell>>;
}

/** Everything a workspace has rows of. */
export interface WorkspaceLogs {
  readonly customerId: string;
  readonly tables: readonly (MadeRows | FileRows)[];
  /** Lower-case ARM ids of the resources whose rows are in here. */
  readonly resources: readonly string[];
}

/** Where the query API takes rows from. What it does not know has none. */
export interface LogSource {
  find(customerId: string): WorkspaceLogs | undefined;
  all(): Iterable<WorkspaceLogs>;
}
