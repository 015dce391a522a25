const QUOTE = 34,
  BACKSLASH = 92,
  OPEN_BRACE = 123,
  OPEN_BRACKET = 91,
  CLOSE_BRACE = 125,
  CLOSE_BRACKET = 93;
/** Depths of `{"tables":[{"rows":[[` from the root: what a key may stand at, and a table's rows. */
const ROOT = 1,
  TABLE = 3,
  ROWS = 4;
/** No key that counts is longer. */
const KEY_BYTES = 16;

/**
 * Where the rows of one table lie in the body: from behind the opening bracket to before the closing one, and the ends
 * of its pages.
 */
export interface RowsPlace {
  readonly start: number;
  end: number;
  count: number;
  readonly pageEnds: number[];
}

/**
 * Finds the rows of an answer's tables in its bytes, piece by piece, without reading them: some 100 MB in a tenth of a
 * second. Only brackets and strings are looked at; what is between them is for JSON.parse to judge.
 */
export class BodyScan {
  readonly tables: RowsPlace[] = [];
  private readonly pageRows: number;
  private offset = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** The last string at the depth of a key: the key, where a bracket opens behind it. */
  private word = '';
  private rootKey = '';
  private rows: RowsPlace | undefined;

  constructor(pageRows: number) {
    this.pageRows = pageRows;
  }

  push(piece: Uint8Array): void {
    const length = piece.length;
    for (let i = 0; i < length; i++) {
      const c = piece[i]!;
      if (this.inString) {
        const isKey = this.depth === ROOT || this.depth === TABLE;
        if (this.escaped) {
          this.escaped = false;
          continue;
        }
        if (!isKey) {
          // Most bytes of a body are in the strings of its rows.
          while (i < length && piece[i] !== QUOTE && piece[i] !== BACKSLASH) i++;
          if (i === length) break;
        }
        const d = piece[i]!;
        if (d === BACKSLASH) this.escaped = true;
        else if (d === QUOTE) this.inString = false;
        else if (this.word.length < KEY_BYTES) this.word += String.fromCharCode(d);
      } else if (c === QUOTE) {
        this.inString = true;
        if (this.depth === ROOT || this.depth === TABLE) this.word = '';
      } else if (c === OPEN_BRACKET || c === OPEN_BRACE) this.open(c, i);
      else if (c === CLOSE_BRACKET || c === CLOSE_BRACE) this.close(i);
    }
    this.offset += length;
  }

  private open(c: number, i: number): void {
    if (this.depth === ROOT) this.rootKey = this.word;
    if (this.depth === TABLE && c === OPEN_BRACKET && this.word === 'rows' && this.rootKey === 'tables') {
      this.tables.push((this.rows = { start: this.offset + i + 1, end: -1, count: 0, pageEnds: [] }));
    }
    this.depth++;
  }

  private close(i: number): void {
    this.depth--;
    const { rows } = this;
    if (!rows) return;
    if (this.depth === ROWS) {
      if (++rows.count % this.pageRows === 0) rows.pageEnds.push(this.offset + i + 1);
    } else if (this.depth === TABLE) {
      rows.end = this.offset + i;
      if (rows.pageEnds.at(-1) !== rows.end && rows.count % this.pageRows !== 0) rows.pageEnds.push(rows.end);
      this.rows = undefined;
    }
  }
}
