import { findResultLines } from '../resultLine.ts';
import { findScopeLines } from '../scopeLine.ts';
import { findSourceLines } from '../sourceLine.ts';
import { edited } from '../textEdits.ts';

/** A query of somebody else, and its lines that no longer count, as they were written. */
export interface ReachlessText {
  readonly text: string;
  readonly ignored: readonly string[];
}

/**
 * The text of a query that others wrote, for a file of ours: its lines `// @scope`, `// @source` and `// @result` would
 * choose here whom it asks. They stay to be read, as `// @ignored scope ...`, which says nothing to us. Blanks and
 * marks of the byte order before the text are dropped: who drops them later would make a line count that does not now.
 */
export function withoutReach(written: string): ReachlessText {
  const text = written.trimStart();
  const lines = [...findScopeLines(text), ...findSourceLines(text), ...findResultLines(text)].sort(
    (a, b) => a.start - b.start,
  );
  const edits = lines.map(({ start }) => {
    const word = text.indexOf('@', start) + 1;
    return { start: word, end: word, text: 'ignored ' };
  });
  return { text: edited(text, edits), ignored: lines.map(({ start, end }) => text.slice(start, end).trim()) };
}

/** A sentence about lines that `withoutReach` found; the first few are named. */
export function tellIgnored(lines: readonly string[]): string {
  const shown = lines.slice(0, 5).map((line) => `"${line.slice(0, 80)}"`);
  const more = lines.length > shown.length ? ` and ${lines.length - shown.length} more` : '';
  return `Kept as comments that do not count, because they choose what is asked: ${shown.join(', ')}${more}.`;
}
