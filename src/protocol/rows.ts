import type { KqlType } from '../model/kqlType.ts';

/**
 * Rows, charts and statistics as they cross to a page: JSON values only (a long beyond 2^53 is text). Same shapes as
 * core's ports.
 */
export type CellView = string | number | boolean | null;
export interface RowSortView {
  readonly column: string;
  readonly descending: boolean;
}
export interface RowFilterView {
  readonly column: string;
  readonly op: 'equals' | 'notEquals' | 'contains' | 'notContains' | 'greater' | 'less' | 'empty' | 'notEmpty';
  readonly value?: string;
}
export interface RowWindowView {
  readonly first: number;
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellView[])[];
}
export interface ColumnStatisticsView {
  readonly column: string;
  readonly rows: number;
  readonly empty: number;
  readonly distinct: number;
  readonly min?: string;
  readonly max?: string;
  readonly top: readonly { readonly value: string; readonly count: number }[];
}
export interface ChartDataView {
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
export interface ColumnView {
  readonly name: string;
  readonly type: KqlType;
  readonly presentIn: number;
  readonly attribution?: true;
}
