import 'regular-table';
import type { RegularTableElement } from 'regular-table';
import type { Disposable } from '../../base/disposable.ts';
import { visibleText } from '../../base/visibleText.ts';
import { cellText } from './cellText.ts';
import { decorateTable } from './drawing.ts';
import type { GridView } from './drawing.ts';
import { FocusKeeper } from './focusKeeper.ts';
import { clampPlace, findValue } from './gridData.ts';
import type { GridData, GridEvents, GridShape } from './gridData.ts';
import { toGridCommand } from './keys.ts';
import { findCell } from './places.ts';
import { listenToPointer } from './pointer.ts';
import { GridScroller } from './scrolling.ts';
import { contains, moveActive, toRectangle } from './selection.ts';
import type { CellPlace, GridKey, Rectangle, Selection } from './selection.ts';
import { ROW_HEIGHT, fitColumns, measureColumns, moveWidths, resizeColumn } from './sizing.ts';
import type { RowCell } from '../../model/rows.ts';
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
    frozen: 0,
    positions: [],
    rowCount: 0,
    sorts: [],
    selection: { anchor: ORIGIN, active: ORIGIN },
    values: new Map(),
    marked: '',
  };
  private view: GridView = { top: 0, bottom: 0, left: 0, right: 0 };
  private width = 0;

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
    this.sizes = new ResizeObserver(([entry]) => {
      if (this.data.columns.length === 0) return;
      const width = entry?.contentRect.width ?? 0;
      // Frozen columns have a share of the width.
      if (width > 0 && width !== this.width) measureColumns(this.node);
      this.width = width;
      this.redraw();
    });
    this.sizes.observe(this.node);
  }

  /** Stops listening; the element goes with the page's part that made it. */
  dispose(): void {
    this.ended.abort();
    this.sizes.disconnect();
  }

  /**
   * Shows another shape or order. The active cell stays with its column wherever that is now; of a selection, what
   * still exists stays.
   */
  show(shape: GridShape): void {
    const before = this.data.columns.map(({ name }) => name);
    const after = shape.columns.map(({ name }) => name);
    const moved = before.length !== after.length || before.some((name, index) => name !== after[index]);
    const { anchor, active } = moved ? this.followed(after) : this.data.selection;
    this.data = {
      ...this.data,
      ...shape,
      selection: { anchor: clampPlace(anchor, shape), active: clampPlace(active, shape) },
    };
    if (moved) moveWidths(this.node, before, after);
    if (moved && this.focusKeeper.isHere) this.reveal();
    else this.redraw();
  }

  /** The active cell: where a search begins. */
  get active(): CellPlace {
    return this.data.selection.active;
  }

  /** Makes a cell the active one and brings it into view; the focus stays where it is. */
  goTo(place: CellPlace): void {
    this.select(place, place);
    this.reveal();
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

  /** Makes a column wider or narrower by a share of its present width. */
  resize(column: MergedColumn, factor: number): void {
    const index = this.data.columns.findIndex(({ name }) => name === column.name);
    resizeColumn(this.node, index, factor);
    this.redraw();
  }

  /** Fits all columns to their content. */
  fit(): void {
    fitColumns(this.node);
    this.redraw();
  }

  private redraw(): void {
    void this.node.draw({ invalid_viewport: true });
  }

  /** The text of the cells in columns [x0, x1) and rows [y0, y1), as regular-table wants them. */
  private async window(x0: number, y0: number, x1: number, y1: number): ReturnType<Windows> {
    const rows = await this.events.rows(y0, Math.min(y1, this.data.rowCount));
    this.data = { ...this.data, values: new Map(rows.map((row, index) => [y0 + index, row])) };
    const { rowCount, columns, frozen, positions } = this.data;
    const text = (row: readonly RowCell[], index: number): string =>
      cellText(row[positions[index]!] ?? null, columns[index]!.type);
    const stay = [...columns.slice(0, frozen).keys()];
    const scroll = columns.slice(frozen);
    return {
      num_rows: rowCount,
      num_columns: scroll.length,
      row_height: ROW_HEIGHT,
      // The number and the frozen columns; alike ones below one another stay cells of their own.
      row_headers: rows.map((row, index) => [
        (y0 + index + 1).toLocaleString('en'),
        ...stay.map((column) => text(row, column)),
      ]),
      num_row_headers: 1 + frozen,
      merge_headers: 'column',
      num_column_headers: 1,
      column_headers: scroll.slice(x0, x1).map((column) => [visibleText(column.name)]),
      data: scroll.slice(x0, x1).map((_, index) => rows.map((row) => text(row, frozen + x0 + index))),
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
    listenToPointer(this.node, this.ended.signal, () => this.data.frozen, {
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
        const cell = findCell(this.node, active, this.data.frozen);
        if (cell) this.openMenu(active, cell);
        return true;
      }
      case 'activate':
        if (active.row === -1) this.events.sort(this.data.columns[active.column]!);
        else this.openCell(active);
        return true;
      case 'filter': {
        const column = this.data.columns[active.column];
        const value = findValue(this.data, active);
        if (column && value !== undefined) this.events.filter(column, value, command.op);
        return true;
      }
      case 'arrange': {
        const column = this.data.columns[active.column];
        // Delete on a cell would seem to take its value away.
        if (!column || (command.change === 'hide' && active.row !== -1)) return false;
        this.events.arrange(column, command.change);
        return true;
      }
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
    // The first column may be a frozen one, which is in view wherever the others are scrolled to.
    if (to.column === 0 && (key.key === 'Home' || key.control)) this.node.scrollLeft = 0;
    this.reveal();
    return true;
  }

  private select(anchor: CellPlace, active: CellPlace): void {
    this.data = { ...this.data, selection: { anchor, active } };
  }

  /** The selection with its active column where that is among these names. */
  private followed(names: readonly string[]): Selection {
    const { active, anchor } = this.data.selection;
    const column = names.indexOf(this.data.columns[active.column]?.name ?? '');
    if (column === -1 || column === active.column) return { anchor, active };
    const place = { ...active, column };
    return { anchor: place, active: place };
  }

  private reveal(): void {
    void this.scroller.reveal(this.data.selection.active, this.data, () => this.view);
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
