/** A rectangle of cells: the anchor stays, the active cell moves; one cell when both are the same. */
export interface Selection {
  readonly anchor: CellPlace;
  readonly active: CellPlace;
}
/** A cell by its row and column from 0; row -1 is the header. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}
/** A block of cells, its last row and column included. */
export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The block a selection covers, whichever corner it began at. */
export function toRectangle({ anchor, active }: Selection): Rectangle {
  return {
    top: Math.min(anchor.row, active.row),
    bottom: Math.max(anchor.row, active.row),
    left: Math.min(anchor.column, active.column),
    right: Math.max(anchor.column, active.column),
  };
}

/** Whether the cell is in the block. */
export function contains(rectangle: Rectangle, { row, column }: CellPlace): boolean {
  return row >= rectangle.top && row <= rectangle.bottom && column >= rectangle.left && column <= rectangle.right;
}

/** Whether both are the same cell. */
export function isSamePlace(left: CellPlace, right: CellPlace): boolean {
  return left.row === right.row && left.column === right.column;
}

/** A key with its modifiers; Command counts as Control. */
export interface GridKey {
  readonly key: string;
  readonly control: boolean;
  readonly shift: boolean;
}
/** How far a key may move: `page` is the rows that one page of the view has. */
export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  readonly page: number;
}

/**
 * Where a key moves the active cell, or undefined for a key that does not move it. Row -1 is the header row.
 * The keys are those of the ARIA grid pattern: arrows, Home/End in the row, Control+Home/End in the grid, pages.
 */
export function moveActive(
  from: CellPlace,
  { key, control }: GridKey,
  { rows, columns, page }: GridSize,
): CellPlace | undefined {
  const row = (value: number): number => Math.max(-1, Math.min(rows - 1, value));
  const column = (value: number): number => Math.max(0, Math.min(columns - 1, value));
  switch (key) {
    case 'ArrowUp':
      return { ...from, row: control ? 0 : row(from.row - 1) };
    case 'ArrowDown':
      return { ...from, row: control ? rows - 1 : row(from.row + 1) };
    case 'ArrowLeft':
      return { ...from, column: control ? 0 : column(from.column - 1) };
    case 'ArrowRight':
      return { ...from, column: control ? columns - 1 : column(from.column + 1) };
    case 'PageUp':
      return { ...from, row: Math.max(0, from.row - page) };
    case 'PageDown':
      return { ...from, row: row(from.row + page) };
    case 'Home':
      return control ? { row: 0, column: 0 } : { ...from, column: 0 };
    case 'End':
      return control ? { row: rows - 1, column: columns - 1 } : { ...from, column: columns - 1 };
    default:
      return undefined;
  }
}
