import { lineEnd } from '../kql/scan.ts';

/** A problem of a file, from where it begins (UTF-16 offset) to the end of its line. */
export function placed(
  text: string,
  message: string,
  start: number,
): {
  readonly message: string;
  readonly start: number;
  readonly end: number;
} {
  const from = Math.min(start, text.length);
  return { message, start: from, end: Math.max(from, lineEnd(text, from)) };
}
