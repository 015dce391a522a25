import type { Cell, Column } from '../../model/kqlType.ts';
import type { WindowKey } from '../../model/rollup.ts';
import { KeyCounts } from './keyCounts.ts';

/** A hash of a text as hexadecimal digits, 32 of them at least; the same everywhere and for ever. */
export type Digest = (text: string) => string;

/**
 * The keys of one window's rows: of equal windows with equal rows the same, in whatever order and however many pieces
 * they come. Equal rows are told apart by how many came before. Holds some twenty bytes for each different row.
 */
export class RowKeys {
  private readonly seen = new KeyCounts();
  private readonly digest: Digest;
  private readonly window: string;
  private readonly places: readonly number[];

  /** `key` names the columns that tell rows apart; those that are not there do not count. */
  constructor(digest: Digest, window: WindowKey, columns: readonly Column[], key: readonly string[] = []) {
    this.digest = digest;
    this.window = [window.rollup, window.workspace, window.from, window.to].join('\n');
    const named = key.map((name) => columns.findIndex((column) => column.name === name)).filter((at) => at >= 0);
    this.places = named.length > 0 ? named : columns.map((_, at) => at);
  }

  next(row: readonly Cell[]): string {
    const content = this.digest(`${this.window}\n${this.places.map((at) => textOf(row[at] ?? null)).join('\n')}`);
    const before = this.seen.add(content);
    return (before === 0 ? content : this.digest(`${content}\n${before}`)).slice(0, 32);
  }
}

/** Values of different types never share a text, and no text holds a line break. */
function textOf(cell: Cell): string {
  return typeof cell === 'string' ? JSON.stringify(cell) : String(cell);
}
