import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { diskReason, toDiskError } from '../database/errors.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { replaceFile } from '../replaceFile.ts';
import { toCell } from './cells.ts';
import { csvLine, csvRow, jsonRow } from './textFormats.ts';

/** A column as it is written to a file. */
export interface ExportColumn {
  readonly name: string;
  readonly type: KqlType;
}

/**
 * Streams rows to a file: to a neighbour of `path` first, which takes its place when it is whole. Returns rows written.
 */
export async function writeRows(
  path: string,
  format: 'csv' | 'json',
  columns: readonly ExportColumn[],
  chunks: AsyncIterable<PhysicalValue[][]>,
  options: { readonly signal?: CancelSignal; readonly byteOrderMark?: boolean },
): Promise<number> {
  const partial = `${path}.${process.pid}.partial`;
  const file = createWriteStream(partial, { encoding: 'utf8' });
  let failure: Error | undefined;
  file.on('error', (error) => {
    failure ??= error;
  });
  let rows = 0;
  try {
    await put(
      file,
      format === 'json' ? '[' : (options.byteOrderMark ? '\uFEFF' : '') + csvLine(columns.map((column) => column.name)),
    );
    for await (const chunk of chunks) {
      if (options.signal?.aborted) throw cancelled();
      if (failure) throw failure;
      const texts = chunk.map((values, i) => {
        const row = values.map((value, at) => toCell(columns[at]!.type, value));
        return format === 'csv' ? csvRow(columns, row) : `${rows + i === 0 ? '\n' : ',\n'}${jsonRow(columns, row)}`;
      });
      rows += chunk.length;
      await put(file, texts.join(''));
    }
    await put(file, format === 'json' ? '\n]\n' : '');
    file.end();
    if (!file.closed) await once(file, 'close');
    if (failure) throw failure;
    await replaceFile(partial, path);
    return rows;
  } catch (error) {
    file.destroy();
    await rm(partial, { force: true }).catch(() => undefined);
    throw toExportError(failure ?? error);
  }
}

async function put(file: WriteStream, text: string): Promise<void> {
  if (text !== '' && !file.write(text) && !file.destroyed) await untilWritable(file);
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
