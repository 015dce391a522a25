import { readFile } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';
import { decodeText } from '../base/decodeText.ts';
import type { Terminal } from './output/terminal.ts';

/**
 * The text of FILE, or of standard input for `-`; UTF-8 or, with its mark, UTF-16. `input.file` where it cannot be
 * read.
 */
export async function readText(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return terminal.readInput();
  try {
    return decodeText(await readFile(file));
  } catch (cause) {
    throw new AppError('input.file', `The file ${file} cannot be read. Give a file, or - for standard input.`, {
      cause,
    });
  }
}
