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
  /** Points of a series, or categories of an axis, at most. */
  readonly maxPoints: number;
  readonly filters?: readonly RowFilter[];
  /** How many series are told apart, those of the largest total (10 unless given); the others are drawn as one. */
  readonly maxSeries?: number;
  /** Names of series that are told apart besides, whatever their total. */
  readonly also?: readonly string[];
  /** Small multiples: one panel per customer, each with its own largest series. */
  readonly panels?: boolean;
  /** The query put its rows in an order, so bars and slices keep it; else they go by their size. */
  readonly sorted?: boolean;
}

/** One line, bar group or pie; x as epoch milliseconds for times, numbers, or category texts. */
export interface ChartSeries {
  readonly name: string;
  readonly x: readonly (number | string)[];
  readonly y: readonly (number | null)[];
  /** The customer whose panel it is in. */
  readonly panel?: string;
  /** It stands for this many series. */
  readonly others?: number;
}

/** The first row of one workspace's answer, as a card shows it; `name` is empty where there is only one. */
export interface ChartCard {
  readonly name: string;
  readonly values: readonly { readonly column: string; readonly type: string; readonly value: RowCell }[];
}

/** A chart's numbers, and what of the rows is not in it. */
export interface ChartData {
  readonly kind: string;
  readonly xType: 'time' | 'number' | 'category';
  readonly xName: string;
  readonly series: readonly ChartSeries[];
  /** Points were left out of a series that has more than were asked for. */
  readonly thinned: boolean;
  /** Series that are drawn as one, the largest first: how many, and the names of the first 500. */
  readonly others?: { readonly count: number; readonly names: readonly string[] };
  /** Categories beyond those asked for, the last one of the axis: how many it stands for. */
  readonly otherCategories?: number;
  /** Customers without a panel, the smallest. */
  readonly otherPanels?: number;
  /** Text columns the chart does not tell apart: what differs only in them is added up. */
  readonly addedUp?: readonly string[];
  /** Of a card: its numbers, customer by customer, and how many workspaces are not among them. */
  readonly cards?: readonly ChartCard[];
  readonly otherCards?: number;
  readonly problem?: string;
}
