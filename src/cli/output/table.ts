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
/** Where nothing is cut, a longer cell stands out of its column instead of widening every other row to its 64 KB. */
const WIDEST = 400;

/**
 * A table for people: columns as wide as they need, the widest cut where the screen is too narrow, one row per record
 * where even that does not fit.
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
      : fitWidths(natural, style.width - GAP.length * (columns.length - 1));
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
  return [bold(line(heads)), rule, ...texts.flatMap(linesOf)].map((text) => `${text}\n`).join('');
}

/** Widths that sum to at most `room`: the widest give first. Undefined where even the least does not fit. */
function fitWidths(natural: readonly number[], room: number): number[] | undefined {
  const least = natural.map((width) => Math.min(width, LEAST));
  const sum = (widths: readonly number[]): number => widths.reduce((a, b) => a + b, 0);
  if (sum(least) > room) return undefined;
  let low = LEAST,
    high = Math.max(...natural, LEAST);
  while (low < high) {
    const cap = Math.ceil((low + high) / 2);
    if (sum(natural.map((width) => Math.min(width, cap))) <= room) low = cap;
    else high = cap - 1;
  }
  const widths = natural.map((width) => Math.min(width, low));
  // What rounding left over goes to the columns that are still cut.
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
  return rows
    .map(
      (row, n) =>
        `-- ${n + 1} --\n${row.map((cell, i) => `${padText(heads[i]!, label, false)}${GAP}${fitText(cell, room)}`.trimEnd()).join('\n')}\n`,
    )
    .join('');
}

function cellText(cell: Cell): string {
  return cell === null ? '' : String(cell);
}
function isNumeric({ type }: Column): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
}
