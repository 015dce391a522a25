import 'regular-table';
import type { RegularTableElement } from 'regular-table';
import type { Disposable } from '../../base/disposable.ts';
import { cellText } from './cellText.ts';
import { decorateTable } from './drawing.ts';
import type { GridView } from './drawing.ts';
import { FocusKeeper } from './focusKeeper.ts';
import { clampPlace, findValue } from './gridData.ts';
import type { GridData, GridEvents } from './gridData.ts';
import { toGridCommand } from './keys.ts';
import { findCell, listenToPointer } from './pointer.ts';
import { GridScroller } from './scrolling.ts';
import { contains, moveActive, toRectangle } from './selection.ts';
import type { CellPlace, GridKey, Rectangle } from './selection.ts';
import { ROW_HEIGHT, fitColumns, resizeColumn } from './sizing.ts';
import type { MergedColumn } from '../../model/run.ts';

type Windows = Parameters<RegularTableElement['setDataListener']>[0];

const ORIGIN: CellPlace = { row: 0, column: 0 };

/**
 * The results grid: regular-table draws the cells that are in view, this adds what makes them a grid to a keyboard and
 * a screen reader (roles, indexes, one tab stop, selection).
 */
export class Grid implements Disposable {
  private readonly node: RegularTableElement;
  private readonly events: GridEvents;
  private readonly focusKeeper: FocusKeeper;
  private readonly scroller: GridScroller;
  private readonly sizes: ResizeObserver;
  /** Ends the listeners outside the element. */
  private readonly ended = new AbortController();
  private data: GridData = {
    columns: [],
    positions: [],
    rowCount: 0,
    sorts: [],
    selection: { anchor: ORIGIN, active: ORIGIN },
    values: new Map(),
  };
  private view: GridView = { top: 0, bottom: 0, left: 0, right: 0 };

  /** Makes a grid of an empty `regular-table` element. */
  constructor(node: RegularTableElement, events: GridEvents) {
    this.node = node;
    this.events = events;
    this.node.setDataListener((...edges) => this.window(...edges), { virtual_mode: 'both' });
    this.node.addStyleListener(() => {
      this.decorate();
    });
    this.focusKeeper = new FocusKeeper(this.node, this.ended.signal);
    this.scroller = new GridScroller(this.node);
    this.listen();
    // A taller panel shows more rows at once; regular-table itself looks only when it is scrolled.
    this.sizes = new ResizeObserver(() => {
      if (this.data.columns.length > 0) this.redraw();
    });
    this.sizes.observe(this.node);
  }

  /** Stops listening; the element goes with the page's part that made it. */
  dispose(): void {
    this.ended.abort();
    this.sizes.disconnect();
  }

  /** Shows another shape or order; the selection stays as far as its cells still exist. */
  show(shape: Pick<GridData, 'columns' | 'positions' | 'rowCount' | 'sorts'>): void {
    const { anchor, active } = this.data.selection;
    this.data = {
      ...this.data,
      ...shape,
      selection: { anchor: clampPlace(anchor, shape), active: clampPlace(active, shape) },
    };
    this.redraw();
  }

  /** The selected cells, at least one. */
  rectangle(): Rectangle {
    return toRectangle(this.data.selection);
  }

  /** Moves the focus to the active cell, wherever it is. */
  focus(): void {
    this.focusKeeper.want();
    this.reveal();
  }

  /** Back to the first cell, for other rows. */
  toTop(): void {
    this.node.scrollTop = 0;
    this.data = { ...this.data, selection: { anchor: ORIGIN, active: ORIGIN } };
  }

  /** Makes a column wider or narrower by a share of its present width; 0 fits all to their content. */
  resize(column: MergedColumn, factor: number): void {
    if (factor === 0) fitColumns(this.node);
    else {
      const index = this.data.columns.findIndex(({ name }) => name === column.name);
      resizeColumn(this.node, index, factor);
    }
    this.redraw();
  }

