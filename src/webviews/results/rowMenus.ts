import type { CopyFormat } from '../grid/copyFormats.ts';
import type { ColumnChange } from '../grid/keys.ts';
import type { MenuEntry, MenuItem } from '../shell/menu.tsx';
import type { RowCell, RowFilter } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';
import type { ArrangedColumns } from './columns.ts';
import { valueFilter } from './valueFilters.ts';

/** What the menus of the grid can do. */
export interface RowActions {
  order(column: string, descending: boolean): void;
  filter(filter: RowFilter): void;
  statistics(column: MergedColumn): void;
  /** Opens the list of the column's values with their counts. */
  group(column: MergedColumn): void;
  /** By a share of its present width; 0 fits all columns to their content. */
  resize(column: MergedColumn, factor: number): void;
  arrange(column: string, change: ColumnChange): void;
  /** Shows columns that are hidden. */
  show(columns: readonly string[]): void;
  /** Every column as it is by default: its place, frozen, shown, its width. */
  resetColumns(): void;
  /** Copies the selected cells. */
  copy(format: CopyFormat): void;
}

/** The menu of a column's header. */
export function columnMenu(
  column: MergedColumn,
  { columns, frozen, hidden, steppedBack }: ArrangedColumns,
  actions: RowActions,
): readonly MenuEntry[] {
  const { name } = column;
  const arranging = (change: ColumnChange) => (): void => {
    actions.arrange(name, change);
  };
  const isFrozen = columns.findIndex((one) => one.name === name) < frozen;
  const missing = [...hidden, ...steppedBack];
  return [
    item('Sort ascending', 'arrow-up', () => {
      actions.order(name, false);
    }),
    item('Sort descending', 'arrow-down', () => {
      actions.order(name, true);
    }),
    'separator',
    item('Group by this column', 'list-tree', () => {
      actions.group(column);
    }),
    item('Column statistics', 'graph', () => {
      actions.statistics(column);
    }),
    item('Only rows with a value', 'filter', () => {
      actions.filter({ column: name, op: 'notEmpty' });
    }),
    item('Only rows without a value', 'filter', () => {
      actions.filter({ column: name, op: 'empty' });
    }),
    'separator',
    isFrozen
      ? item('Unfreeze', 'pinned', arranging('unfreeze'), 'Alt+Shift+Right')
      : item('Freeze', 'pin', arranging('freeze'), 'Alt+Shift+Left'),
    item('Move left', 'arrow-left', arranging('moveLeft'), 'Alt+Left'),
    item('Move right', 'arrow-right', arranging('moveRight'), 'Alt+Right'),
    item('Hide column', 'eye-closed', arranging('hide'), 'Delete'),
    ...(missing.length > 0
      ? [
          item(`Show ${missing.length} hidden`, 'eye', () => {
            actions.show(missing);
          }),
        ]
      : []),
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
    item('Reset all columns', 'discard', () => {
      actions.resetColumns();
    }),
  ];
}

/** Columns that say where a roll-up had a row from. */
const ORIGIN = ['_Customer', '_Workspace', '_RollupId', '_WindowStart', '_WindowEnd'];

/** Whether rows of these columns say where a roll-up had them from. */
export function tellsOrigin(columns: readonly Pick<MergedColumn, 'name'>[]): boolean {
  const names = new Set(columns.map(({ name }) => name));
  return ORIGIN.every((name) => names.has(name));
}

/**
 * The menu of a cell: filters by its value, and copies what is selected. `key` is the platform's Control key;
 * `showOrigin` shows where a row of a centre comes from, where it says so.
 */
export function cellMenu(
  column: MergedColumn,
  value: RowCell,
  actions: RowActions,
  key: 'Ctrl' | 'Cmd',
  showOrigin?: () => void,
): readonly MenuEntry[] {
  const filter = (op: 'equals' | 'notEquals') => (): void => {
    actions.filter(valueFilter(column.name, value === null ? '' : String(value), op));
  };
  const copy = (format: CopyFormat) => (): void => {
    actions.copy(format);
  };
  return [
    item('Only this value', 'filter-filled', filter('equals'), `${key}+Enter`),
    item('Everything but this value', 'filter', filter('notEquals'), `${key}+Shift+Enter`),
    item('Group by this column', 'list-tree', () => {
      actions.group(column);
    }),
    'separator',
    item('Copy', 'copy', copy('text'), `${key}+C`),
    item('Copy with headers', 'copy', copy('textWithHeaders'), `${key}+Shift+C`),
    item('Copy as Markdown', 'markdown', copy('markdown')),
    item('Copy as datatable', 'table', copy('datatable')),
    ...(showOrigin ? (['separator', item('Show where this row comes from', 'references', showOrigin)] as const) : []),
  ];
}

function item(label: string, icon: string, run: () => void, shortcut?: string): MenuItem {
  return { label, icon, run, ...(shortcut === undefined ? {} : { shortcut }) };
}
