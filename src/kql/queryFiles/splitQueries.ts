import { documentBlocks } from '../language/blocks.ts';
import { codeStart, scan } from '../scan.ts';
import type { Place } from '../plan.ts';

/** A query never begins so: it goes on with what stands before the blank line. */
const GOES_ON = /^(?:[|),;\]}=<>+*/%.]|(?:by|on|and|or|with|in|has|contains|between|asc|desc|kind)\b)/i;
/** A query never ends so. */
const NOT_DONE =
  /(?:[|,(=<>+*/%[{-]|\b(?:by|on|and|or|with|in|where|project|extend|summarize|join|union|distinct|order|sort|top))\s*$/i;

/**
 * The queries of a file of KQL without names: what blank lines part, as the editor runs it, except that a query with
 * blank lines inside stays whole, and comments belong to the query below them. Where in doubt nothing is parted.
 */
export function splitQueries(text: string): Place[] {
  const found: { start: number; end: number }[] = [];
  let start: number | undefined;
  for (const block of documentBlocks(text)) {
    const code = codeStart(block.raw);
    start ??= block.rawStart;
    if (code === block.raw.length) continue;
    const last = found.at(-1);
    if (last && (GOES_ON.test(block.raw.slice(code)) || isOpen(text.slice(last.start, last.end)))) {
      last.end = block.rawEnd;
    } else found.push({ start, end: block.rawEnd });
    start = undefined;
  }
  const [first] = found;
  if (!first || found.length === 1) return [{ start: 0, length: text.length }];
  first.start = 0;
  return found.map(({ start: from, end }) => ({ start: from, length: end - from }));
}

/** Whether brackets are open at the end of a text, or a word there asks for more. */
function isOpen(text: string): boolean {
  const { spans, brackets } = scan(text);
  let code = '',
    from = 0;
  for (const span of spans) {
    code += text.slice(from, span.start) + (span.kind === 'string' ? '_' : ' ');
    from = span.end;
  }
  code += text.slice(from);
  return (code.match(/[([{]/g)?.length ?? 0) > brackets.length || NOT_DONE.test(code);
}
