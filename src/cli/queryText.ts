import { readFile } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';
import type { Terminal } from './output/terminal.ts';

/** The text of FILE, or of standard input for `-`. */
export async function readText(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return (await terminal.readInput()).replace(/^\uFEFF/, '');
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new AppError('input.file', `The file ${file} cannot be read. Give a file, or - for standard input.`, {
      cause,
    });
  }
}
