import { closingLine, lineAfter, markdownSpans } from '../queryFiles/markdownSpans.ts';
import { edited } from '../textEdits.ts';
import type { Edit } from '../textEdits.ts';

/** Text of another tool's notebook that stays text in ours, and what of it is written otherwise for that. */
export interface ForeignText {
  readonly text: string;
  /** Fences of KQL, which are of the language `text` now. */
  readonly fences: number;
  /** Its last fence was left open and is closed now. */
  readonly closed: boolean;
  /** It begins with a rule, now `***`: where the file begins, `---` would begin front matter. */
  readonly rule: boolean;
}

/**
 * Text of a Markdown cell such that nothing in it counts in a notebook of ours: a fence of KQL would be a query, one
 * left open would take in what follows, and a rule of hyphens could begin front matter, which chooses a scope. To a
 * reader of the text it looks the same. Lines end with `\n`.
 */
export function toForeignText(source: string): ForeignText {
  // Who writes the file drops a mark at its head, and what stands behind the mark would be the head.
  const written = source.replace(/^\uFEFF+/, '');
  const rule = /^(?:[^\S\n]*\n)*---[^\S\n]*(?![^\n])/.exec(written)?.[0];
  const ruled = rule === undefined ? written : rule.replace('---', '***') + written.slice(rule.length);
  // A line before it: nothing of the text is front matter.
  const text = `\n${ruled}`;
  const edits = markdownSpans(text).flatMap((span): Edit[] => {
    if (span.kind !== 'fence' || !span.kql) return [];
    const start = span.start + span.indent.length + span.mark.length;
    return [{ start, end: text.slice(0, lineAfter(text, start)).trimEnd().length, text: 'text' }];
  });
  const plain = edited(text, edits).slice(1);
  const closing = closingLine(plain);
  return {
    text: closing === undefined ? plain : `${plain}${plain.endsWith('\n') ? '' : '\n'}${closing}`,
    fences: edits.length,
    closed: closing !== undefined,
    rule: rule !== undefined,
  };
}
