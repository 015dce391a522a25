import type { Cell, Column } from '../../model/kqlType.ts';

/**
 * A row as one line of JSON, by the names of its columns, exact: longs with all their digits, dynamic values as the
 * JSON they are, times and timespans as texts. What has no value is left out.
 */
export function rowJson(columns: readonly Column[], row: readonly Cell[]): string {
  const members: string[] = [];
  for (const [at, { name, type }] of columns.entries()) {
    const cell = row[at] ?? null;
    if (cell === null || cell === '') continue;
    members.push(`${JSON.stringify(name)}:${type === 'dynamic' ? dynamicJson(cell) : cellJson(cell)}`);
  }
  return `{${members.join(',')}}\n`;
}

function cellJson(cell: Cell): string {
  return typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell);
}

/** The text of a dynamic value is JSON; one that is not stands for itself. */
function dynamicJson(cell: Cell): string {
  if (typeof cell !== 'string') return cellJson(cell);
  try {
    JSON.parse(cell);
    // A line break inside would end the row.
    return /[\n\r]/.test(cell) ? JSON.stringify(JSON.parse(cell)) : cell;
  } catch {
    return JSON.stringify(cell);
  }
}

/** Bodies of so many bytes at most of the lines of rows; a row that is larger by itself stands alone. */
export function bodiesOf(columns: readonly Column[], rows: readonly (readonly Cell[])[], mostBytes: number): Buffer[] {
  const bodies: Buffer[] = [];
  let lines: Uint8Array[] = [];
  let bytes = 0;
  for (const row of rows) {
    const line = Buffer.from(rowJson(columns, row)) as unknown as Uint8Array;
    if (bytes + line.length > mostBytes && lines.length > 0) {
      bodies.push(Buffer.concat(lines));
      [lines, bytes] = [[], 0];
    }
    lines.push(line);
    bytes += line.length;
  }
  if (lines.length > 0) bodies.push(Buffer.concat(lines));
  return bodies;
}
