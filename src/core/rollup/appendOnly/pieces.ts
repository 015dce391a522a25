import type { Cell } from '../../../model/kqlType.ts';

/** Rows that are sent together, and about their size in bytes. */
export interface Piece {
  readonly rows: readonly (readonly Cell[])[];
  readonly bytes: number;
}

/** Pages cut and put together anew by size, so that one piece is in memory and no piece is empty. */
export async function* piecesOf(
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  pieceBytes: number,
): AsyncGenerator<Piece> {
  let rows: (readonly Cell[])[] = [];
  let bytes = 0;
  for await (const page of pages)
    for (const row of page) {
      const size = sizeOf(row);
      if (rows.length > 0 && bytes + size > pieceBytes) {
        yield { rows, bytes };
        [rows, bytes] = [[], 0];
      }
      rows.push(row);
      bytes += size;
    }
  if (rows.length > 0) yield { rows, bytes };
}

/** As JSON: a comma or bracket for each cell, and quotation marks around what is text. */
function sizeOf(row: readonly Cell[]): number {
  let size = 0;
  for (const cell of row) size += typeof cell === 'string' ? cell.length + 3 : String(cell).length + 1;
  return size;
}
