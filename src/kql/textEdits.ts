/** A part of a text that is written otherwise; offsets in UTF-16 units of the text as it was. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with these edits made; they do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  return inOrder(edits).reduceRight(
    (whole, { start, end, text: part }) => whole.slice(0, start) + part + whole.slice(end),
    text,
  );
}

/** Where an offset of the edited text was before; the beginning of the edit for what is inside of one. */
export function offsetBefore(edits: readonly Edit[], offset: number): number {
  let moved = 0;
  for (const { start, end, text } of inOrder(edits)) {
    const from = start + moved;
    if (offset < from) break;
    if (offset < from + text.length) return start;
    moved += text.length - (end - start);
  }
  return offset - moved;
}

/** A place of a text: line and column from 1. */
export interface LinePlace {
  readonly line: number;
  readonly column: number;
}

/** Where a place of the edited text was in the text as written. */
export function placeBefore(written: string, edits: readonly Edit[], place: LinePlace): LinePlace {
  if (edits.length === 0) return place;
  return placeAt(written, offsetBefore(edits, offsetOf(edited(written, edits), place)));
}

/** The line and column of an offset of the text. */
export function placeAt(text: string, offset: number): LinePlace {
  const lines = text.slice(0, offset).split(LINE_BREAK);
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

const LINE_BREAK = /\r\n|[\r\n]/;

/** The offset of a place that the text has. */
export function offsetOf(text: string, { line, column }: LinePlace): number {
  const breaks = new RegExp(LINE_BREAK, 'g');
  for (let n = 1; n < line && breaks.exec(text); n++);
  return breaks.lastIndex + column - 1;
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
