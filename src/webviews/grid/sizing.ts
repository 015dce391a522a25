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

/**
 * Forgets every width but those a person chose, which go with their columns by name: regular-table knows columns by
 * their place alone, which is another one now.
 */
export function moveWidths(node: RegularTableElement, before: readonly string[], after: readonly string[]): void {
  const chosen = new Map(
    Object.entries(node.saveColumnSizes()).map(([key, width]) => [before[Number(key) - 1], width]),
  );
  node.resetAutoSize({ auto: true, override: true, indices: true, row_height: false });
  const widths = after.flatMap((name, index) => {
    const width = chosen.get(name);
    return width === undefined ? [] : [[index + 1, width] as const];
  });
  node.restoreColumnSizes(Object.fromEntries(widths));
}

/** Measures again the columns whose width nobody chose: there is more or less room. */
export function measureColumns(node: RegularTableElement): void {
  node.resetAutoSize({ auto: true, override: false, indices: true, row_height: false });
}
