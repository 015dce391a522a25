import { csvLine, csvRow } from '../../engine/store/textFormats.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { putData } from './outFile.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** A small table to standard output, for people or as CSV. */
export async function printTable(
  terminal: Terminal,
  format: 'table' | 'csv',
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  if (format === 'table')
    await terminal.write(formatTable(columns, rows, { width: terminal.width, colours: terminal.colours }));
  else
    await putData(
      (chunk) => terminal.write(String(chunk)),
      undefined,
      terminal,
    )([csvLine(columns.map((column) => column.name)), ...rows.map((row) => csvRow(columns, row))].join(''));
}
