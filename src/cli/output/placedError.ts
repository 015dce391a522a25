import type { AppErrorData } from '../../base/errors.ts';
import { displayWidth, safeText } from './safeText.ts';

/** How much of a long line is shown before the place. */
const LEAD = 60;

/** An error under the line of the query it is about: the line, a caret under the place, the message. Without a place the message alone. Safe for a terminal. */
export function placedError({ message, data }: Pick<AppErrorData, 'message' | 'data'>, query: string, width = 100): string {
  const { line, column, length } = (data ?? {}) as { readonly line?: number; readonly column?: number; readonly length?: number };
  const text = typeof line === 'number' ? query.split(/\r\n|[\r\n\u2028\u2029]/)[line - 1] : undefined;
  if (text === undefined || typeof column !== 'number') return `${safeText(message)}\n`;
  const at = Math.max(0, Math.min(column - 1, text.length));
  const from = at > LEAD ? at - LEAD : 0;
  const lead = `${from > 0 ? '\u2026' : ''}${safeText(text.slice(from, at))}`;
  const end = Math.min(text.length, at + Math.max(1, length ?? 1));
  const marked = safeText(text.slice(at, end)), rest = safeText(text.slice(end, end + width));
  return `${lead}${marked}${rest}\n${' '.repeat(displayWidth(lead))}${'^'.repeat(Math.max(1, displayWidth(marked)))}\n${safeText(message)}\n`;
}
