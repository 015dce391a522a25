import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { replaceFile } from '../engine/replaceFile.ts';

/**
 * Makes a folder that is this user's alone (0700), or takes the one that is there. Throws an Error for a link, a file,
 * or somebody else's folder: in a shared place such as `/tmp` anybody can have made it first, to read what is in it.
 */
export async function makeOwnFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  const me = process.getuid?.();
  if (!found.isDirectory() || (me !== undefined && found.uid !== me))
    throw new Error(`${path} is a link or belongs to somebody else. Remove it, or name another place.`);
}

/**
 * Writes a file whole, for its owner alone unless `mode` says otherwise. What is there under its name is replaced, not
 * followed: a link that somebody put there leads nobody's secrets, and nobody's file, anywhere.
 */
export async function writeOwnFile(path: string, text: string | Buffer, mode = 0o600): Promise<void> {
  const partial = `${path}.new`;
  await rm(partial, { force: true });
  await writeFile(partial, text as string, { mode, flag: 'wx' });
  await replaceFile(partial, path);
}
