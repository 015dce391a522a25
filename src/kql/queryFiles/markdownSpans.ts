import type { Place } from '../plan.ts';

/**
 * A part of a Markdown file; `start` and `end` are offsets, and the parts of a file follow one another without a gap.
 * A fence has the lines between its marks in `body`; one that is never closed reaches to the end, as Markdown has it.
 */
export type MarkdownSpan =
  | { readonly kind: 'frontMatter'; readonly start: number; readonly end: number; readonly body: Place }
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'fence';
      readonly start: number;
      readonly end: number;
      readonly body: Place;
      /** The backticks or tildes that open it, and the blanks before them. */
      readonly mark: string;
      readonly indent: string;
      /** It says that it is KQL. */
      readonly kql: boolean;
      readonly closed: boolean;
    };

type Fence = Extract<MarkdownSpan, { kind: 'fence' }>;

const FENCE = /^([ \t]{0,100})(`{3,}|~{3,})[ \t]*(.*)$/;
const LANGUAGE = /^\{?\.?(?:kql|kusto|csl|kustoquery)\b(?![-+#.])/i;

/** Whether a line would close a fence that was opened with `mark`. */
export function closesFence(line: string, mark: string): boolean {
  const found = FENCE.exec(line.trimEnd());
  return found !== null && found[3] === '' && found[2]!.startsWith(mark);
}

/** The parts of a Markdown file: front matter, fences, and what stands between, a mark of the byte order with it. */
export function markdownSpans(text: string): MarkdownSpan[] {
  const spans: MarkdownSpan[] = [];
  const head = text.startsWith('\uFEFF') ? 1 : 0;
  const front = frontMatterAt(text, head);
  let from = 0;
  const textUntil = (end: number): void => {
    if (end > from) spans.push({ kind: 'text', start: from, end });
  };
  if (front) {
    textUntil(head);
    spans.push(front);
    from = front.end;
  }
  let open: Omit<Fence, 'end' | 'closed' | 'body'> | undefined;
  let bodyStart = 0;
  const close = (bodyEnd: number, end: number, closed: boolean): void => {
    if (!open) return;
    spans.push({ ...open, end, closed, body: { start: bodyStart, length: bodyEnd - bodyStart } });
    open = undefined;
    from = end;
  };
  for (let at = from; at < text.length;) {
    const next = lineAfter(text, at);
    const line = text.slice(at, next).trimEnd();
    if (open) {
      if (closesFence(line, open.mark)) close(at, next, true);
    } else {
      const found = FENCE.exec(line);
      if (found && !(found[2]!.startsWith('`') && found[3]!.includes('`'))) {
        textUntil(at);
        open = { kind: 'fence', start: at, mark: found[2]!, indent: found[1]!, kql: LANGUAGE.test(found[3]!) };
        bodyStart = next;
      }
    }
    at = next;
  }
  close(text.length, text.length, false);
  textUntil(text.length);
  return spans;
}

/**
 * The line that closes the fence which a text leaves open, and which would take in what follows; undefined where none
 * is open. Only `atHead` of a file can the text begin with front matter.
 */
export function closingLine(text: string, atHead = false): string | undefined {
  const last = markdownSpans(atHead ? text : `\n${text}`).at(-1);
  return last?.kind === 'fence' && !last.closed ? last.indent + last.mark : undefined;
}

/** Where the line after the one at `at` begins; the end of the text where there is none. */
export function lineAfter(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

function frontMatterAt(text: string, start: number): MarkdownSpan | undefined {
  const bodyStart = lineAfter(text, start);
  if (text.slice(start, bodyStart).trimEnd() !== '---') return undefined;
  for (let at = bodyStart; at < text.length;) {
    const next = lineAfter(text, at);
    if (/^(?:---|\.\.\.)$/.test(text.slice(at, next).trimEnd()))
      return { kind: 'frontMatter', start, end: next, body: { start: bodyStart, length: at - bodyStart } };
    at = next;
  }
  return undefined;
}
