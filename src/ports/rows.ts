import type { CancelSignal } from '../base/cancel.ts';
import type { ExportFormat } from '../model/exportFormat.ts';
import type { Cell, Column, DataTable } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';
import type {
  ChartData,
  ChartRequest,
  ColumnStatistics,
  RowFilter,
  RowFindAnswer,
  RowFindRequest,
  RowGroups,
  RowGroupsRequest,
  RowSort,
  RowWindow,
  RowWindowRequest,
} from '../model/rows.ts';

/**
 * Rows that are read only as they are asked for, page by page and once: a large answer is never all in memory. A page
 * that cannot be read throws an AppError.
 */
export interface RowPages {
  readonly length: number;
  pages(): Iterable<readonly (readonly Cell[])[]>;
  /**
   * Instead of `pages`: the same rows as the text they came in, for who makes no values of them. A page where that
   * cannot be told apart comes as rows.
   */
  texts?(): Iterable<CellTexts | readonly (readonly Cell[])[]>;
}

/**
 * Rows in JSON text (UTF-8), each cell a string, a number, true, false or null: cell c of row r lies from
 * `places[2 * (r * columns + c)]` to before the place that follows it. Valid JSON. Only until the next page is asked
 * for.
 */
export interface CellTexts {
  readonly bytes: Uint8Array;
  readonly places: Uint32Array;
  readonly columns: number;
  readonly rows: number;
}

/** By the key of the target, or `COMBINED`. */
export type RowStamps = Readonly<Record<string, number>>;

/** The key of rows that were made of all targets together; no target is called so. */
export const COMBINED = 'combined:';

/** Where the rows of runs live and are asked for in windows. */
export interface RowStore {
  /** `passing`: the rows are in memory alone, where no file that is kept has a byte of them. */
  open(run: string, options?: { readonly passing?: boolean }): Promise<RowStoreRun>;
}

/**
 * Whose rows these are, in columns of their own. `_SubscriptionId` and `_ResourceId` are not among them: they are the
 * table's own columns, where it has them.
 */
export interface Attribution {
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
}

/**
 * Rows that were collected for a table of KQL: those of these targets in a run of the same store, as these columns with
 * `_Customer`, `_Tenant` and `_Workspace` before them.
 */
export interface CollectedTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: RowStoreRun;
  readonly targets: readonly string[];
}

/** All rows of a run of the same store as a table of KQL, with the columns that the run shows. */
export interface ResultTable {
  readonly name: string;
  readonly rows: RowStoreRun;
}

/** One side of a comparison: rows of a run of the same store, those of these targets alone where they are named. */
export interface ComparedRows {
  readonly rows: RowStoreRun;
  readonly targets?: readonly string[] | undefined;
}

/** What rows are compared by, and who cancels. No columns: whole rows. */
export interface CompareOptions {
  readonly key: readonly string[];
  readonly signal?: CancelSignal;
}

/** What a comparison found, in rows; those of both sides that are the same count once. */
export interface RowChanges {
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
  readonly same: number;
  /** Rows that are not the same, by the key of their target. */
  readonly byTarget: Readonly<Record<string, number>>;
}

/** How collected tables are asked: the instant `now()` stands for (ticks), and who cancels. */
export interface CombineOptions {
  readonly now: bigint;
  readonly signal?: CancelSignal;
}

/** Which rows go to a file, in which order, and what is said with them. */
export interface ExportOptions {
  readonly filters?: readonly RowFilter[];
  readonly sort?: readonly RowSort[];
  /** Looked for in every column. */
  readonly search?: string;
  /** Rows of these targets alone, with the columns that these answered with. */
  readonly targets?: readonly string[];
  /** Sentences about the rows, for the forms with a place for them (Markdown, Excel). */
  readonly about?: readonly string[];
  readonly signal?: CancelSignal;
  /** Hears how many of how many rows have been written. */
  readonly written?: (rows: number, total: number) => void;
}

/** A file that was written: its rows, and in sentences what of them could not be kept as it is. */
export interface ExportedFile {
  readonly rows: number;
  readonly notes: readonly string[];
}

/**
 * How the rows of a target lie that come in several answers: the first makes room for so many rows in all, each further
 * one goes after those that are there, with the same columns.
 */
