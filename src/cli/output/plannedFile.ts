import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { replaceFile } from '../../engine/replaceFile.ts';

/** A file that is to be: whether one stands in its place, and whether that has the same text. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly state: 'new' | 'same' | 'replaced';
}

/**
 * Looks at what stands in the place of a file. Rejects with `input.exportPath` where that is no ordinary file: a link,
 * above all, which could lead out of its folder to a file that nobody meant.
 */
export async function planFile(path: string, text: string): Promise<PlannedFile> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return { path, text, state: 'new' };
  if (!found.isFile())
    throw new AppError(
      'input.exportPath',
      `${path} is ${found.isSymbolicLink() ? 'a link' : 'no ordinary file'}, and is not replaced. Remove it, or choose another folder. Nothing was written.`,
    );
  const there = await readFile(path, 'utf8').catch(() => undefined);
  return { path, text, state: there === text ? 'same' : 'replaced' };
}

/**
 * Writes a planned file whole or not at all. What came in its place in between is not written through: a new file is
 * not made where one is, and a link is replaced itself. Rejects as the file system does.
 */
export async function writePlanned({ path, text, state }: PlannedFile): Promise<void> {
  if (state === 'new') return writeFile(path, text, { flag: 'wx' });
  const { mode } = await lstat(path);
  const neighbour = `${path}.${process.pid}.partial`;
  try {
    await writeFile(neighbour, text, { flag: 'wx', mode: mode & 0o777 });
    await replaceFile(neighbour, path);
  } catch (cause) {
    await rm(neighbour, { force: true });
    throw cause;
  }
}
