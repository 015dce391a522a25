import type { RegularTableElement } from 'regular-table';
import { isSamePlace } from './selection.ts';
import type { CellPlace } from './selection.ts';

/**
 * The place of a drawn cell; undefined for a row's number and its header. Frozen columns are to regular-table what
 * heads a row, behind the number; the columns that scroll it counts by themselves.
 */
export function placeOf(node: RegularTableElement, cell: HTMLElement, frozen: number): CellPlace | undefined {
  const meta = node.getMeta(cell);
  switch (meta?.type) {
    case 'body':
      return { row: meta.y, column: meta.x + frozen };
    case 'column_header':
      return { row: -1, column: meta.x + frozen };
    case 'row_header':
      return meta.row_header_x === 0 ? undefined : { row: meta.y, column: meta.row_header_x - 1 };
    case 'corner':
      return meta.row_header_x === 0 ? undefined : { row: -1, column: meta.row_header_x - 1 };
    case undefined:
      return undefined;
  }
}

/** The cell at a place, where it is drawn. */
export function findCell(node: RegularTableElement, place: CellPlace, frozen: number): HTMLElement | undefined {
  return [...node.querySelectorAll<HTMLElement>('td, th')].find((cell) => {
    const at = placeOf(node, cell, frozen);
    return at && isSamePlace(at, place);
  });
}
