import { visibleLines } from '../../base/visibleText.ts';
import type { Cell, Column, KqlType } from '../../model/kqlType.ts';

/** Rows of a Markdown table at most: it is for a ticket or a page that people read. */
export const MARKDOWN_ROWS = 1_000;

const NUMBERS: ReadonlySet<KqlType> = new Set(['int', 'long', 'real', 'decimal']);

/** The head of a table, numbers to the right: two lines. */
export function markdownHead(columns: readonly Column[]): string {
  return `${markdownLine(columns.map(({ name }) => markdownText(name)))}${markdownLine(
    columns.map(({ type }) => (NUMBERS.has(type) ? '---:' : '---')),
  )}`;
}

/** One row of a table. */
export function markdownRow(row: readonly Cell[]): string {
  return markdownLine(row.map((cell) => (cell === null ? '' : markdownText(String(cell)))));
}

/** Texts that follow a table, each a paragraph. */
export function markdownParagraphs(texts: readonly string[]): string {
  return texts.map((text) => `\n${markdownText(text)}\n`).join('');
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/**
 * Text of others as what it says: no cell ends early, and no link, picture, HTML or emphasis of theirs takes effect.
 * What means something only at the start of a line stays as it is, for a cell is never there.
 */
function markdownText(text: string): string {
  return visibleLines(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'))
    .replace(/[\\`*_[\]<>|~&$@]|:(?=\/\/)|(?<=www)\./gi, '\\$&')
    .replaceAll('\n', '<br>')
    .replaceAll('\t', ' ');
}
