import { rm } from 'node:fs/promises';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { ExportFormat } from '../../model/exportFormat.ts';
import type { Column } from '../../model/kqlType.ts';
import type { ExportedFile } from '../../ports/rows.ts';
import { diskReason, toDiskError } from '../database/errors.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { replaceFile } from '../replaceFile.ts';
import { toCell } from './cells.ts';
import { MARKDOWN_ROWS } from './markdownFormat.ts';
import { writeTextFile } from './textFiles.ts';

/** How rows are written. */
interface WriteOptions {
  readonly signal?: CancelSignal;
  /** Sentences about the rows, for the forms with a place for them (Markdown, Excel). */
  readonly about?: readonly string[];
  /** All rows there are, where `chunks` are only the first of them. */
  readonly total?: number;
  /** Hears how many rows have been written. */
  readonly written?: (rows: number) => void;
}

/**
 * Streams rows to a file: to a neighbour of `path` first, which takes its place when it is whole. Rejects with
 * `cancelled.*`, `input.*` or `engine.*`.
 */
export async function writeRows(
  path: string,
  format: ExportFormat,
  columns: readonly Column[],
  chunks: AsyncIterable<PhysicalValue[][]>,
  options: WriteOptions,
): Promise<ExportedFile> {
  const partial = `${path}.${process.pid}.partial`;
  let rows = 0;
  async function* told(): AsyncGenerator<PhysicalValue[][]> {
    for await (const chunk of chunks) {
      if (options.signal?.aborted) throw cancelled();
      yield chunk;
      rows += chunk.length;
      options.written?.(rows);
    }
  }
  try {
    const notes = await writeFormat(partial, format, columns, told(), options);
    if (options.signal?.aborted) throw cancelled();
    await replaceFile(partial, path);
    return { rows, notes };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw toExportError(error);
  }
}

/** What each form could not keep as it is, in sentences. The heavy ones are loaded when they are asked for. */
async function writeFormat(
  path: string,
  format: ExportFormat,
  columns: readonly Column[],
  chunks: AsyncIterable<PhysicalValue[][]>,
  options: WriteOptions,
): Promise<readonly string[]> {
  if (format === 'xlsx') {
    const { writeWorkbook } = await import('./excel/workbook.ts');
    return writeWorkbook(path, columns, chunks, options.about ?? []);
  }
  if (format === 'parquet') {
    const { writeParquetFile } = await import('./parquet.ts');
    return (await writeParquetFile(path, columns, cellsOf(columns, chunks), options.signal)).notes;
  }
  const { total = 0, about = [] } = options;
  const notes =
    format === 'md' && total > MARKDOWN_ROWS
      ? [
          `These are the first ${MARKDOWN_ROWS.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows; the other formats hold all of them.`,
        ]
      : [];
  await writeTextFile(path, format, columns, chunks, [...notes, ...about]);
  return notes;
}

async function* cellsOf(
  columns: readonly Column[],
  chunks: AsyncIterable<PhysicalValue[][]>,
): AsyncGenerator<ReturnType<typeof toCell>[][]> {
  for await (const chunk of chunks)
    yield chunk.map((values) => values.map((value, at) => toCell(columns[at]!.type, value)));
}

/** What a failed write of a file means to the person who wanted it, on the system it happened on. */
export function toExportError(thrown: unknown, platform: NodeJS.Platform = process.platform): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (diskReason(thrown) === 'full') return toDiskError(thrown, 'the file could not be written');
  // Windows gives no permission where another program has the file, Excel for one; POSIX has no such thing.
  const held = 'another program may have it open. Close it there, or choose another place.';
  if (code === 'EBUSY')
    return new AppError('input.exportPath', `The file cannot be written there: ${held}`, { cause: thrown });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new AppError(
      'input.exportPath',
      `The file cannot be written there: no permission${platform === 'win32' ? `, or ${held}` : '. Choose another place.'}`,
      { cause: thrown },
    );
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')
    return new AppError(
      'input.exportPath',
      'The file cannot be written there: the folder does not exist, or the name is a folder.',
      { cause: thrown },
    );
  return new AppError('engine.failed', `The file could not be written: ${String(message).slice(0, 200)}`, {
    cause: thrown,
  });
}
