/**
 * From `at` of a text on, a file has the same characters from `file` on, up to the next segment; with `fixed` what
 * stands there is not in the file, and belongs to that one place.
 */
export interface Segment {
  readonly at: number;
  readonly file: number;
  readonly fixed?: true;
}

/** A replacement in a text; `start` and `end` are places before any of them. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
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
  if (!found) return at;
  return found.fixed ? found.file : found.file + Math.max(0, at - found.at);
}

/** A text with edits made, in the order of their places, and the segments of what became of it. */
export function applyEdits(
  text: string,
  segments: readonly Segment[],
  edits: readonly Edit[],
): { readonly text: string; readonly segments: readonly Segment[] } {
  let result = '',
    from = 0;
  const placed: Segment[] = [];
  const keep = (to: number): void => {
    const shift = result.length - from;
    if (from < to) {
      placed.push({ at: result.length, file: offsetInFile(segments, from) });
      placed.push(
        ...segments.filter(({ at }) => from < at && at < to).map((segment) => ({ ...segment, at: segment.at + shift })),
      );
    }
    result += text.slice(from, to);
  };
  for (const { start, end, newText } of edits) {
    keep(start);
    if (newText !== '') placed.push({ at: result.length, file: offsetInFile(segments, start), fixed: true });
    result += newText;
    from = end;
  }
  keep(text.length);
  return { text: result, segments: placed };
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

const LINE_BREAK = /\r\n|[\r\n\u2028\u2029]/;

/** The place of a line and column, both from 1; the end of the text behind its last line. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0,
    n = 1;
  if (line > 1)
    for (const { index, 0: found } of text.matchAll(new RegExp(LINE_BREAK, 'g'))) {
      start = index + found.length;
      if (++n === line) break;
    }
  return n < line ? text.length : Math.min(text.length, start + column - 1);
}

/** Line and column of a place, both from 1. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1,
    start = 0;
  for (const found of text.slice(0, offset).matchAll(new RegExp(LINE_BREAK, 'g'))) {
    line++;
    start = found.index + found[0].length;
  }
  return { line, column: offset - start + 1 };
}
