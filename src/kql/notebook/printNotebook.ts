import { closesFence, closingLine } from '../queryFiles/markdownSpans.ts';
import { shownText, withPlainLines } from './notebookCells.ts';
import type { CellSource, NotebookCell, NotebookFile } from './notebookCells.ts';

/**
 * A notebook as its Markdown file again. Cells that nobody changed are the characters they were read from; of a changed
 * one its fence, indentation and line breaks stay. Cells that were not neighbours in the file get a blank line between
 * them. Front matter stands first, wherever its cell was moved. A fence that text leaves open is closed where a cell
 * follows, which would be part of it.
 */
export function printNotebook({ cells, eol, bom }: NotebookFile): string {
  const front = cells.find(({ kind }) => kind === 'frontMatter');
  const ordered = front ? [front, ...cells.filter((cell) => cell !== front)] : cells;
  let text = bom;
  let last: NotebookCell | undefined;
  for (const [i, cell] of ordered.entries()) {
    const piece = pieceOf(cell, eol, { isFirst: i === 0, isLast: i === ordered.length - 1 });
    const follows = last?.source !== undefined && last.source.index + 1 === cell.source?.index;
    text = (last && !follows ? parted(text, piece, eol) : text) + piece;
    last = cell;
  }
  return text;
}

/** The text before a piece, with the line breaks that keep the two apart. */
function parted(text: string, piece: string, eol: string): string {
  const line = text.endsWith('\n') ? text : text + eol;
  return /^[ \t]*\r?\n/.test(piece) || /\n\r?\n$/.test(line.slice(-3)) ? line : line + eol;
}

interface Position {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function pieceOf(cell: NotebookCell, eol: string, at: Position): string {
  const { kind, source } = cell;
  const value = withPlainLines(cell.value).replace(/^\uFEFF/, '');
  const asRead = source !== undefined && value === shownText(source).replace(/^\uFEFF/, '');
  const body = asRead ? source.body : value.replaceAll('\n', eol);
  if (kind === 'text') return textPiece({ before: '', after: eol, ...source, body }, eol, at);
  if (!source) return newPiece(kind, value, eol);
  if (kind === 'frontMatter' || (asRead && (at.isLast || !source.open))) return source.before + body + source.after;
  return changedFence(source, asRead ? undefined : value, eol, at.isLast);
}

/** Text, and where something follows the line that closes its last fence. */
function textPiece(
  { before, body, after }: Pick<CellSource, 'before' | 'body' | 'after'>,
  eol: string,
  { isFirst, isLast }: Position,
): string {
  const text = before + body;
  const closing = isLast ? undefined : closingLine(text, isFirst);
  if (closing === undefined) return text + after;
  return `${text}${text.endsWith('\n') ? '' : eol}${closing}${after}`;
}

/** A fence around another text: longer where the text would close it, and closed where something follows. */
function changedFence(source: CellSource, value: string | undefined, eol: string, isLast: boolean): string {
  const { before, after, mark = '```', indent = '', open } = source;
  const body =
    value === undefined
      ? source.body
      : value
          .split('\n')
          .map((line) => (line === '' ? '' : indent + line))
          .join(eol);
  const needed = markFor(value ?? '', mark);
  const head = before.replace(mark, needed);
  const closing = after.replace(new RegExp(`${mark[0]!}{${mark.length},}`), (found) =>
    found.length < needed.length ? needed : found,
  );
  const gap = body !== '' && !/^\r?\n/.test(closing) && !(open && isLast) ? eol : '';
  return `${head.endsWith('\n') ? head : head + eol}${body}${gap}${closing}${open && !isLast ? `${indent}${needed}${eol}` : ''}`;
}

function newPiece(kind: 'frontMatter' | 'query', value: string, eol: string): string {
  const lines = value.replaceAll('\n', eol);
  if (kind === 'frontMatter') return `---${eol}${lines}${eol}---${eol}`;
  const mark = markFor(value, '```');
  return `${mark}kql${eol}${lines}${lines === '' ? '' : eol}${mark}${eol}`;
}

/** The mark itself, or one of more of its characters that no line of the text closes. */
function markFor(value: string, mark: string): string {
  let needed = mark;
  const lines = value.split('\n');
  while (lines.some((line) => closesFence(line, needed))) needed += mark[0]!;
  return needed;
}
