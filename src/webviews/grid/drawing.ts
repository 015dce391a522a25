import { counted } from '../../base/counted.ts';
import type { RegularTableElement } from 'regular-table';
import { isNumeric } from './copyFormats.ts';
import { findValue } from './gridData.ts';
import type { GridData } from './gridData.ts';
import { contains, isSamePlace, toRectangle } from './selection.ts';

/** Rows [top, bottom) and columns [left, right) that are drawn now. */
export interface GridView {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What a draw left behind: the part of the data in view (if any), and the active cell where it is in view. */
export interface Drawn {
  readonly view: GridView | undefined;
  readonly active: HTMLElement | undefined;
}

/**
 * Makes a drawn table a grid to a screen reader: roles, indexes, selection. It runs after every draw, because
 * regular-table reuses cells: every attribute is set again.
 */
export function decorateTable(node: RegularTableElement, data: GridData): Drawn {
  const table = node.querySelector('table');
  if (!table) return { view: undefined, active: undefined };
  setAttributes(table, {
    role: 'grid',
    'aria-label': 'Results',
    'aria-rowcount': data.rowCount + 1,
    'aria-colcount': data.columns.length + 1,
    'aria-multiselectable': 'true',
  });
  for (const section of table.querySelectorAll('thead, tbody')) section.setAttribute('role', 'rowgroup');
  let active: HTMLElement | undefined;
  let view: GridView | undefined;
  for (const cell of table.querySelectorAll<HTMLElement>('th, td')) {
    const meta = node.getMeta(cell);
    if (!meta) continue;
    if (meta.type === 'body') {
      view ??= { top: meta.y0, bottom: meta.y1, left: meta.x0, right: meta.x1 };
      if (decorateCell(cell, meta, data)) active = cell;
    } else if (meta.type === 'column_header') {
      if (decorateHeader(cell, meta.x, data)) active = cell;
    } else if (meta.type === 'row_header') {
      setAttributes(cell, { role: 'rowheader', 'aria-colindex': 1, tabindex: -1 });
    } else decorateCorner(cell);
  }
  return { view, active };
}

/** Returns whether this is the active cell. */
function decorateCell(cell: HTMLElement, { x, y }: { x: number; y: number }, data: GridData): boolean {
  const place = { row: y, column: x };
  const column = data.columns[x];
  const selected = contains(toRectangle(data.selection), place);
  const active = isSamePlace(place, data.selection.active);
  setAttributes(cell, { role: 'gridcell', 'aria-colindex': x + 2, 'aria-selected': selected, tabindex: -1 });
  decorateRow(cell, y + 2);
  cell.className = [
    column && isNumeric(column) ? 'number' : '',
    findValue(data, place) === null && column?.type !== 'string' ? 'null' : '',
    column?.attribution ? 'attribution' : '',
    selected ? 'selected' : '',
    active ? 'active' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
  return active;
}

/** Returns whether this is the active cell. */
function decorateHeader(cell: HTMLElement, index: number, data: GridData): boolean {
  const column = data.columns[index];
  const active = isSamePlace({ row: -1, column: index }, data.selection.active);
  if (!column) return active;
  const sort = data.sorts.find(({ column: name }) => name === column.name);
  setAttributes(cell, {
    role: 'columnheader',
    'aria-colindex': index + 2,
    'aria-sort': sort ? (sort.descending ? 'descending' : 'ascending') : 'none',
    tabindex: -1,
    'data-column': index,
    title: `${column.name}: ${column.type}${column.attribution ? '' : `, in ${counted(column.presentIn, 'workspace')}`}`,
    'aria-haspopup': 'menu',
  });
  cell.classList.toggle('active', active);
  cell.classList.toggle('number', isNumeric(column));
  cell.classList.toggle('attribution', column.attribution === true);
  decorateRow(cell, 1);
  return active;
}

function decorateCorner(cell: HTMLElement): void {
  setAttributes(cell, { role: 'columnheader', 'aria-colindex': 1, 'aria-label': 'Row number', tabindex: -1 });
  (cell.firstElementChild ?? cell).textContent = '#';
  decorateRow(cell, 1);
}

function decorateRow(cell: HTMLElement, index: number): void {
  setAttributes(cell.parentElement!, { role: 'row', 'aria-rowindex': index });
}

function setAttributes(node: Element, attributes: Record<string, string | number | boolean>): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}
