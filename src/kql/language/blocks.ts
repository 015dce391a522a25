import { codeStart, lineEnd, scan } from '../scan.ts';
import type { QueryBlock } from './face.ts';

/**
 * A block with the text it is analysed with: `rawStart` to `rawEnd` also holds the blanks after it, where people go on
 * typing.
 */
export interface DocumentBlock extends QueryBlock {
  readonly rawStart: number;
  readonly rawEnd: number;
  readonly raw: string;
}

/**
 * Where blocks begin: the rule of Microsoft's script splitter (the first blank line after a query still belongs to it,
 * further blank lines are a block of their own, nothing begins inside a multi-line string), without the parser, which
 * takes a hundred times as long.
 */
export function blockStarts(text: string): number[] {
  const starts = [0];
  let blankBegins = false,
    codeBegins = false;
  for (let at = 0; ;) {
    const end = lineEnd(text, at);
    const next = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
    if (text.slice(at, end).trim() === '') {
      if (blankBegins) starts.push(at);
      blankBegins = codeBegins = true;
    } else if (codeBegins) {
      starts.push(at);
      blankBegins = codeBegins = false;
    }
    if (end >= text.length) break;
    at = next;
  }
  const distinct = starts.filter((start, i) => start !== starts[i - 1]);
  if (!/```|~~~/.test(text)) return distinct;
  const strings = scan(text).spans.filter((span) => span.kind === 'string');
  // Both are in order, so that a long file of strings takes no longer than its length.
  let at = 0;
  return distinct.filter((start) => {
    while (at < strings.length && strings[at]!.end <= start) at++;
    return start <= (strings[at]?.start ?? start);
  });
}

/**
 * The queries of a document. A block of only `let`, `set` and `declare` statements is no query by itself and goes on to
 * the next one, so that a blank line after a `let` breaks nothing; so do comments that declare parameters (`@param`).
 */
export function documentBlocks(text: string): DocumentBlock[] {
  const starts = blockStarts(text);
  const blocks: DocumentBlock[] = [];
  let from: number | undefined;
  starts.forEach((start, i) => {
    const rawStart = from ?? start;
    const rawEnd = starts[i + 1] ?? text.length;
    const raw = text.slice(rawStart, rawEnd);
    if (i + 1 < starts.length && (isPreamble(raw) || isFrontComment(raw))) {
      from = rawStart;
      return;
    }
    from = undefined;
    if (raw.trim() !== '') blocks.push(toBlock(raw, rawStart));
  });
  return blocks;
}

/** True for text that holds statements, all of them ended, and no query yet. */
export function isPreamble(text: string): boolean {
  if (!/^\s*(?:let|set|declare|alias)\b/m.test(text)) return false;
  const { spans, separators } = scan(text);
  const last = separators.at(-1);
  if (last === undefined || codeStart(text, last + 1) < text.length) return false;
  const inSpan = (at: number): boolean => spans.some((span) => span.start <= at && at < span.end);
  return (
    !inSpan(last) &&
    [-1, ...separators.slice(0, -1)].every((at) =>
      /^(?:let|set|declare|alias)\b/.test(text.slice(codeStart(text, at + 1), codeStart(text, at + 1) + 8)),
    )
  );
}

/** True for comments alone that declare parameters of the query below them, or the function that it is. */
function isFrontComment(text: string): boolean {
  return /^[ \t]*\/\/[ \t]*@(?:param|function)\b/im.test(text) && codeStart(text) === text.length;
}

function toBlock(raw: string, rawStart: number): DocumentBlock {
  const lead = raw.length - raw.trimStart().length;
  const text = raw.trim();
  const code = codeStart(text);
  const first = text[code];
  const kind = first === undefined ? 'comment' : first === '.' ? 'command' : first === '#' ? 'directive' : 'query';
  const name = blockName(text.slice(0, code));
  const start = rawStart + lead;
  return {
    rawStart,
    rawEnd: rawStart + raw.length,
    raw,
    start,
    end: start + text.length,
    text,
    kind,
    codeStart: start + code,
    ...(name === undefined || kind === 'comment' ? {} : { name }),
  };
}

/** The first comment line with letters that is not a directive like `// @scope`. */
function blockName(comments: string): string | undefined {
  for (const line of comments.split(/\r?\n|\r/)) {
    const words = line
      .trim()
      .replace(/^\/+\s*/, '')
      .trim();
    if (!words.startsWith('@') && /\p{L}/u.test(words)) return words.slice(0, 120);
  }
  return undefined;
}

/**
 * The block at an offset of a document of `length`: blanks after a query belong to it until a second blank line begins
 * something new.
 */
export function blockAt(blocks: readonly DocumentBlock[], offset: number, length: number): DocumentBlock | undefined {
  let low = 0,
    high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.rawStart <= offset) low = middle + 1;
    else high = middle;
  }
  const block = blocks[low - 1];
  return block && (offset < block.rawEnd || block.rawEnd === length) ? block : undefined;
}
