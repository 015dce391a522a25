import { MAX_FILE_LENGTH } from '../queryFiles/queryFile.ts';
import { markdownSpans } from '../queryFiles/markdownSpans.ts';
import { withoutIndent } from '../queryFiles/markdownFile.ts';

/**
 * Where a cell came from: its part of the file, cut into what stands before its text, the text, and what stands behind.
 * Put together they are the file's own characters. Plain data: it travels with the cell.
 */
export interface CellSource {
  /** Its place among the cells of the file. */
  readonly index: number;
  readonly before: string;
  readonly body: string;
  readonly after: string;
  /** Of a fence: its mark, and the blanks that stand before each of its lines. */
  readonly mark?: string;
  readonly indent?: string;
  /** The fence is not closed in the file, which ends with it. */
  readonly open?: true;
}

/** One cell as a person sees it: its lines end with `\n`. `source` is absent of a new one. */
export interface NotebookCell {
  readonly kind: 'frontMatter' | 'text' | 'query';
  readonly value: string;
  readonly source?: CellSource;
}

/** A Markdown file as cells; `eol` is how its lines end, `bom` the mark it begins with, or nothing. */
export interface NotebookFile {
  readonly cells: readonly NotebookCell[];
  readonly eol: '\n' | '\r\n';
  readonly bom: string;
}

/**
 * Reads a Markdown file as a notebook: its front matter, its fenced blocks of KQL, and the text between them, in which
 * fences of other languages stay. Never throws; a file past `MAX_FILE_LENGTH` is one cell of text.
 */
export function readNotebook(text: string): NotebookFile {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const eol = /\r\n/.test(text) ? '\r\n' : '\n';
  const cells: NotebookCell[] = [];
  // Blank lines at the head of the file, until there is a cell they stand before.
  let lead = '';
  const add = (kind: NotebookCell['kind'], source: Omit<CellSource, 'index'>): void => {
    const whole: CellSource = { index: cells.length, ...source, before: lead + source.before };
    lead = '';
    cells.push({ kind, value: shownText(whole), source: whole });
  };
  let from = bom.length;
  const addText = (end: number): void => {
    const raw = text.slice(from, end);
    from = end;
    if (raw === '') return;
    const start = /^(?:[ \t]*\r?\n)*/.exec(raw)![0].length;
    let stop = raw.length;
    while (stop > start && /[ \t\r\n]/.test(raw[stop - 1]!)) stop--;
    const last = cells.at(-1);
    if (stop > start)
      add('text', { before: raw.slice(0, start), body: raw.slice(start, stop), after: raw.slice(stop) });
    else if (last?.source)
      cells[cells.length - 1] = { ...last, source: { ...last.source, after: last.source.after + raw } };
    else lead += raw;
  };
  for (const span of text.length > MAX_FILE_LENGTH ? [] : markdownSpans(text)) {
    if (span.kind === 'text' || (span.kind === 'fence' && !span.kql)) continue;
    addText(span.start);
    from = span.end;
    const { start, length } = span.body;
    const lines = text.slice(start, start + length);
    // Its last line break belongs to what closes it.
    const body = lines.replace(/\r?\n$/, '');
    const parts = { before: text.slice(span.start, start), body, after: text.slice(start + body.length, span.end) };
    if (span.kind === 'frontMatter') add('frontMatter', parts);
    else
      add('query', {
        ...parts,
        mark: span.mark,
        ...(span.indent === '' ? {} : { indent: span.indent }),
        ...(span.closed ? {} : { open: true }),
      });
  }
  addText(text.length);
  if (lead !== '') add('text', { before: '', body: '', after: '' });
  return { cells, eol, bom };
}

/** The text of a cell as it was read, with `\n` between its lines. */
export function shownText({ body, indent = '' }: CellSource): string {
  return withPlainLines(withoutIndent(body, indent));
}

/** Line breaks of all kinds as `\n`: editors change them, which is no change of a person's. */
export function withPlainLines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}
