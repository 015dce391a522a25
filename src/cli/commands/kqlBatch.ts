import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { AppError } from '../../base/errors.ts';
import { runBatch } from '../../engine/batch.ts';
import { decodeText } from '../../base/decodeText.ts';
import type { BatchCase } from '../../engine/batch.ts';
import type { LocalEngine } from '../../engine/face.ts';
import { EXIT } from '../exitCodes.ts';
import type { LocalData } from '../localData.ts';
import { toJson } from '../output/json.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `kql --batch`: one line of JSON per case to standard output and nothing else; a bad case or line never ends the
 * batch.
 */
export async function runCases(
  engine: LocalEngine,
  data: LocalData,
  file: string,
  terminal: Terminal,
): Promise<number> {
  const lines = file === '-' ? createInterface({ input: process.stdin, crlfDelay: Infinity }) : await linesOf(file);
  for await (const text of lines) {
    if (text.trim() === '') continue;
    const found = readCase(text);
    if ('message' in found) {
      await terminal.write(`${toJson({ id: found.id, ok: false, code: 'input.case', message: found.message })}\n`);
      continue;
    }
    for await (const answer of runBatch(engine, [found], data)) await terminal.write(`${toJson(answer)}\n`);
    if (terminal.signal.aborted) return EXIT.cancelled;
  }
  return EXIT.complete;
}

function readCase(text: string): BatchCase | { readonly id: unknown; readonly message: string } {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { id: null, message: 'The line is not JSON.' };
  }
  const { id, query } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown; query?: unknown };
  if (typeof query !== 'string') return { id: id ?? null, message: 'The line is not {"id", "query"}.' };
  // Ids come back as they came in, numbers too.
  return { id: id as string, query };
}

/** The lines of a file in whatever encoding its mark says. */
async function linesOf(path: string): Promise<string[]> {
  try {
    return decodeText(await readFile(path)).split(/\r?\n/);
  } catch (cause) {
    throw new AppError('input.file', `The file ${path} cannot be read.`, { cause });
  }
}
