import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { documentBlocks } from '../../kql/language/blocks.ts';
import { exitCodeOf } from '../exitCodes.ts';
import { displayWidth, safeText } from './safeText.ts';
import type { Terminal } from './terminal.ts';

/** How much of a long line is shown before the place. */
const LEAD = 60;

/**
 * An error under the line of the query it is about: the line, a caret under the place, the message. Without a place the
 * message alone. Safe for a terminal.
 */
export function placedError(
  { message, data }: Pick<AppErrorData, 'message' | 'data'>,
  query: string,
  width = 100,
): string {
  const place = placeOf(data);
  const text = place && withoutSecrets(query).split(/\r\n|[\r\n\u2028\u2029]/)[place.line - 1];
  if (!place || text === undefined || text.trim() === '') return `${safeText(message)}\n`;
  const at = Math.max(0, Math.min(place.column - 1, text.length));
  const from = at > LEAD ? at - LEAD : 0;
  const lead = `${from > 0 ? '\u2026' : ''}${safeText(text.slice(from, at))}`;
  const end = Math.min(text.length, at + Math.max(1, place.length));
  const marked = safeText(text.slice(at, end)),
    rest = safeText(text.slice(end, end + width));
  return `${lead}${marked}${rest}\n${' '.repeat(displayWidth(lead))}${'^'.repeat(Math.max(1, displayWidth(marked)))}\n${safeText(message.replace(/ \(line \d+, column \d+\)$/, ''))}\n`;
}

/**
 * Hidden strings (`h"..."`) and what lets into the addresses of `externaldata`, their queries and keys, as stars:
 * errors go into logs.
 */
function withoutSecrets(query: string): string {
  const stars = (_: string, before: string, secret: string): string => before + '*'.repeat(secret.length);
  return query
    .replace(/\b([hH]@?")((?:[^"\\\n]|\\.)*)/g, stars)
    .replace(/\b([hH]@?')((?:[^'\\\n]|\\.)*)/g, stars)
    .replace(/([a-z][a-z\d+.-]*:\/\/[^\s"'?;]*[?;])([^\s"']*)/gi, stars);
}

function placeOf(data: AppErrorData['data']): { line: number; column: number; length: number } | undefined {
  const { line, column, length } = (data ?? {}) as {
    readonly line?: unknown;
    readonly column?: unknown;
    readonly length?: unknown;
  };
  return typeof line === 'number' && typeof column === 'number'
    ? { line, column, length: typeof length === 'number' ? length : 1 }
    : undefined;
}

/**
 * Does `work` over the query of `file`. An error of the query that has a place is shown there, as at the prompt, and
 * ends with its exit code; every other one is thrown on. A file of several queries, as an editor runs them one by one,
 * is told as such: its first blank line is where a syntax error is found.
 */
export async function showingPlaces(
  query: string,
  file: string,
  terminal: Pick<Terminal, 'say' | 'status' | 'width'>,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const place = error instanceof AppError && error.family === 'query' ? placeOf(error.data) : undefined;
    if (!place) throw error;
    terminal.status('');
    const where = `${file === '-' ? '' : `${safeText(file)}, `}line ${place.line}, column ${place.column}`;
    terminal.say(`tenantscope: ${where}:\n${placedError(error as AppError, query, terminal.width).trimEnd()}`);
    const queries = documentBlocks(query).filter(({ kind }) => kind === 'query').length;
    if (queries > 1 && (error as AppError).code === 'query.syntax')
      terminal.say(
        `It holds ${queries} queries with blank lines between them. Run one at a time: give each its own file.`,
      );
    return exitCodeOf(error as AppError);
  }
}
