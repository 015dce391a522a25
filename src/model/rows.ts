/** One key of an order, by column. */
export interface RowSort {
  readonly column: string;
  readonly descending: boolean;
}

/** One condition on a column as people read its cells; `value` is absent for `empty` and `notEmpty`. */
export interface RowFilter {
  readonly column: string;
  readonly op: 'equals' | 'notEquals' | 'contains' | 'notContains' | 'greater' | 'less' | 'empty' | 'notEmpty';
  readonly value?: string;
}

/** Rows `first` to `first + count` of what passes, in that order; `search` is looked for in every column. */
export interface RowWindowRequest {
  readonly first: number;
  readonly count: number;
  readonly columns?: readonly string[];
  readonly sort?: readonly RowSort[];
  readonly filters?: readonly RowFilter[];
  readonly search?: string;
}

/** A cell as it crosses to a page: a JSON value; a long beyond 2^53, a time and a dynamic are text. */
export type RowCell = string | number | boolean | null;

/**
 * Cells as text or simple values that survive every message channel: a long beyond 2^53 is text. `total` counts the
 * rows that pass the filters.
 */
export interface RowWindow {
  readonly first: number;
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly RowCell[])[];
}

/** What a column holds, over the rows that pass: `top` are its most frequent values. */
export interface ColumnStatistics {
  readonly column: string;
  readonly rows: number;
  readonly empty: number;
  readonly distinct: number;
  readonly min?: string;
  readonly max?: string;
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

/** Which chart of which columns; what is left out is chosen as `render` does. */
export interface ChartRequest {
  readonly kind: string;
  readonly x?: string;
  readonly y?: readonly string[];
  readonly series?: readonly string[];
  readonly maxPoints: number;
  readonly filters?: readonly RowFilter[];
}

/**
 * One line, bar group or pie per series; x as epoch milliseconds for times, numbers, or category texts. `reduced` says
 * that points were thinned.
 */
export interface ChartData {
  readonly kind: string;
  readonly xType: 'time' | 'number' | 'category';
  readonly xName: string;
  readonly series: readonly {
    readonly name: string;
    readonly x: readonly (number | string)[];
    readonly y: readonly (number | null)[];
  }[];
  readonly reduced: boolean;
  readonly problem?: string;
}
