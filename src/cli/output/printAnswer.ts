import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { QueryAnswer, QueryResult } from '../../engine/face.ts';
import { csvLine, csvRow, jsonRow } from '../../engine/store/textFormats.ts';
import { ordinaryFile, outError, putData, writeOut } from './outFile.ts';
import type { Put } from './outFile.ts';
import { safeText } from './safeText.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** The forms in which an answer of the local engine can be printed. */
export const PRINT_FORMATS = ['table', 'json', 'csv'] as const;
/** One of `PRINT_FORMATS`. */
export type PrintFormat = (typeof PRINT_FORMATS)[number];

/** How, and where to, an answer is printed. */
export interface Printing {
  readonly format: PrintFormat;
  /** A file instead of standard output. */
  readonly out?: string | undefined;
  /** Rows of a table; the other formats are never cut. */
  readonly limit: number;
  readonly signal?: CancelSignal;
}

/** Rows in memory at a time. */
const PAGE = 10_000;

/** An answer of the local engine as text: JSON is one array, or an object of arrays where there are several tables. */
export async function printAnswer(
  answer: QueryAnswer,
  printing: Printing,
  terminal: Pick<Terminal, 'write' | 'writeBytes' | 'say' | 'width' | 'colours'>,
): Promise<void> {
  await writeOut(printing.out, terminal, (put) => putAnswer(answer, printing, put, terminal));
}

async function putAnswer(
  answer: QueryAnswer,
  { format, out, limit, signal }: Printing,
  put: Put,
  terminal: Pick<Terminal, 'say' | 'width' | 'colours'>,
): Promise<void> {
  const data = putData(put, out, terminal);
  const several = answer.tables.length > 1;
  for (const [n, table] of answer.tables.entries()) {
    if (format === 'table') {
      if (several) await put(`${n > 0 ? '\n' : ''}${safeText(table.name)}\n`);
      await put(
        formatTable(
          table.columns,
          await table.rows(0, limit),
          out === undefined ? { width: terminal.width, colours: terminal.colours } : {},
        ),
      );
      if (table.rowCount > limit)
        terminal.say(
          `The first ${limit.toLocaleString('en-US')} of ${table.rowCount.toLocaleString('en-US')} rows. Use --limit, or --format csv for all of them.`,
        );
    } else if (format === 'csv') {
      await data(`${n > 0 ? '\r\n' : ''}${csvLine(table.columns.map((column) => column.name))}`);
      for await (const rows of pagesOf(table, signal))
        await data(rows.map((row) => csvRow(table.columns, row)).join(''));
    } else {
      await data(several ? `${n === 0 ? '{' : ',\n'}${JSON.stringify(table.name)}:[` : '[');
      let first = true;
      for await (const rows of pagesOf(table, signal)) {
        await data(rows.map((row, i) => `${first && i === 0 ? '\n' : ',\n'}${jsonRow(table.columns, row)}`).join(''));
        first = false;
      }
      await data(several ? `\n]${n === answer.tables.length - 1 ? '}\n' : ''}` : '\n]\n');
    }
  }
}

/** A Parquet file holds one table. */
export async function writeAnswerParquet(answer: QueryAnswer, out: string, signal?: CancelSignal): Promise<void> {
  const [table] = answer.tables;
  if (answer.tables.length !== 1 || !table)
    throw new AppError('input.usage', `The answer has ${answer.tables.length} tables; a Parquet file holds one.`);
  const place = await ordinaryFile(out);
  const { writeParquet } = await import('../../engine/store/parquet.ts');
  try {
    await writeParquet(place, table.columns, pagesOf(table, signal), signal);
  } catch (error) {
    throw error instanceof AppError ? error : outError(out, error);
  }
}

async function* pagesOf(
  table: QueryResult,
  signal?: CancelSignal,
): AsyncGenerator<Awaited<ReturnType<QueryResult['rows']>>> {
  for (let first = 0; first < table.rowCount; first += PAGE) {
    if (signal?.aborted) throw cancelled();
    yield await table.rows(first, PAGE);
  }
}
