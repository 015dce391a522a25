import 'regular-table';
import type { RegularTableElement } from 'regular-table';
import type { CellView, ColumnView } from '../../protocol/rows.ts';
import { cellText } from './cellText.ts';
import { isNumeric } from './copyFormats.ts';
import { contains, moveActive, toRectangle } from './selection.ts';
import type { CellPlace, Rectangle, Selection } from './selection.ts';

/** Pixels; the style sheet says the same. */
const ROW_HEIGHT = 22;

export interface GridSort {
  readonly column: string;
  readonly descending: boolean;
}

export interface GridEvents {
  /** Rows [first, end) of the visible columns' full list, as they are sorted and filtered now. */
  rows(first: number, end: number): Promise<readonly (readonly CellView[])[]>;
  /** A header was activated: a click or Enter sorts, the menu key or a right click opens the column's menu. */
  sort(column: ColumnView): void;
  menu(column: ColumnView, at: HTMLElement): void;
  open(column: ColumnView, value: CellView, row: number): void;
  cellMenu(column: ColumnView, value: CellView, at: HTMLElement): void;
  copy(rectangle: Rectangle, withHeaders: boolean): void;
  selected(rectangle: Rectangle): void;
}

/**
 * The results grid: regular-table draws the cells that are in view, this adds what makes them a grid to a keyboard and
 * a
 * screen reader (roles, indexes, one tab stop, selection) after every draw. Column 0 of the selection is the first data
 * column.
 */
