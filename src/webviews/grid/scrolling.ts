import type { RegularTableElement } from 'regular-table';
import type { GridView } from './drawing.ts';
import type { GridData } from './gridData.ts';
import type { CellPlace } from './selection.ts';
import { ROW_HEIGHT } from './sizing.ts';

/** How often a column of unknown width is scrolled to before it is left where it is. */
const COLUMN_TRIES = 8;

/** Scrolls a grid so that a cell is in view. */
export class GridScroller {
  private readonly node: RegularTableElement;
  private turn = 0;

  constructor(node: RegularTableElement) {
    this.node = node;
  }

  /**
   * Scrolls the least that shows the cell, then draws. Heights are compressed past ten million pixels, so rows go by
   * share, not by pixel. `lookAt` gives the view as the last draw left it; a frozen column is always in it.
   */
  async reveal(
    { row, column }: CellPlace,
    { rowCount, frozen }: Pick<GridData, 'rowCount' | 'frozen'>,
    lookAt: () => GridView,
  ): Promise<void> {
    // A key pressed while the last one still scrolls wins.
    const turn = ++this.turn;
    this.scrollToRow(row, rowCount, lookAt());
    if (column >= frozen) await this.revealColumn(column, frozen, turn, lookAt);
    if (turn === this.turn) await this.node.draw({ invalid_viewport: true });
  }

  private async revealColumn(column: number, frozen: number, turn: number, lookAt: () => GridView): Promise<void> {
    const { left, right } = lookAt();
    if (column <= left) {
      await this.scrollToColumn(column - frozen);
      return;
    }
    if (this.headerInView(column)) return;
    await this.scrollToColumn(Math.max(0, column - frozen - Math.max(0, right - left - 3)));
    // Widths of columns never drawn are guesses: each try learns more of them.
    for (let tries = 0; tries < COLUMN_TRIES && turn === this.turn && !this.headerInView(column); tries++)
      await this.scrollToColumn(column - frozen);
  }

  private scrollToRow(row: number, rowCount: number, { top, bottom }: GridView): void {
    const shown = Math.max(1, Math.floor(bottom - top) - 1);
    const first = row < top ? row : row >= top + shown - 1 ? row - shown + 2 : undefined;
    if (first === undefined || row < 0) return;
    const scrollable = Math.max(1, rowCount - (this.node.clientHeight / ROW_HEIGHT - 1));
    this.node.scrollTop = Math.ceil(
      (Math.max(0, first) / scrollable) * (this.node.scrollHeight - this.node.clientHeight),
    );
  }

  private headerInView(column: number): boolean {
    const header = this.node.querySelector(`th[data-column="${column}"]`)?.getBoundingClientRect();
    return header !== undefined && header.right <= this.node.getBoundingClientRect().left + this.node.clientWidth;
  }

  /** `column` counts those that scroll. */
  private async scrollToColumn(column: number): Promise<void> {
    const top = this.node.scrollTop;
    const ready = this.node.scrollToCell(column, 0);
    this.node.scrollTop = top;
    await ready;
  }
}
