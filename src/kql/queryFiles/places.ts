import type { LinePlace } from '../textEdits.ts';

/** From `at` of a text on, a file has the same characters from `file` on, up to the next segment. */
export interface Segment {
  readonly at: number;
  readonly file: number;
}

/** The place in the file of a place in the text. Segments are in the order of `at`, the first one at 0. */
export function offsetInFile(segments: readonly Segment[], at: number): number {
  let low = 0,
    high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  const found = segments[low];
  return found ? found.file + Math.max(0, at - found.at) : at;
}

/** The place in a text of length `length` of a place in the file; the nearest one where the text has no such place. */
export function offsetInText(segments: readonly Segment[], file: number, length: number): number {
  let at = 0;
  for (const [i, segment] of segments.entries()) {
    if (segment.file > file && i > 0) break;
    const end = segments[i + 1]?.at ?? length;
    at = Math.min(end, segment.at + Math.max(0, file - segment.file));
  }
  return at;
}

/**
 * Where a text of lines stands between two places of a file whose lines have the same words behind other blanks:
 * indented, folded or joined. What does not match any more counts on from the last line that did.
 */
export function alignLines(file: string, start: number, end: number, text: string): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (let from = start; from < end;) {
    const newline = file.indexOf('\n', from);
    const to = newline < 0 || newline > end ? end : newline;
    const line = file.slice(from, to).trim();
    if (line !== '') {
      const first = skipBlanks(file, from);
      const place = skipBlanks(text, at);
      if (!text.startsWith(line, place)) break;
      segments.push({ at: segments.length === 0 ? 0 : place, file: segments.length === 0 ? first - place : first });
      at = place + line.length;
    }
    from = to + 1;
  }
  return segments.length > 0 ? segments : [{ at: 0, file: start }];
}

/** Where the characters of a text in double quotation marks stand; `start` is behind the first mark. */
export function alignQuoted(file: string, start: number, end: number): Segment[] {
  const segments: Segment[] = [{ at: 0, file: start }];
  let at = 0;
  for (let i = start; i < end; at++) {
    if (file[i] !== '\\') {
      i++;
      continue;
    }
    i += file[i + 1] === 'u' ? 6 : 2;
    segments.push({ at: at + 1, file: i });
  }
  return segments;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at]!.trim() === '') at++;
  return at;
}

const LINE_BREAK = /\r\n|[\r\n]/g;

/** Line and column of a place, both from 1. */
export function positionOf(text: string, offset: number): LinePlace {
  let line = 1,
    start = 0;
  for (const found of text.slice(0, offset).matchAll(LINE_BREAK)) {
    line++;
    start = found.index + found[0].length;
  }
  return { line, column: offset - start + 1 };
}
