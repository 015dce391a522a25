import type { RegularTableElement } from 'regular-table';
import type { GridView } from './drawing.ts';
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
   * share, not by pixel. `lookAt` gives the view as the last draw left it.
   */
  async reveal({ row, column }: CellPlace, rowCount: number, lookAt: () => GridView): Promise<void> {
    // A key pressed while the last one still scrolls wins.
    const turn = ++this.turn;
    this.scrollToRow(row, rowCount, lookAt());
    if (column <= lookAt().left) await this.scrollToColumn(column);
    else if (!this.headerInView(column)) {
      const { left, right } = lookAt();
      await this.scrollToColumn(Math.max(0, column - Math.max(0, right - left - 3)));
      // Widths of columns never drawn are guesses: each try learns more of them.
      for (let tries = 0; tries < COLUMN_TRIES && turn === this.turn && !this.headerInView(column); tries++)
        await this.scrollToColumn(column);
    }
    if (turn === this.turn) await this.node.draw({ invalid_viewport: true });
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

  private async scrollToColumn(column: number): Promise<void> {
    const top = this.node.scrollTop;
    const ready = this.node.scrollToCell(column, 0);
    this.node.scrollTop = top;
    await ready;
  }
}
