import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { RegularTableElement } from 'regular-table';
import { isNumeric } from './copyFormats.ts';
import { findValue } from './gridData.ts';
import type { GridData } from './gridData.ts';
import { holdsShown } from './cellText.ts';
import { placeOf } from './places.ts';
import { contains, isSamePlace, toRectangle } from './selection.ts';
import type { CellPlace } from './selection.ts';

/** Rows [top, bottom) and, of the columns that scroll, [left, right) that are drawn now. */
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
  // The style sheet shares the width between them.
  node.style.setProperty('--frozen', String(Math.max(1, data.frozen)));
  for (const section of table.querySelectorAll('thead, tbody')) section.setAttribute('role', 'rowgroup');
  let active: HTMLElement | undefined;
  let view: GridView | undefined;
  for (const cell of table.querySelectorAll<HTMLElement>('th, td')) {
    const meta = node.getMeta(cell);
    if (!meta) continue;
    if (meta.type === 'body')
      view ??= { top: meta.y0, bottom: meta.y1, left: meta.x0 + data.frozen, right: meta.x1 + data.frozen };
    const place = placeOf(node, cell, data.frozen);
    if (place) {
      const drawn = place.row === -1 ? decorateHeader(cell, place, data) : decorateCell(cell, place, data);
      if (drawn) active = cell;
    } else if (meta.type === 'row_header') {
      setAttributes(cell, { role: 'rowheader', 'aria-colindex': 1, tabindex: -1 });
      cell.classList.add('row-number');
    } else decorateCorner(cell);
  }
  return { view, active };
}

/** Returns whether this is the active cell. */
function decorateCell(cell: HTMLElement, place: CellPlace, data: GridData): boolean {
  const column = data.columns[place.column];
  const value = findValue(data, place);
  const selected = contains(toRectangle(data.selection), place);
  const active = isSamePlace(place, data.selection.active);
  setAttributes(cell, {
    role: 'gridcell',
    'aria-colindex': place.column + 2,
    'aria-selected': selected,
    tabindex: -1,
  });
  decorateRow(cell, place.row + 2);
  // One by one: regular-table keeps classes of its own here, by which it clips narrow columns.
  setClasses(cell, {
    number: column !== undefined && isNumeric(column),
    null: value === null && column?.type !== 'string',
    attribution: column?.attribution === true,
    ...frozenClasses(place, data),
    selected,
    active,
    found: column !== undefined && value !== undefined && holdsShown(value, column.type, data.marked),
  });
  return active;
}

/** Returns whether this is the active cell. */
function decorateHeader(cell: HTMLElement, place: CellPlace, data: GridData): boolean {
  const column = data.columns[place.column];
  const active = isSamePlace(place, data.selection.active);
  if (!column) return active;
  const name = visibleText(column.name);
  // What stands at the head of a frozen column is ours to write.
  if (place.column < data.frozen) (cell.firstElementChild ?? cell).textContent = name;
  const sort = data.sorts.find((one) => one.column === column.name);
  const where = column.attribution ? '' : `, in ${counted(column.presentIn, 'workspace')}`;
  const frozen = place.column < data.frozen ? ', frozen' : '';
  setAttributes(cell, {
    role: 'columnheader',
    'aria-colindex': place.column + 2,
    'aria-sort': sort ? (sort.descending ? 'descending' : 'ascending') : 'none',
    tabindex: -1,
    'data-column': place.column,
    title: `${name}: ${column.type}${where}${frozen}`,
    'aria-haspopup': 'menu',
  });
  setClasses(cell, {
    active,
    number: isNumeric(column),
    attribution: column.attribution === true,
    ...frozenClasses(place, data),
  });
  decorateRow(cell, 1);
  return active;
}

function decorateCorner(cell: HTMLElement): void {
  setAttributes(cell, { role: 'columnheader', 'aria-colindex': 1, 'aria-label': 'Row number', tabindex: -1 });
  cell.classList.add('row-number');
  (cell.firstElementChild ?? cell).textContent = '#';
  decorateRow(cell, 1);
}

function decorateRow(cell: HTMLElement, index: number): void {
  setAttributes(cell.parentElement!, { role: 'row', 'aria-rowindex': index });
}

function frozenClasses({ column }: CellPlace, { frozen }: GridData): Record<'frozen' | 'frozen-edge', boolean> {
  return { frozen: column < frozen, 'frozen-edge': column === frozen - 1 };
}

function setAttributes(node: Element, attributes: Record<string, string | number | boolean>): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}

function setClasses(node: Element, classes: Readonly<Record<string, boolean>>): void {
  for (const [name, set] of Object.entries(classes)) node.classList.toggle(name, set);
}
