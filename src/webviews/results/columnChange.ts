import { visibleText } from '../../base/visibleText.ts';
import type { ColumnLayout } from '../../model/columnLayout.ts';
import type { ColumnChange } from '../grid/keys.ts';
import { chooseColumns, moveColumn } from './columns.ts';
import type { ArrangedColumns } from './columns.ts';

/** What came of a change: the layout, absent where nothing could be done, and what to say of it. */
export interface ChangedLayout {
  readonly layout?: ColumnLayout;
  readonly said: string;
}

/** The layout after a shown column was moved, frozen, let go or hidden. */
export function changeColumn(
  layout: ColumnLayout,
  arranged: ArrangedColumns,
  name: string,
  change: ColumnChange,
): ChangedLayout {
  const { columns, frozen } = arranged;
  const shown = visibleText(name);
  const isFrozen = columns.findIndex((column) => column.name === name) < frozen;
  const direction = change === 'moveLeft' ? 'left' : 'right';
  switch (change) {
    case 'moveLeft':
    case 'moveRight': {
      const moved = moveColumn(layout, arranged, name, direction === 'left' ? -1 : 1);
      if (moved) return { layout: moved, said: `${shown} moved ${direction}.` };
      return { said: `${shown} cannot go further ${direction}${frozen > 0 ? ' among its kind, frozen or not' : ''}.` };
    }
    case 'freeze':
      if (isFrozen) return { said: `${shown} is frozen already.` };
      if (columns.length - frozen === 1) return { said: 'One column has to scroll.' };
      return { layout: chooseColumns(layout, [name], { frozen: true }), said: `${shown} is frozen.` };
    case 'unfreeze':
      if (!isFrozen) return { said: `${shown} is not frozen.` };
      return { layout: chooseColumns(layout, [name], { frozen: false }), said: `${shown} is not frozen any more.` };
    case 'hide':
      if (columns.length === 1) return { said: 'One column has to stay.' };
      return { layout: chooseColumns(layout, [name], { hidden: true }), said: `${shown} is hidden.` };
  }
}