export type AppendPlace = { readonly room: number } | 'after';

/** The rows of one run. Everything but `columns` and `rowCount` rejects with `engine.*` where the store fails. */
export interface RowStoreRun {
  /**
   * Adds one target's rows; columns are united by name and type. A retried target replaces its earlier rows. The store
   * takes the rows over: a large array is emptied as it is stored, so that no answer is twice in memory. `stored` hears
   * how many of them can be read already. `place`: of an answer that is one of several of this target.
   */
  append(
    target: string,
    attribution: Attribution,
    columns: readonly Column[],
    rows: readonly (readonly Cell[])[] | RowPages,
    stored?: (rows: number) => void,
    place?: AppendPlace,
  ): Promise<void>;
  /**
   * The same for targets that answered together, small enough to be in memory: all of them are stored, or none where it
   * rejects.
   */
  appendAll(
    columns: readonly Column[],
    answers: readonly {
      readonly target: string;
      readonly attribution: Attribution;
      readonly rows: readonly (readonly Cell[])[];
    }[],
  ): Promise<void>;
  /**
   * Puts the answer of this KQL over collected tables, or over the rows of other runs, in place of all rows, in its
   * order. There are no attribution columns then but those that the answer has itself. Where it fails (`query.*`,
   * `engine.*`, `cancelled.*`) the rows stay as they were.
   */
  combine(
    text: string,
    tables: readonly (CollectedTable | ResultTable)[],
    options: CombineOptions,
  ): Promise<{ render?: RenderSpec }>;
  /** Puts these rows in place of all rows: no attribution columns but those that they have themselves. */
  hold(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Promise<void>;
  /**
   * Puts in place of all rows what changed from one run to another: whose it is, `_Change` (added, gone or changed),
   * `_Changed` (the columns that did), the values (as they were where the row is gone) and `_Before` (a bag of what the
   * changed ones were). Rejects with `input.nothingInCommon`, `input.unknownColumn`, `engine.*`, and when cancelled.
   */
  compare(before: ComparedRows, after: ComparedRows, options: CompareOptions): Promise<RowChanges>;
  /** Whether no two rows, of these targets where they are named, have the same values in all of these columns. */
  hasUnique(columns: readonly string[], targets?: readonly string[]): Promise<boolean>;
  /**
   * Rows are in order of arrival until they are arranged: then target by target as named here, each target's rows as
   * its workspace gave them.
   */
  arrange(targets: readonly string[]): Promise<void>;
  columns(): readonly {
    readonly name: string;
    readonly type: Column['type'];
    readonly presentIn: number;
    readonly attribution?: true;
  }[];
  /** All rows, or those of these targets. */
  rowCount(targets?: readonly string[]): number;
  /** A number for the rows of each target (`COMBINED` for those of all together) that no other rows ever have. */
  stamps(): RowStamps;
  /**
   * Deletes all rows but those that bear these stamps and are there to the last; resolves to whose stay. For rows that
   * a program left behind when it was killed.
   */
  keepWhole(stamps: RowStamps): Promise<readonly string[]>;
  /** What the rows take where they lie; those that came last may not count yet. */
  bytes(): Promise<number>;
  window(request: RowWindowRequest): Promise<RowWindow>;
  statistics(column: string, filters?: readonly RowFilter[], search?: string): Promise<ColumnStatistics>;
  /** Rows counted by the value of a column. */
  groups(request: RowGroupsRequest): Promise<RowGroups>;
  find(request: RowFindRequest): Promise<RowFindAnswer>;
  /** All rows that pass, as a table small enough for a chart or the terminal; `truncated` past `limit`. */
  table(
    limit: number,
    filters?: readonly RowFilter[],
    sort?: readonly RowSort[],
  ): Promise<{ table: DataTable; truncated: boolean }>;
  chart(request: ChartRequest): Promise<ChartData>;
  /**
   * Writes the rows that pass to a file, which appears when it is whole. CSV is safe against formulas and is UTF-8
   * without a BOM; JSON is one array of objects. Rejects with `input.export*`, `engine.*` or `cancelled.*`.
   */
  export(path: string, format: ExportFormat, options?: ExportOptions): Promise<ExportedFile>;
  discard(): Promise<void>;
}
