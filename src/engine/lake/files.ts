import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toDiskError } from '../database/errors.ts';
import { replaceFile } from '../replaceFile.ts';

/** Names of a folder, in order; none where it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await orNothing(readdir(folder)))?.sort() ?? [];
}

/** The text of a file; undefined where it is not there. */
export async function textOf(path: string): Promise<string | undefined> {
  return orNothing(readFile(path, 'utf8'));
}

/** What it resolves to; undefined where the file or folder is not there. */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw thrown;
  }
}

/** Puts a text in the place of a file, whole and on the disk, or not at all. */
export async function replaceText(path: string, text: string, unique: string): Promise<void> {
  const partial = `${path}.${unique}.partial`;
  try {
    await writeText(partial, text);
    await replaceFile(partial, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(partial, { force: true });
  }
}

/** Writes a file so that it is on the disk afterwards; its folder is made. */
export async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Has what was written to a file be on the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Has the names of a folder be on the disk. Windows does that by itself, and opens no folder. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Does work on the disk; what the system says is `engine.disk`, with what did not happen. */
export async function onDisk<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (typeof (thrown as NodeJS.ErrnoException).syscall === 'string') throw toDiskError(thrown, what);
    throw thrown;
  }
}
