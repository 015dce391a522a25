import { documentBlocks } from '../language/blocks.ts';
import { codeStart, scan } from '../scan.ts';
import type { Place } from '../plan.ts';

/** A query never begins so: it goes on with what stands before the blank line. */
const GOES_ON = /^(?:[|),;\]}=<>+*/%.]|(?:by|on|and|or|with|in|has|contains|between|asc|desc|kind)\b)/i;
/** A query never ends so. */
const NOT_DONE =
  /(?:[|,(=<>+*/%[{-]|\b(?:by|on|and|or|with|in|where|project|extend|summarize|join|union|distinct|order|sort|top))$/i;
/** Longer files are one query: what parts them may take time that grows with its square. */
export const MAX_SPLIT = 300_000;

/**
 * The queries of a file of KQL without names: what blank lines part, as the editor runs it, except that a query with
 * blank lines inside stays whole, and comments belong to the query below them. Where in doubt nothing is parted.
 */
export function splitQueries(text: string): Place[] {
  const found: { start: number; end: number }[] = [];
  let start: number | undefined,
    open = false,
    depth = 0;
  for (const block of text.length > MAX_SPLIT ? [] : documentBlocks(text)) {
    start ??= block.rawStart;
    if (codeStart(block.raw) === block.raw.length) continue;
    const code = codeOf(block.raw).trim();
    const last = found.at(-1);
    if (last && (open || GOES_ON.test(code))) last.end = block.rawEnd;
    else {
      found.push({ start, end: block.rawEnd });
      depth = 0;
    }
    depth += (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
    open = depth > 0 || NOT_DONE.test(code);
    start = undefined;
  }
  const [first] = found;
  if (!first || found.length === 1) return [{ start: 0, length: text.length }];
  first.start = 0;
  return found.map(({ start: from, end }) => ({ start: from, length: end - from }));
}

/** A text without its comments, and with a letter for each string. */
function codeOf(text: string): string {
  let code = '',
    from = 0;
  for (const span of scan(text).spans) {
    code += text.slice(from, span.start) + (span.kind === 'string' ? '_' : ' ');
    from = span.end;
  }
  return code + text.slice(from);
}
