import type { RegularTableElement } from 'regular-table';

/** Pixels; the style sheet says the same. */
export const ROW_HEIGHT = 22;
const NARROWEST = 40;

/** Makes a column (0 is the first data column) wider or narrower by a share of its present width. */
export function resizeColumn(node: RegularTableElement, column: number, factor: number): void {
  const header = node.querySelector(`th[data-column="${column}"]`);
  // regular-table counts the row header as a column.
  const width = Math.max(NARROWEST, (header?.clientWidth ?? 120) * factor);
  node.restoreColumnSizes({ ...node.saveColumnSizes(), [column + 1]: width });
}

/** Fits every column to its content again. */
export function fitColumns(node: RegularTableElement): void {
  node.resetAutoSize({ auto: true, override: true, indices: true, row_height: false });
}
