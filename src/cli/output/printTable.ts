import { csvLine, csvRow } from '../../engine/store/textFormats.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { putData } from './outFile.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/**
 * A small table to standard output, for people or as CSV. `style`: how wide it is where there is no screen, and whether
 * cells wrap on one.
 */
export async function printTable(
  terminal: Terminal,
  format: 'table' | 'csv',
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: { readonly unseenWidth?: number; readonly cuts?: boolean } = {},
): Promise<void> {
  const { unseenWidth, cuts = false } = style;
  if (format === 'table')
    await terminal.write(
      formatTable(columns, rows, {
        width: terminal.width ?? unseenWidth,
        colours: terminal.colours,
        // Lines of a pipe are looked through one by one.
        wraps: !cuts && terminal.width !== undefined,
      }),
    );
  else
    await putData(
      (chunk) => terminal.write(String(chunk)),
      undefined,
      terminal,
    )([csvLine(columns.map((column) => column.name)), ...rows.map((row) => csvRow(columns, row))].join(''));
}
