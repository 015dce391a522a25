import type { CopyFormat } from '../grid/copyFormats.ts';
import type { MenuEntry } from '../shell/menu.tsx';
import type { RowCell, RowFilter } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';

/** What the menus of the grid can do. */
export interface RowActions {
  order(column: string, descending: boolean): void;
  filter(filter: RowFilter): void;
  statistics(column: MergedColumn): void;
  /** By a share of its present width; 0 fits all columns to their content. */
  resize(column: MergedColumn, factor: number): void;
  hide(column: string): void;
  /** Copies the selected cells. */
  copy(format: CopyFormat): void;
}

/** The menu of a column's header. */
export function columnMenu(column: MergedColumn, actions: RowActions): readonly MenuEntry[] {
  const { name } = column;
  return [
    item('Sort ascending', 'arrow-up', () => {
      actions.order(name, false);
    }),
    item('Sort descending', 'arrow-down', () => {
      actions.order(name, true);
    }),
    'separator',
    item('Only rows with a value', 'filter', () => {
      actions.filter({ column: name, op: 'notEmpty' });
    }),
    item('Only rows without a value', 'filter', () => {
      actions.filter({ column: name, op: 'empty' });
    }),
    item('Column statistics', 'graph', () => {
      actions.statistics(column);
    }),
    'separator',
    item('Wider', 'chevron-right', () => {
      actions.resize(column, 1.4);
    }),
    item('Narrower', 'chevron-left', () => {
      actions.resize(column, 0.7);
    }),
    item('Fit columns to content', 'symbol-ruler', () => {
      actions.resize(column, 0);
    }),
    item('Hide column', 'eye-closed', () => {
      actions.hide(name);
    }),
  ];
}

/** The menu of a cell: filters by its value, and copies what is selected. */
export function cellMenu(column: MergedColumn, value: RowCell, actions: RowActions): readonly MenuEntry[] {
  const filter = (op: 'equals' | 'notEquals') => (): void => {
    actions.filter(
      value === null || value === ''
        ? { column: column.name, op: op === 'equals' ? 'empty' : 'notEmpty' }
        : { column: column.name, op, value: String(value) },
    );
  };
  const copy = (format: CopyFormat) => (): void => {
    actions.copy(format);
  };
  return [
    item('Only rows with this value', 'filter-filled', filter('equals')),
    item('Without rows with this value', 'filter', filter('notEquals')),
    'separator',
    item('Copy', 'copy', copy('text')),
    item('Copy with headers', 'copy', copy('textWithHeaders')),
    item('Copy as Markdown', 'markdown', copy('markdown')),
    item('Copy as datatable', 'table', copy('datatable')),
  ];
}

function item(label: string, icon: string, run: () => void): MenuEntry {
  return { label, icon, run };
}
