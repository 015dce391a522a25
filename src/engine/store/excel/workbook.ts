import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { AppError } from '../../../base/errors.ts';
import type { Column, KqlType } from '../../../model/kqlType.ts';
import type { PhysicalValue } from '../../functions/contract.ts';
import { Losses, STYLES, cellXml, columnLetters, textXml } from './cells.ts';
import { SHEET_END, sentenceSheet, sheetPart, sheetStart, workbookParts } from './parts.ts';

/** What a sheet of Excel holds. */
const SHEET_ROWS = 1_048_576;
const SHEET_COLUMNS = 16_384;
/** Rows that are made to one piece of text. */
const STEP = 500;
/** Widths of columns by type, in characters; a longer name widens its own up to the greatest. */
const WIDTHS: Partial<Record<KqlType, number>> = { datetime: 24, guid: 38, string: 28, dynamic: 40 };
const MOST_WIDTH = 60;

/**
 * Writes rows as a workbook of Excel, streamed: as many sheets of rows as it takes, each with the column names frozen
 * above, then a sheet that says what the rows are (`about`) and what could not be kept. Returns the latter. Rejects
 * with `input.exportColumns` for more columns than a sheet has. `sheetRows` is what a sheet holds, its head included.
 */
export async function writeWorkbook(
  path: string,
  columns: readonly Column[],
  chunks: AsyncIterable<readonly PhysicalValue[][]>,
  about: readonly string[],
  sheetRows = SHEET_ROWS,
): Promise<readonly string[]> {
  if (columns.length > SHEET_COLUMNS)
    throw new AppError(
      'input.exportColumns',
      `A sheet of Excel has ${SHEET_COLUMNS.toLocaleString('en-US')} columns, the answer ${columns.length.toLocaleString('en-US')}. Choose another format, or project fewer columns.`,
    );
  const losses = new Losses();
  const rows = new RowTexts(columns, chunks, losses, sheetRows);
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => {
    zip.on('error', reject);
  });
  const stopping = new AbortController();
  const written = pipeline(zip.outputStream, createWriteStream(path), { signal: stopping.signal });
  // Told by the races below, or by the end.
  for (const one of [failed, written]) one.catch(() => undefined);
  try {
    const sheets: string[] = [];
    do {
      const sheet = Readable.from(rows.sheet());
      zip.addReadStream(sheet, sheetPart(sheets.push(sheets.length === 0 ? 'Rows' : `Rows ${sheets.length + 1}`)));
      await Promise.race([finished(sheet), failed, written]);
    } while (!rows.ended);
    const notes = [
      ...(sheets.length > 1
        ? [
            `Excel: the rows go on over ${sheets.length} sheets, because one holds ${sheetRows.toLocaleString('en-US')}.`,
          ]
        : []),
      ...losses.notes(),
    ];
    const last = sentenceSheet(['Times are in UTC.', ...about, ...notes]);
    zip.addBuffer(Buffer.from(last), sheetPart(sheets.push('About')));
    for (const [name, text] of workbookParts(sheets)) zip.addBuffer(Buffer.from(text), name);
    zip.end();
    await Promise.race([written, failed]);
    return notes;
  } catch (error) {
    stopping.abort();
    // The file is closed before somebody removes it: Windows keeps what is open.
    await written.catch(() => undefined);
    throw error;
  }
}

/** Rows as the text of sheets, one sheet after the other, taken from their chunks as they are needed. */
class RowTexts {
  ended = false;
  private readonly columns: readonly (Column & { readonly letters: string })[];
  private readonly chunks: AsyncIterator<readonly PhysicalValue[][]>;
  private readonly losses: Losses;
  private readonly sheetRows: number;
  private chunk: readonly PhysicalValue[][] = [];
  private at = 0;

  constructor(
    columns: readonly Column[],
    chunks: AsyncIterable<readonly PhysicalValue[][]>,
    losses: Losses,
    sheetRows: number,
  ) {
    this.columns = columns.map((column, i) => ({ ...column, letters: columnLetters(i) }));
    this.chunks = chunks[Symbol.asyncIterator]();
    this.losses = losses;
    this.sheetRows = sheetRows;
  }

  async *sheet(): AsyncGenerator<string> {
    const { columns } = this;
    const widths = columns.map(({ name, type }) => Math.min(MOST_WIDTH, Math.max(name.length + 2, WIDTHS[type] ?? 14)));
    const head = columns.map(({ name, letters }) => textXml(`${letters}1`, name, STYLES.head));
    yield `${sheetStart(widths, true)}<row r="1">${head.join('')}</row>`;
    for (let row = 2; row <= this.sheetRows && (await this.more());) {
      const texts: string[] = [];
      const end = Math.min(this.chunk.length, this.at + Math.min(STEP, this.sheetRows + 1 - row));
      for (; this.at < end; this.at++, row++) texts.push(this.row(row, this.chunk[this.at]!));
      yield texts.join('');
    }
    // Only so a sheet that is just full is the last one where there are no more rows.
    await this.more();
    yield SHEET_END;
  }

  private row(number: number, values: readonly PhysicalValue[]): string {
    const cells = values.map((value, i) => {
      const { letters, type } = this.columns[i]!;
      return cellXml(`${letters}${number}`, type, value, this.losses);
    });
    return `<row r="${number}">${cells.join('')}</row>`;
  }

  /** Whether there is a row at `at`. */
  private async more(): Promise<boolean> {
    while (!this.ended && this.at >= this.chunk.length) {
      const next = await this.chunks.next();
      this.at = 0;
      if (next.done) {
        this.ended = true;
        this.chunk = [];
      } else this.chunk = next.value;
    }
    return !this.ended;
  }
}
