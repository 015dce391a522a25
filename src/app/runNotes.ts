import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removePath, replaceFile } from '../engine/replaceFile.ts';
import type { NoteFolder } from '../ports/notes.ts';

const NAME = /^([\w-]+)\.json$/;

/**
 * Notes as files of a folder of ours, `NAME.json`, readable by this user alone. `keeps`: whether this program is the
 * one that keeps; for another there are none, and it writes none.
 */
export function runNotes(folder: string, keeps: () => Promise<boolean>): NoteFolder {
  const pathOf = (name: string): string => join(folder, `${name.replace(/[^\w-]/g, '')}.json`);
  return {
    all: async () => {
      if (!(await keeps())) return [];
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const notes: { name: string; text: string }[] = [];
      for (const file of names) {
        const name = NAME.exec(file)?.[1];
        if (name !== undefined) notes.push({ name, text: await readFile(join(folder, file), 'utf8') });
        // One that was not written to its end.
        else if (file.endsWith('.new')) await removePath(join(folder, file)).catch(() => undefined);
      }
      return notes;
    },
    write: async (name, text) => {
      if (!(await keeps())) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = pathOf(name);
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await replaceFile(`${path}.new`, path);
    },
    remove: async (name) => {
      if (await keeps()) await removePath(pathOf(name));
    },
  };
}
