import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { QUERY_FILE } from '../kql/queryFiles/readQueryFile.ts';
import type { Terminal } from './output/terminal.ts';
import { openQueryFile } from './queryFile.ts';
import type { OpenedFile } from './queryFile.ts';

/** Most files of a pack, queries in them, and bytes of one of them and of all. */
const MAX_FILES = 5_000;
const MAX_QUERIES = 5_000;
const MAX_BYTES = 16_000_000;
const MAX_TOTAL = 256_000_000;

/**
 * The files of queries below a folder, or one file, in the order of their paths. Links are not followed, and folders
 * whose names begin with a dot, or are `node_modules`, are left out. Rejects with `input.file`.
 */
export async function readPack(path: string, terminal: Terminal): Promise<readonly OpenedFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('input.file', `${path} cannot be read. Give a file or a folder of queries.`, { cause });
  });
  if (!found.isDirectory()) return [await openQueryFile(path, terminal)];
  const files: OpenedFile[] = [];
  let bytes = 0,
    queries = 0;
  for (const file of await filesBelow(path)) {
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      files.push({ path: file, text: '', queries: [], problems: [{ message: TOO_LARGE, start: 0 }] });
      continue;
    }
    const opened = await openQueryFile(file, terminal);
    bytes += size;
    queries += opened.queries.length;
    if (bytes > MAX_TOTAL || queries > MAX_QUERIES) throw tooMuch(path, `${MAX_QUERIES} queries, or 256 MB of files`);
    files.push(opened);
  }
  return files;
}

function tooMuch(path: string, most: string): AppError {
  return new AppError('input.file', `${path} holds more than ${most}. Give a folder further in. Nothing was sent.`);
}

const TOO_LARGE = `The file is larger than ${MAX_BYTES / 1_000_000} MB, so it is left out.`;

async function filesBelow(top: string): Promise<readonly string[]> {
  const files: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'node_modules') await visit(path);
      } else if (entry.isFile() && QUERY_FILE.test(entry.name)) files.push(path);
      if (files.length > MAX_FILES) throw tooMuch(top, `${MAX_FILES} files`);
    }
  };
  await visit(top);
  return files;
}
