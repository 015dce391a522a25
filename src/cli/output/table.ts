import type { Cell, Column } from '../../model/kqlType.ts';
import { displayWidth, fitText, padText, safeText, wrapText } from './safeText.ts';

/** What the terminal a table is printed on can show. */
export interface TableStyle {
  /** Screen columns to keep to; nothing is cut where absent. */
  readonly width?: number | undefined;
  readonly colours?: boolean;
  /** A cell that is wider than its column goes on below instead of being cut. */
  readonly wraps?: boolean;
}

const GAP = '  ';
/** A column is not cut below this. */
const LEAST = 6;
/** Where cells wrap, a column that needs no more than this (a GUID) keeps its width, and a word stays in one piece. */
const KEY = 36;
/** What the other columns get then, and what of a word stays in one piece where room is shorter. */
const READABLE = 24;
/** Where nothing is cut, a longer cell stands out of its column instead of widening every other row to its 64 KB. */
const WIDEST = 400;

/**
 * A table for people: columns as wide as they need, the widest cut (or wrapped) where the screen is too narrow, one row
 * per record where even that does not fit.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: TableStyle = {},
): string {
  const heads = columns.map((column) => safeText(column.name));
  const texts = rows.map((row) => columns.map((column, i) => safeText(cellText(row[i] ?? null))));
  const natural = columns.map((_, i) =>
    Math.max(displayWidth(heads[i]!), ...texts.map((row) => displayWidth(row[i]!)), 1),
  );
  const widths =
    style.width === undefined
      ? natural.map((width) => Math.min(width, WIDEST))
      : fitWidths(
          natural,
          style.width - GAP.length * (columns.length - 1),
          style.wraps ? floorsOf(natural, [heads, ...texts]) : [natural.map((width) => Math.min(width, LEAST))],
        );
  if (!widths) return formatRecords(heads, texts, style);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        padText(style.width === undefined ? cell : fitText(cell, widths[i]!), widths[i]!, isNumeric(columns[i]!)),
      )
      .join(GAP)
      .trimEnd();
  const linesOf = (cells: readonly string[]): readonly string[] => {
    if (!style.wraps || style.width === undefined) return [line(cells)];
    const wrapped = cells.map((cell, i) => wrapText(cell, widths[i]!));
    const height = Math.max(...wrapped.map((parts) => parts.length));
    return Array.from({ length: height }, (_, at) => line(wrapped.map((parts) => parts[at] ?? '')));
  };
  const bold = (text: string): string => (style.colours ? `\u001b[1m${text}\u001b[22m` : text);
  const rule = widths.map((width) => '-'.repeat(width)).join(GAP);
  return [...linesOf(heads).map(bold), rule, ...texts.flatMap(linesOf)].map((text) => `${text}\n`).join('');
}

/**
 * What columns that wrap keep, the best first: names whole and room to read for the others; else only words in one
 * piece.
 */
function floorsOf(natural: readonly number[], lines: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const longest = natural.map((_, i) =>
    Math.max(1, ...lines.flatMap((cells) => cells[i]!.split(' ').map(displayWidth))),
  );
  const words = (most: number): readonly number[] => longest.map((width) => Math.min(width, most));
  return [
    natural.map((width, i) => (width <= KEY ? width : Math.max(Math.min(longest[i]!, KEY), READABLE))),
    words(KEY),
    words(READABLE),
  ];
}

/**
 * Widths that sum to at most `room`: the widest give first, none below its floor. Of several floors the first that fits
 * counts; undefined where none does.
 */
function fitWidths(
  natural: readonly number[],
  room: number,
  floors: readonly (readonly number[])[],
): number[] | undefined {
  const sum = (widths: readonly number[]): number => widths.reduce((a, b) => a + b, 0);
  const floor = floors.find((widths) => sum(widths) <= room);
  if (!floor) return undefined;
  const capped = (cap: number): number[] => natural.map((width, i) => Math.max(floor[i]!, Math.min(width, cap)));
  let low = 1,
    high = Math.max(...natural);
  while (low < high) {
    const cap = Math.ceil((low + high) / 2);
    if (sum(capped(cap)) <= room) low = cap;
    else high = cap - 1;
  }
  const widths = capped(low);
  // What rounding left over goes to the columns that are still narrow.
  for (let i = 0, spare = room - sum(widths); i < widths.length && spare > 0; i++)
    if (widths[i]! < natural[i]!) {
      widths[i]!++;
      spare--;
    }
  return widths;
}

function formatRecords(heads: readonly string[], rows: readonly (readonly string[])[], style: TableStyle): string {
  const label = Math.max(...heads.map(displayWidth));
  const room = Math.max(10, (style.width ?? Infinity) - label - GAP.length);
  const linesOf = (cell: string): readonly string[] => (style.wraps ? wrapText(cell, room) : [fitText(cell, room)]);
  const field = (head: string, cell: string): string =>
    linesOf(cell)
      .map((part, at) => `${padText(at === 0 ? head : '', label, false)}${GAP}${part}`.trimEnd())
      .join('\n');
  const record = (row: readonly string[]): string =>
    row
      .flatMap((cell, i) => (style.wraps && cell === '' ? [] : [field(heads[i]!, cell)]))
      .map((text) => `${text}\n`)
      .join('');
  return rows.map((row, n) => `-- ${n + 1} --\n${record(row)}`).join('');
}

function cellText(cell: Cell): string {
  return cell === null ? '' : String(cell);
}
function isNumeric({ type }: Column): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
}
