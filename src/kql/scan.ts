/** A piece of KQL text that is not code: nothing in it is an operator, a bracket or a separator. */
export interface ScannedSpan {
  readonly kind: 'comment' | 'string';
  readonly start: number;
  readonly end: number;
}

/** What a scan of a text found. Places are offsets in UTF-16 units. */
export interface Scan {
  readonly spans: readonly ScannedSpan[];
  /** Offsets of `;` outside brackets. */
  readonly separators: readonly number[];
  /** Matching brackets, inner ones first. */
  readonly brackets: readonly { readonly open: number; readonly close: number }[];
}

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Comments, strings and brackets of KQL text in one pass, without the parser: for splitting, folding and directives,
 * where loading it would cost a second. Strings: '..' and ".." with backslash escapes, @'..' with doubled quotes,
 * ```..``` over lines; h and H may stand before any.
 */
export function scan(text: string): Scan {
  const spans: ScannedSpan[] = [];
  const separators: number[] = [];
  const brackets: { open: number; close: number }[] = [];
  const open: number[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (c === '/' && text[i + 1] === '/') {
      const end = lineEnd(text, i);
      spans.push({ kind: 'comment', start: i, end });
      i = end;
    } else if (c === '"' || c === "'" || text.startsWith('```', i) || text.startsWith('~~~', i)) {
      const end = stringEnd(text, i, text[i - 1] === '@');
      spans.push({ kind: 'string', start: i, end });
      i = end;
    } else {
      if (c in CLOSER) open.push(i);
      else if (c === ')' || c === ']' || c === '}') {
        const last = open.at(-1);
        if (last !== undefined && CLOSER[text[last]!] === c) {
          open.pop();
          brackets.push({ open: last, close: i });
        }
      } else if (c === ';' && open.length === 0) separators.push(i);
      i++;
    }
  }
  return { spans, separators, brackets };
}

/** Where the line that holds `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** Where the line of what stands at `offset` begins, if nothing but blanks is before it there. */
export function ownLineStart(text: string, offset: number): number | undefined {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  const before = text[start - 1];
  return before === undefined || before === '\n' || before === '\r' ? start : undefined;
}

function stringEnd(text: string, start: number, verbatim: boolean): number {
  const fence = text.startsWith('```', start) ? '```' : text.startsWith('~~~', start) ? '~~~' : undefined;
  if (fence) {
    const end = text.indexOf(fence, start + 3);
    return end < 0 ? text.length : end + 3;
  }
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\n' || c === '\r') return i;
    if (c === '\\' && !verbatim) i++;
    else if (c === quote) {
      if (verbatim && text[i + 1] === quote) i++;
      else return i + 1;
    }
  }
  return text.length;
}

/** The first offset at or after `from` that is neither blank nor in a comment; `to` where there is none. */
export function codeStart(text: string, from = 0, to = text.length): number {
  let i = from;
  while (i < to) {
    if (/\s/.test(text[i]!)) i++;
    else if (text[i] === '/' && text[i + 1] === '/') i = lineEnd(text, i);
    else return i;
  }
  return to;
}
