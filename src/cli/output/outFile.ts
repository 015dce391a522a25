import { escapeUnseen } from '../../base/visibleText.ts';
import { constants, createWriteStream } from 'node:fs';
import { access, open, realpath, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { AppError } from '../../base/errors.ts';
import { replaceFile } from '../../engine/replaceFile.ts';
import { toExportError } from '../../engine/store/export.ts';
import { untilWritable } from '../../engine/store/textFiles.ts';
import type { Terminal } from './terminal.ts';

/** Writes a piece of an answer; resolves when the next one may be written. */
export type Put = (chunk: string | Uint8Array) => Promise<void>;

/**
 * `put` for CSV and JSON: where they go to a screen, what it would act on or not show is written out, byte by byte as
 * they come; a file or another program gets them as they are.
 */
export function putData(put: Put, out: string | undefined, terminal: Pick<Terminal, 'width'>): Put {
  if (out !== undefined || terminal.width === undefined) return put;
  const decoder = new TextDecoder();
  return (chunk) => put(escapeUnseen(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })));
}

/**
 * Gives `work` what writes to standard output, or to the file `out`: to a neighbour of it first, which takes its place
 * (and keeps its permissions) when it is whole, so that a full disk or Ctrl+C leaves what was there. A pipe or a device
 * is written to as it is. Rejects with `engine.disk`, `input.exportPath` or `engine.failed`, each naming the file.
 */
export async function writeOut(
  out: string | undefined,
  terminal: Pick<Terminal, 'write' | 'writeBytes'>,
  work: (put: Put) => Promise<void>,
): Promise<void> {
  if (out === undefined) {
    await work((chunk) => (typeof chunk === 'string' ? terminal.write(chunk) : terminal.writeBytes(chunk)));
    return;
  }
  const place = await placeOfFile(out);
  const sink = createWriteStream(place.path, place.mode === undefined ? {} : { mode: place.mode });
  let failure: Error | undefined;
  sink.on('error', (error) => {
    failure ??= error;
  });
  try {
    // What is not there yet could not be removed when `work` fails at once.
    await once(sink, 'open');
    await work(async (chunk) => {
      if (!sink.write(chunk) && !sink.destroyed) await untilWritable(sink);
      if (failure) throw failure;
    });
    sink.end();
    if (!sink.closed) await once(sink, 'close');
    if (failure) throw failure;
    if (place.becomes !== undefined)
      await replaceFile(place.path, place.becomes).catch((error: Error) => {
        throw (failure = error);
      });
  } catch (error) {
    const reason = failure ? outError(out, failure) : error;
    sink.destroy();
    if (!sink.closed) await once(sink, 'close').catch(() => undefined);
    if (place.becomes !== undefined) await rm(place.path, { force: true }).catch(() => undefined);
    throw reason;
  }
}

/** Finds out before a long query whether its answer can be written to `out`. Rejects as `writeOut` does. */
export async function checkOut(out: string): Promise<void> {
  const { path, becomes } = await placeOfFile(out);
  if (becomes === undefined) return;
  try {
    await (await open(path, 'w')).close();
  } catch (error) {
    throw outError(out, error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/**
 * The ordinary file that `out` is or will be, for writers that replace it themselves; `input.exportPath` for a pipe or
 * a device.
 */
export async function ordinaryFile(out: string): Promise<string> {
  await checkOut(out);
  const { becomes } = await placeOfFile(out);
  if (becomes === undefined)
    throw new AppError(
      'input.exportPath',
      `${out}: A file of this format needs an ordinary file, not a pipe or a device. Choose another place.`,
    );
  return becomes;
}

/** What a failed write means to the person who wanted the file. */
export function outError(out: string, failure: unknown): AppError {
  const { code, message } = toExportError(failure);
  return new AppError(code, `${out}: ${message}`, { cause: failure });
}

/**
 * The path of the device that `out` names on Windows, where NUL and its like are devices in every folder; undefined for
 * what is none. Node would make a file of that name, which Explorer cannot even remove.
 */
export function findDevice(out: string, platform: NodeJS.Platform = process.platform): string | undefined {
  const name = platform === 'win32' ? /^(?:\\\\[.?]\\)?(nul|con|prn|aux|com\d|lpt\d)$/i.exec(out)?.[1] : undefined;
  return name === undefined ? undefined : `\\\\.\\${name.toUpperCase()}`;
}

async function placeOfFile(
  out: string,
): Promise<{ readonly path: string; readonly becomes?: string; readonly mode?: number }> {
  const device = findDevice(out);
  if (device !== undefined) return { path: device };
  const found = await stat(out).catch(() => undefined);
  if (found?.isDirectory()) throw outError(out, Object.assign(new Error('a folder'), { code: 'EISDIR' }));
  if (found && !found.isFile()) return { path: out };
  // A link stays one; a file that may not be written is not replaced by one that may.
  const becomes = found ? await realpath(out) : out;
  if (found)
    await access(becomes, constants.W_OK).catch((error: unknown) => {
      throw outError(out, error);
    });
  return { path: `${becomes}.${process.pid}.partial`, becomes, ...(found ? { mode: found.mode & 0o777 } : {}) };
}
