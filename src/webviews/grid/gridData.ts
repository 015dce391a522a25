import type { ColumnChange } from './keys.ts';
import type { CellPlace, Rectangle, Selection } from './selection.ts';
import type { RowCell, RowSort } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';

/** What the grid shows now: its shape, how it is sorted, what is selected and the rows of the last drawn window. */
export interface GridData {
  readonly columns: readonly MergedColumn[];
  /** So many columns, the first ones, stay in view while the others scroll sideways. */
  readonly frozen: number;
  /** Index of each shown column in the rows that `GridEvents.rows` gives. */
  readonly positions: readonly number[];
  readonly rowCount: number;
  readonly sorts: readonly RowSort[];
  /** Column 0 is the first data column, row -1 the header. */
  readonly selection: Selection;
  /** Rows by their index, of the window that is in view. */
  readonly values: ReadonlyMap<number, readonly RowCell[]>;
  /** What was looked for: cells that show it are marked; "" for nothing. */
  readonly marked: string;
}

/** What the page decides of a grid. */
export type GridShape = Pick<GridData, 'columns' | 'frozen' | 'positions' | 'rowCount' | 'sorts' | 'marked'>;

/** What a grid asks of the page and tells it. */
export interface GridEvents {
  /** Rows [first, end) of the visible columns' full list, as they are sorted and filtered now. */
  rows(first: number, end: number): Promise<readonly (readonly RowCell[])[]>;
  /** A header was activated: a click or Enter sorts, the menu key or a right click opens the column's menu. */
  sort(column: MergedColumn): void;
  menu(column: MergedColumn, at: HTMLElement): void;
  open(column: MergedColumn, value: RowCell, row: number): void;
  cellMenu(column: MergedColumn, value: RowCell, at: HTMLElement): void;
  /** A key asked to filter by a cell's value. */
  filter(column: MergedColumn, value: RowCell, op: 'equals' | 'notEquals'): void;
  /** A key asked to arrange a column otherwise. */
  arrange(column: MergedColumn, change: ColumnChange): void;
  copy(rectangle: Rectangle, withHeaders: boolean): void;
}

/** The value of a drawn cell; undefined where the cell is outside the window or no cell of the data. */
export function findValue(data: GridData, { row, column }: CellPlace): RowCell | undefined {
  const cells = data.values.get(row);
  const position = data.positions[column];
  return cells && position !== undefined ? (cells[position] ?? null) : undefined;
}

/** The place moved to where the data has a cell; a header stays one, and is what is left where there are no rows. */
export function clampPlace({ row, column }: CellPlace, data: Pick<GridData, 'rowCount' | 'columns'>): CellPlace {
  return {
    row: Math.max(-1, Math.min(row, data.rowCount - 1)),
    column: Math.max(0, Math.min(column, data.columns.length - 1)),
  };
}
