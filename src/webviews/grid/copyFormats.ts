import { kqlName } from '../../model/kqlNames.ts';
import type { RowCell } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';

/** How selected cells are put on the clipboard: tab-separated, a Markdown table, or KQL's `datatable`. */
export type CopyFormat = 'text' | 'textWithHeaders' | 'markdown' | 'datatable';
type Rows = readonly (readonly RowCell[])[];

/**
 * Selected cells as text for the clipboard. One cell is its text as it stands. Several are tab-separated and bound for
 * a spreadsheet:
 * what holds tabs, quotes or line breaks is quoted, and what would be taken for a formula gets an apostrophe, as in
 * CSV.
 */
export function toClipboard(format: CopyFormat, columns: readonly MergedColumn[], rows: Rows): string {
  const line = (row: readonly RowCell[]): string => row.map((value, index) => tabbed(value, columns[index])).join('\t');
  switch (format) {
    case 'text':
      return rows.length === 1 && columns.length === 1 ? String(rows[0]?.[0] ?? '') : rows.map(line).join('\n');
    case 'textWithHeaders':
      return [columns.map((column) => tabbed(column.name)).join('\t'), ...rows.map(line)].join('\n');
    case 'markdown':
      return toMarkdown(columns, rows);
    case 'datatable':
      return toDatatable(columns, rows);
  }
}

function tabbed(value: RowCell, column?: MergedColumn): string {
  const written = value === null ? '' : String(value);
  const text =
    /^[=+\-@\t\r]/.test(written) && !NUMBERS_AND_TIMES.has(column?.type ?? 'string') ? `'${written}` : written;
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toMarkdown(columns: readonly MergedColumn[], rows: Rows): string {
  const cell = (value: RowCell): string =>
    (value === null ? '' : String(value))
      .replaceAll('\\', '\\\\')
      .replaceAll('|', '\\|')
      .replaceAll('<', '&lt;')
      .replaceAll(/\r?\n/g, ' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const ruler = columns.map((column) => (isNumeric(column) ? '---:' : '---'));
  return [
    line(columns.map((column) => cell(column.name))),
    line(ruler),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n');
}

/** Reals that are no number, as KQL writes them. */
const REALS: Readonly<Record<string, string>> = {
  NaN: 'real(nan)',
  Infinity: 'real(+inf)',
  '-Infinity': 'real(-inf)',
};

/** A KQL `datatable` literal that gives the same cells back. */
function toDatatable(columns: readonly MergedColumn[], rows: Rows): string {
  const schema = columns.map((column) => `${kqlName(column.name)}:${column.type}`).join(', ');
  const literal = (value: RowCell, type: MergedColumn['type']): string => {
    if (value === null) return type === 'string' ? '""' : `${type}(null)`;
    if (type === 'string') return JSON.stringify(String(value));
    if (type === 'real' && !/\d/.test(String(value))) return REALS[String(value)] ?? 'real(null)';
    return type === 'dynamic' ? `dynamic(${String(value)})` : `${type}(${String(value)})`;
  };
  const lines = rows.map((row) => `  ${row.map((value, index) => literal(value, columns[index]!.type)).join(', ')}`);
  return `datatable(${schema}) [\n${lines.join(',\n')}\n]`;
}

/** Types whose texts begin with a minus sign honestly. */
const NUMBERS_AND_TIMES: ReadonlySet<MergedColumn['type']> = new Set([
  'int',
  'long',
  'real',
  'decimal',
  'timespan',
  'datetime',
  'bool',
]);

/** Whether a column holds numbers: they stand to the right in the grid, and are heights in a chart. */
export function isNumeric({ type }: MergedColumn): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
}
