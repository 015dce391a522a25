import { setImmediate } from 'node:timers/promises';
import type { Cell } from '../../model/kqlType.ts';
import type { CellTexts } from '../../ports/rows.ts';
import { isText, readAnswer, readRows } from './answer.ts';
import { findCells } from './cellPlaces.ts';
import type { RowsPlace } from './bodyScan.ts';
import type { IncomingBody } from './incomingBody.ts';
import type { LogsAnswer, LogsTable } from '../../ports/logs.ts';

const COMMA = 44;
/** Bytes scanned between two looks at what else the process has to do: some 20 ms. */
const BREATHE_BYTES = 8_000_000;

/**
 * Reads a body that has come in. The rows of a large one stay bytes until they are asked for, page by page, and each
 * page's bytes are let go as it is read: neither its text nor all of its values are ever in memory. Takes the pieces
 * over. `toError` says what a page that is no JSON is. Throws SyntaxError for what is no answer.
 */
export async function readBody(incoming: IncomingBody, toError: (thrown: unknown) => unknown): Promise<LogsAnswer> {
  const { pieces, bytes, pageRows } = incoming;
  if (!incoming.large) return readAnswer(Buffer.concat(pieces as Uint8Array[]).toString('utf8'));
  for (let scanned = incoming.scanSome(BREATHE_BYTES); scanned; scanned = incoming.scanSome(BREATHE_BYTES))
    await setImmediate();
  const { scan } = incoming;
  const body = new Pieces(pieces);
  // What is left is a small answer whose tables have no rows.
  let [bare, at] = ['', 0];
  for (const { start, end } of scan.tables) {
    if (end < 0) throw new SyntaxError('The answer breaks off.');
    bare += body.text(at, start);
    at = end;
  }
  const answer = readAnswer(bare + body.text(at, bytes));
  if (answer.tables.length !== scan.tables.length)
    throw new SyntaxError('The rows of the answer cannot be told apart.');
  const tables = answer.tables.map((table, i): LogsTable => ({
    ...table,
    rows: new Pages(body, scan.tables[i]!, table.columns, toError, pageRows),
  }));
  return { ...answer, tables, bytes };
}

/** A body's pieces by their place in it. */
class Pieces {
  private readonly pieces: (Uint8Array | undefined)[];
  private readonly starts: number[] = [];
  private released = 0;
  constructor(pieces: (Uint8Array | undefined)[]) {
    this.pieces = pieces;
    let at = 0;
    for (const piece of pieces) {
      this.starts.push(at);
      at += piece!.length;
    }
  }

  text(from: number, to: number): string {
    const bytes = Buffer.allocUnsafe(to - from);
    this.copy(from, to, bytes);
    return bytes.toString('utf8');
  }

  /** Copies these bytes to the beginning of `target`. */
  copy(from: number, to: number, target: Uint8Array): void {
    for (let i = this.pieceAt(from); i < this.pieces.length && this.starts[i]! < to; i++) {
      const start = this.starts[i]!;
      target.set(this.pieces[i]!.subarray(Math.max(0, from - start), to - start), Math.max(0, start - from));
    }
  }

  /** Nothing before this place will be asked for again. */
  release(before: number): void {
    for (; this.released + 1 < this.pieces.length && this.starts[this.released + 1]! <= before; this.released++)
      this.pieces[this.released] = undefined;
  }

  private pieceAt(place: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The rows of one table, once. */
class Pages {
  readonly length: number;
  private readonly body: Pieces;
  private readonly place: RowsPlace;
  private readonly columns: LogsTable['columns'];
  private readonly toError: (thrown: unknown) => unknown;
  private readonly pageRows: number;

  constructor(
    body: Pieces,
    place: RowsPlace,
    columns: LogsTable['columns'],
    toError: (thrown: unknown) => unknown,
    pageRows: number,
  ) {
    this.body = body;
    this.place = place;
    this.columns = columns;
    this.toError = toError;
    this.pageRows = pageRows;
    this.length = place.count;
  }

  *pages(): Generator<(readonly Cell[])[]> {
    let [from, count] = [this.place.start, 0];
    for (const to of this.place.pageEnds) {
      const page = this.read(from, to);
      this.body.release(to);
      yield page;
      [from, count] = [to, count + page.length];
    }
    if (count !== this.length) throw this.toError(new SyntaxError('The rows of the answer cannot be told apart.'));
  }

  *texts(): Generator<CellTexts | (readonly Cell[])[]> {
    const columns = this.columns.length;
    const asText = this.columns.map(({ type }) => isText(type));
    const places = new Uint32Array(this.pageRows * columns * 2);
    let [from, count, bytes] = [this.place.start, 0, Buffer.alloc(0)];
    for (const to of this.place.pageEnds) {
      // Without the comma between rows that a page but the first begins with.
      const start = from === this.place.start ? from : from + 1;
      // One for all pages: a new one each would cost more than the copying.
      if (bytes.length < to - from) bytes = Buffer.allocUnsafe((to - from) * 2);
      this.body.copy(from, to, bytes);
      const text = bytes.subarray(start - from, to - from);
      const rows = start > from && bytes[0] !== COMMA ? undefined : findCells(text, text.length, asText, places);
      const page = rows === undefined ? this.read(from, to) : { bytes: text, places, columns, rows };
      this.body.release(to);
      yield page;
      [from, count] = [to, count + (rows ?? (page as readonly unknown[]).length)];
    }
    if (count !== this.length) throw this.toError(new SyntaxError('The rows of the answer cannot be told apart.'));
  }

  private read(from: number, to: number): (readonly Cell[])[] {
    try {
      const text = this.body.text(from, to);
      // A page but the first begins with the comma between rows.
      const comma = from === this.place.start ? 0 : /^\s*,/.exec(text)?.[0].length;
      if (comma === undefined) throw new SyntaxError('No comma between rows.');
      return readRows(`[${text.slice(comma)}]`, this.columns);
    } catch (thrown) {
      throw this.toError(thrown);
    }
  }
}
