import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { ExportFormat } from '../../model/exportFormat.ts';
import type { Column } from '../../model/kqlType.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { toCell } from './cells.ts';
import { markdownHead, markdownParagraphs, markdownRow } from './markdownFormat.ts';
import { csvLine, csvRow, jsonRow } from './textFormats.ts';

/**
 * Writes rows as text to `path`, in Markdown `about` after them. Rejects with what the system said, or what the rows
 * did.
 */
export async function writeTextFile(
  path: string,
  format: Extract<ExportFormat, 'csv' | 'json' | 'md'>,
  columns: readonly Column[],
  chunks: AsyncIterable<readonly PhysicalValue[][]>,
  about: readonly string[],
): Promise<void> {
  const file = createWriteStream(path, { encoding: 'utf8' });
  let failure: Error | undefined;
  file.on('error', (error) => {
    failure ??= error;
  });
  try {
    for await (const text of textOf(format, columns, chunks, about)) {
      if (failure) throw failure;
      if (text !== '' && !file.write(text) && !file.destroyed) await untilWritable(file);
    }
    file.end();
    if (!file.closed) await once(file, 'close');
    if (failure) throw failure;
  } catch (error) {
    file.destroy();
    throw failure ?? error;
  }
}

async function* textOf(
  format: 'csv' | 'json' | 'md',
  columns: readonly Column[],
  chunks: AsyncIterable<readonly PhysicalValue[][]>,
  about: readonly string[],
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns.map((column) => column.name));
  else yield format === 'json' ? '[' : markdownHead(columns);
  let before = '\n';
  for await (const chunk of chunks) {
    const texts = chunk.map((values) => {
      const row = values.map((value, at) => toCell(columns[at]!.type, value));
      if (format === 'csv') return csvRow(columns, row);
      if (format === 'md') return markdownRow(row);
      const text = before + jsonRow(columns, row);
      before = ',\n';
      return text;
    });
    yield texts.join('');
  }
  if (format === 'json') yield '\n]\n';
  if (format === 'md') yield markdownParagraphs(about);
}

/** Until what was written has gone, or will never go. */
export function untilWritable(file: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error']) file.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) file.on(event, done);
  });
}
