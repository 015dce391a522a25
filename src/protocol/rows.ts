import type { MergedColumn } from '../model/run.ts';
import type { ChartData, ColumnStatistics, RowFilter, RowSort, RowWindow } from '../model/rows.ts';

/** Rows, charts and statistics as they cross to a page: JSON values only (a long beyond 2^53 is text). */
export type CellView = string | number | boolean | null;
export type RowSortView = RowSort;
export type RowFilterView = RowFilter;
export type RowWindowView = RowWindow;
export type ColumnStatisticsView = ColumnStatistics;
export type ChartDataView = ChartData;
export type ColumnView = MergedColumn;
