import type { RowCell, RowWindow } from '../../model/rows.ts';

/** Rows that are asked for, and kept or forgotten, together. */
export const BLOCK_ROWS = 200;
const KEPT_BLOCKS = 40;

/**
 * Fetches rows in blocks, keeps the latest few, asks for each block once, and forgets everything when the question
 * changes.
 */
export class RowCache {
  private blocks = new Map<number, Promise<RowWindow>>();
  private readonly fetch: (first: number, count: number) => Promise<RowWindow>;

  constructor(fetch: (first: number, count: number) => Promise<RowWindow>) {
    this.fetch = fetch;
  }

  clear(): void {
    this.blocks = new Map();
  }

  /** Forgets blocks that may be incomplete because rows were still arriving. */
  forgetFrom(row: number): void {
    for (const block of [...this.blocks.keys()]) if ((block + 1) * BLOCK_ROWS > row) this.blocks.delete(block);
  }

  /** Rows [first, end) as far as they exist. A failed fetch is not remembered: the next look asks again. */
  async rows(first: number, end: number): Promise<readonly (readonly RowCell[])[]> {
    if (end <= first) return [];
    const wanted: Promise<RowWindow>[] = [];
    for (let block = Math.floor(first / BLOCK_ROWS); block <= Math.floor((end - 1) / BLOCK_ROWS); block++)
      wanted.push(this.block(block));
    const windows = await Promise.all(wanted);
    const start = Math.floor(first / BLOCK_ROWS) * BLOCK_ROWS;
    return windows.flatMap((window) => window.rows).slice(first - start, end - start);
  }

  private block(index: number): Promise<RowWindow> {
    const blocks = this.blocks;
    const known = blocks.get(index);
    if (known) {
      blocks.delete(index);
      blocks.set(index, known);
      return known;
    }
    const asked = this.fetch(index * BLOCK_ROWS, BLOCK_ROWS);
    blocks.set(index, asked);
    asked.catch(() => {
      if (blocks.get(index) === asked) blocks.delete(index);
    });
    for (const oldest of blocks.keys()) {
      if (blocks.size <= KEPT_BLOCKS) break;
      blocks.delete(oldest);
    }
    return asked;
  }
}
