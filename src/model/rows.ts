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

/** A value, as text ("" for none), and how many rows have it. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** What a column holds, over the rows that pass: `top` are its most frequent values. */
export interface ColumnStatistics {
  readonly column: string;
  readonly rows: number;
  readonly empty: number;
  readonly distinct: number;
  readonly min?: string;
  readonly max?: string;
  readonly top: readonly ValueCount[];
  /** Of a dynamic column with values. */
  readonly dynamic?: DynamicStatistics;
}

/** The least, the middle and the greatest of some numbers. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** What the values of a dynamic column are like; the most frequent first, ten at most of each. */
export interface DynamicStatistics {
  /** `object`, `array`, `text`, `number`, `boolean`. */
  readonly kinds: readonly ValueCount[];
  /** Keys of the objects themselves, not of what is in them. */
  readonly keys: readonly ValueCount[];
  /** Objects by all their keys (`{a, b}`), arrays by the kinds of what is in them (`[number, text]`). */
  readonly shapes: readonly ValueCount[];
  /** Length of the JSON text, in characters. */
  readonly characters: Spread;
  /** Items of the arrays and keys of the objects, where there are any. */
  readonly members?: Spread;
}

/** Which values of one column are counted: of the rows that pass, from the `first` most frequent on. */
export interface RowGroupsRequest {
  readonly column: string;
  readonly first: number;
  readonly count: number;
  readonly filters?: readonly RowFilter[];
  readonly search?: string;
}

/** Rows by the value of a column, the most frequent first; `total` counts all values, `rows` all rows that pass. */
export interface RowGroups {
  readonly column: string;
  readonly total: number;
  readonly rows: number;
  readonly groups: readonly ValueCount[];
}

/** A cell by its row among those that pass, in their order, and its column among those looked through; both from 0. */
export interface FoundPlace {
  readonly row: number;
  readonly column: number;
}

/** Asks for the next cell that holds `text`, as people read it and in any case, row by row and round at the ends. */
export interface RowFindRequest {
  readonly text: string;
  /** The columns to look through, from left to right. */
  readonly columns: readonly string[];
  readonly from: FoundPlace;
  /** `here`: `from` itself counts. */
  readonly direction: 'here' | 'next' | 'previous';
  readonly sort?: readonly RowSort[];
  readonly filters?: readonly RowFilter[];
  readonly search?: string;
}

/** How many cells hold the text, and the one that was asked for: the `index`th of them, from 0. */
export interface RowFindAnswer {
  readonly count: number;
  readonly found?: FoundPlace & { readonly index: number };
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
  /**
   * Columns whose values may be added up over series and categories; absent: all. Where y is another one, the others
   * are not drawn at all: a sum of averages is no average.
   */
  readonly addable?: readonly string[];
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
  /** Others are counted and not drawn: what they have does not add up. */
  readonly othersLeftOut?: true;
  /** Customers without a panel, the smallest. */
  readonly otherPanels?: number;
  /** Text columns the chart does not tell apart: what differs only in them is added up. */
  readonly addedUp?: readonly string[];
  /** Of a card: its numbers, customer by customer, and how many workspaces are not among them. */
  readonly cards?: readonly ChartCard[];
  readonly otherCards?: number;
  readonly problem?: string;
}