  private redraw(): void {
    void this.node.draw({ invalid_viewport: true });
  }

  /** The text of the cells in columns [x0, x1) and rows [y0, y1), as regular-table wants them. */
  private async window(x0: number, y0: number, x1: number, y1: number): ReturnType<Windows> {
    const shown = this.data.columns.slice(x0, x1);
    const rows = await this.events.rows(y0, Math.min(y1, this.data.rowCount));
    this.data = { ...this.data, values: new Map(rows.map((row, index) => [y0 + index, row])) };
    const { rowCount, columns, positions } = this.data;
    return {
      num_rows: rowCount,
      num_columns: columns.length,
      row_height: ROW_HEIGHT,
      row_headers: rows.map((_, index) => [(y0 + index + 1).toLocaleString('en')]),
      num_row_headers: 1,
      num_column_headers: 1,
      column_headers: shown.map((column) => [column.name]),
      data: shown.map((column, index) => rows.map((row) => cellText(row[positions[x0 + index]!] ?? null, column.type))),
    };
  }

  private decorate(): void {
    const { view, active } = decorateTable(this.node, this.data);
    if (view) this.view = view;
    this.focusKeeper.settle(active);
  }

  private listen(): void {
    this.node.addEventListener('keydown', (event) => {
      if (!this.key(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    listenToPointer(this.node, this.ended.signal, {
      press: (place, extend) => {
        this.focusKeeper.want();
        this.select(extend ? this.data.selection.anchor : place, place);
        this.decorate();
      },
      drag: (place) => {
        this.select(this.data.selection.anchor, place);
        this.decorate();
      },
      sort: (place) => {
        this.events.sort(this.data.columns[place.column]!);
      },
      open: (place) => {
        this.openCell(place);
      },
      menu: (place, at) => {
        if (place.row === -1 || !contains(this.rectangle(), place)) {
          this.select(place, place);
          this.decorate();
        }
        this.openMenu(place, at);
      },
    });
  }

  /** Returns whether the key was one of the grid's. */
  private key(event: KeyboardEvent): boolean {
    const command = toGridCommand(event);
    const { active } = this.data.selection;
    switch (command.kind) {
      case 'copy':
        this.events.copy(this.rectangle(), command.withHeaders);
        return true;
      case 'selectAll':
        this.select(ORIGIN, { row: this.data.rowCount - 1, column: this.data.columns.length - 1 });
        this.decorate();
        return true;
      case 'menu': {
        const cell = findCell(this.node, active);
        if (cell) this.openMenu(active, cell);
        return true;
      }
      case 'activate':
        if (active.row === -1) this.events.sort(this.data.columns[active.column]!);
        else this.openCell(active);
        return true;
      case 'move':
        return this.move(command.key);
    }
  }

  private move(key: GridKey): boolean {
    const { rowCount, columns, selection } = this.data;
    const page = Math.max(1, Math.floor(this.view.bottom - this.view.top) - 2);
    const to = moveActive(selection.active, key, { rows: rowCount, columns: columns.length, page });
    if (!to) return false;
    this.select(key.shift && to.row >= 0 ? selection.anchor : to, to);
    this.focusKeeper.want();
    this.reveal();
    return true;
  }

  private select(anchor: CellPlace, active: CellPlace): void {
    this.data = { ...this.data, selection: { anchor, active } };
  }

  private reveal(): void {
    void this.scroller.reveal(this.data.selection.active, this.data.rowCount, () => this.view);
  }

  private openCell(place: CellPlace): void {
    const column = this.data.columns[place.column];
    const value = findValue(this.data, place);
    if (column && value !== undefined) this.events.open(column, value, place.row);
  }

  private openMenu(place: CellPlace, at: HTMLElement): void {
    const column = this.data.columns[place.column];
    if (!column) return;
    if (place.row === -1) this.events.menu(column, at);
    else this.events.cellMenu(column, findValue(this.data, place) ?? null, at);
  }
}