export class Grid {
  readonly node: RegularTableElement;
  private readonly events: GridEvents;
  private columns: readonly ColumnView[] = [];
  /** Index of each shown column in the rows that `events.rows` gives. */
  private positions: readonly number[] = [];
  private rowCount = 0;
  private sorts: readonly GridSort[] = [];
  private selection: Selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };
  private view = { top: 0, bottom: 0, left: 0, right: 0 };
  private values = new Map<number, readonly CellView[]>();
  private focusWanted = false;
  private focused = false;
  private turn = 0;
  private dragging = false;

  constructor(events: GridEvents) {
    this.events = events;
    this.node = document.createElement('regular-table');
    this.node.className = 'grid';
    this.node.setDataListener((x0, y0, x1, y1) => this.window(x0, y0, x1, y1), { virtual_mode: 'both' });
    this.node.addStyleListener(() => {
      this.decorate();
    });
    this.listen();
    // A taller panel shows more rows at once; regular-table itself looks only when it is scrolled.
    new ResizeObserver(() => {
      if (this.columns.length > 0) this.redraw();
    }).observe(this.node);
  }

  show(
    columns: readonly ColumnView[],
    positions: readonly number[],
    rowCount: number,
    sorts: readonly GridSort[],
  ): void {
    this.columns = columns;
    this.positions = positions;
    this.rowCount = rowCount;
    this.sorts = sorts;
    this.selection = { anchor: this.clamp(this.selection.anchor), active: this.clamp(this.selection.active) };
    void this.node.draw({ invalid_viewport: true });
  }

  /** Draws again, for rows that changed under the same shape. */
  redraw(): void {
    void this.node.draw({ invalid_viewport: true });
  }

  rectangle(): Rectangle {
    return toRectangle(this.selection);
  }

  focus(): void {
    this.focusWanted = true;
    void this.reveal(this.selection.active);
  }

  toTop(): void {
    this.node.scrollTop = 0;
    this.selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };
  }

  /** Makes a column wider or narrower by a share of its present width; 0 fits it to its content. */
  resize(column: ColumnView, factor: number): void {
    const key = this.columns.findIndex(({ name }) => name === column.name) + 1;
    const header = this.node.querySelector(`th[data-column="${key - 1}"]`);
    if (factor === 0) this.node.resetAutoSize({ auto: true, override: true, indices: true, row_height: false });
    else
      this.node.restoreColumnSizes({
        ...this.node.saveColumnSizes(),
        [key]: Math.max(40, (header?.clientWidth ?? 120) * factor),
      });
    this.redraw();
  }

  private clamp({ row, column }: CellPlace): CellPlace {
    return {
      row: Math.max(this.rowCount > 0 ? 0 : -1, Math.min(row, this.rowCount - 1)),
      column: Math.max(0, Math.min(column, this.columns.length - 1)),
    };
  }

  private async window(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
  ): Promise<Awaited<ReturnType<Parameters<RegularTableElement['setDataListener']>[0]>>> {
    const shown = this.columns.slice(x0, x1);
    const end = Math.min(y1, this.rowCount);
    const rows = await this.events.rows(y0, end);
    this.values = new Map(rows.map((row, index) => [y0 + index, row]));
    return {
      num_rows: this.rowCount,
      num_columns: this.columns.length,
      row_height: ROW_HEIGHT,
      row_headers: rows.map((_, index) => [(y0 + index + 1).toLocaleString('en')]),
      num_row_headers: 1,
      num_column_headers: 1,
      column_headers: shown.map((column) => [column.name]),
      data: shown.map((column, index) =>
        rows.map((row) => cellText(row[this.positions[x0 + index]!] ?? null, column.type)),
      ),
    };
  }

  /** Runs after every draw: regular-table reuses cells, so every attribute is set again. */
  private decorate(): void {
    const table = this.node.querySelector('table');
    if (!table) return;
    set(table, {
      role: 'grid',
      'aria-label': 'Results',
      'aria-rowcount': this.rowCount + 1,
      'aria-colcount': this.columns.length + 1,
      'aria-multiselectable': 'true',
    });
    for (const section of table.querySelectorAll('thead, tbody')) section.setAttribute('role', 'rowgroup');
    const rectangle = toRectangle(this.selection);
    let stop: HTMLElement | undefined;
    let view: typeof this.view | undefined;
    for (const cell of table.querySelectorAll<HTMLElement>('th, td')) {
      const meta = this.node.getMeta(cell);
      if (!meta) continue;
      if (meta.type === 'body') {
        view ??= { top: meta.y0, bottom: meta.y1, left: meta.x0, right: meta.x1 };
        const place = { row: meta.y, column: meta.x };
        const column = this.columns[meta.x];
        const value = column && this.values.get(meta.y)?.[this.positions[meta.x]!];
        set(cell, {
          role: 'gridcell',
          'aria-colindex': meta.x + 2,
          'aria-selected': contains(rectangle, place),
          tabindex: -1,
        });
        cell.parentElement!.setAttribute('role', 'row');
        cell.parentElement!.setAttribute('aria-rowindex', String(meta.y + 2));
        cell.className = [
          column && isNumeric(column) ? 'number' : '',
          value === null && column?.type !== 'string' ? 'null' : '',
          column?.attribution ? 'attribution' : '',
          contains(rectangle, place) ? 'selected' : '',
          same(place, this.selection.active) ? 'active' : '',
        ]
          .join(' ')
          .trim();
        if (same(place, this.selection.active)) stop = cell;
      } else if (meta.type === 'column_header') {
        this.decorateHeader(cell, meta.x);
        if (same({ row: -1, column: meta.x }, this.selection.active)) stop = cell;
      } else if (meta.type === 'row_header') {
        set(cell, { role: 'rowheader', 'aria-colindex': 1, tabindex: -1 });
      } else {
        set(cell, { role: 'columnheader', 'aria-colindex': 1, 'aria-label': 'Row number', tabindex: -1 });
        (cell.firstElementChild ?? cell).textContent = '#';
        cell.parentElement!.setAttribute('role', 'row');
        cell.parentElement!.setAttribute('aria-rowindex', '1');
      }
    }
    if (view) this.view = view;
    // One tab stop: the active cell where it is in view, else the grid itself, which takes the same keys.
    this.node.tabIndex = stop ? -1 : 0;
    if (stop) stop.tabIndex = 0;
    // A draw may have taken the focused cell out of the page, which drops the focus to the body.
    const mine =
      this.focusWanted ||
      this.node.contains(document.activeElement) ||
      (this.focused && document.activeElement === document.body);
    if (mine) (stop ?? this.node).focus({ preventScroll: true });
    if (stop) this.focusWanted = false;
  }

  private decorateHeader(cell: HTMLElement, index: number): void {
    const column = this.columns[index];
    if (!column) return;
    const sort = this.sorts.find(({ column: name }) => name === column.name);
    const direction = sort ? (sort.descending ? 'descending' : 'ascending') : 'none';
    set(cell, {
      role: 'columnheader',
      'aria-colindex': index + 2,
      'aria-sort': direction,
      tabindex: -1,
      'data-column': index,
      title: `${column.name}: ${column.type}${column.attribution ? '' : `, in ${column.presentIn} workspaces`}`,
      'aria-haspopup': 'menu',
    });
    cell.classList.toggle('active', same({ row: -1, column: index }, this.selection.active));
    cell.classList.toggle('number', isNumeric(column));
    cell.classList.toggle('attribution', column.attribution === true);
    cell.parentElement!.setAttribute('role', 'row');
    cell.parentElement!.setAttribute('aria-rowindex', '1');
  }

  private listen(): void {
    this.node.addEventListener('focusin', () => {
      this.focused = true;
    });
    this.node.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && !this.node.contains(event.relatedTarget)) this.focused = false;
    });
    document.addEventListener(
      'mousedown',
      (event) => {
        if (!this.node.contains(event.target as Node)) this.focused = false;
      },
      true,
    );
    this.node.addEventListener('keydown', (event) => {
      this.key(event);
    });
    this.node.addEventListener('mousedown', (event) => {
      const place = this.placeOf(event.target);
      if (!place || event.button !== 0 || isResizeHandle(event.target)) return;
      this.dragging = place.row >= 0;
      this.select(event.shiftKey ? this.selection.anchor : place, place);
      event.preventDefault();
      this.focusWanted = true;
      this.decorate();
    });
    this.node.addEventListener('mouseover', (event) => {
      const place = this.dragging && event.buttons === 1 ? this.placeOf(event.target) : undefined;
      if (place && place.row >= 0) {
        this.select(this.selection.anchor, place);
        this.decorate();
      }
    });
    window.addEventListener('mouseup', () => {
      this.dragging = false;
    });
    this.node.addEventListener('click', (event) => {
      const place = this.placeOf(event.target);
      if (place?.row === -1 && !isResizeHandle(event.target)) this.events.sort(this.columns[place.column]!);
    });
    this.node.addEventListener('dblclick', (event) => {
      const place = this.placeOf(event.target);
      if (place && place.row >= 0) this.openCell(place);
    });
    this.node.addEventListener('contextmenu', (event) => {
      const place = this.placeOf(event.target);
      if (!place) return;
      event.preventDefault();
      if (place.row === -1 || !contains(toRectangle(this.selection), place)) {
        this.select(place, place);
        this.decorate();
      }
      this.openMenu(place, event.target as HTMLElement);
    });
  }

  private key(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const control = event.ctrlKey || event.metaKey;
    const { active, anchor } = this.selection;
    const page = Math.max(1, Math.floor(this.view.bottom - this.view.top) - 2);
    const handled = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (control && key.toLowerCase() === 'c') {
      this.events.copy(this.rectangle(), shiftKey);
      handled();
      return;
    }
    if (control && key.toLowerCase() === 'a') {
      this.select({ row: 0, column: 0 }, { row: this.rowCount - 1, column: this.columns.length - 1 });
      this.decorate();
      handled();
      return;
    }
    if (key === 'ContextMenu' || (shiftKey && key === 'F10')) {
      const cell = this.cellAt(active);
      if (cell) this.openMenu(active, cell);
      handled();
      return;
    }
    if (key === 'Enter' || key === ' ') {
      if (active.row === -1) this.events.sort(this.columns[active.column]!);
      else this.openCell(active);
      handled();
      return;
    }
    const to = moveActive(
      active,
      { key, control, shift: shiftKey },
      { rows: this.rowCount, columns: this.columns.length, page },
    );
    if (!to) return;
    this.select(shiftKey && to.row >= 0 ? anchor : to, to);
    this.focusWanted = true;
    void this.reveal(to);
    handled();
  }

  private select(anchor: CellPlace, active: CellPlace): void {
    this.selection = { anchor, active };
    this.events.selected(toRectangle(this.selection));
  }

  /**
   * Scrolls the least that shows the cell, then draws. Heights are compressed past ten million pixels, so rows go by
   * share, not by pixel.
   */
  private async reveal({ row, column }: CellPlace): Promise<void> {
    // A key pressed while the last one still scrolls wins.
    const turn = ++this.turn;
    const shown = Math.max(1, Math.floor(this.view.bottom - this.view.top) - 1);
    const first = row < this.view.top ? row : row >= this.view.top + shown - 1 ? row - shown + 2 : undefined;
    if (first !== undefined && row >= 0) {
      const scrollable = Math.max(1, this.rowCount - (this.node.clientHeight / ROW_HEIGHT - 1));
      this.node.scrollTop = Math.ceil(
        (Math.max(0, first) / scrollable) * (this.node.scrollHeight - this.node.clientHeight),
      );
    }
    if (column <= this.view.left) await this.scrollToColumn(column);
    else if (!this.headerInView(column)) {
      await this.scrollToColumn(Math.max(0, column - Math.max(0, this.view.right - this.view.left - 3)));
      // Widths of columns never drawn are guesses: each try learns more of them.
      for (let tries = 0; tries < 8 && turn === this.turn && !this.headerInView(column); tries++)
        await this.scrollToColumn(column);
    }
    if (turn !== this.turn) return;
    await this.node.draw({ invalid_viewport: true });
  }

  private headerInView(column: number): boolean {
    const header = this.node.querySelector(`th[data-column="${column}"]`)?.getBoundingClientRect();
    return header !== undefined && header.right <= this.node.getBoundingClientRect().left + this.node.clientWidth;
  }

  private async scrollToColumn(column: number): Promise<void> {
    const top = this.node.scrollTop;
    const ready = this.node.scrollToCell(column, 0);
    this.node.scrollTop = top;
    await ready;
  }

  private openCell(place: CellPlace): void {
    const column = this.columns[place.column];
    const row = this.values.get(place.row);
    if (column && row) this.events.open(column, row[this.positions[place.column]!] ?? null, place.row);
  }

  private openMenu(place: CellPlace, at: HTMLElement): void {
    const column = this.columns[place.column];
    if (!column) return;
    if (place.row === -1) this.events.menu(column, at);
    else this.events.cellMenu(column, this.values.get(place.row)?.[this.positions[place.column]!] ?? null, at);
  }

  private placeOf(target: EventTarget | null): CellPlace | undefined {
    const cell = target instanceof HTMLElement ? target.closest<HTMLElement>('td, th') : null;
    const meta = cell ? this.node.getMeta(cell) : undefined;
    if (meta?.type === 'body') return { row: meta.y, column: meta.x };
    return meta?.type === 'column_header' ? { row: -1, column: meta.x } : undefined;
  }

  private cellAt(place: CellPlace): HTMLElement | undefined {
    return [...this.node.querySelectorAll<HTMLElement>('td, th')].find((cell) => {
      const at = this.placeOf(cell);
      return at && same(at, place);
    });
  }
}

function isResizeHandle(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.classList.contains('rt-column-resize');
}
function same(left: CellPlace, right: CellPlace): boolean {
  return left.row === right.row && left.column === right.column;
}
function set(node: Element, attributes: Record<string, string | number | boolean>): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}
