import type { GridKey } from './selection.ts';

/** What a key press means to a grid; `move` is for the selection to decide, which knows where the edges are. */
export type GridCommand =
  | { readonly kind: 'copy'; readonly withHeaders: boolean }
  | { readonly kind: 'selectAll' | 'menu' | 'activate' }
  | { readonly kind: 'filter'; readonly op: 'equals' | 'notEquals' }
  | { readonly kind: 'arrange'; readonly change: ColumnChange }
  | { readonly kind: 'move'; readonly key: GridKey };

/** How a column is to be arranged otherwise. */
export type ColumnChange = 'moveLeft' | 'moveRight' | 'freeze' | 'unfreeze' | 'hide';

/**
 * The command of a key: Control (or Command) with C and A; with Enter, filter by the cell, and with Shift but for it;
 * Alt with the arrows moves a column, and with Shift freezes it or lets it go; Delete hides it (of a header only); the
 * menu key or Shift+F10, Enter and Space; every other key may be a move.
 */
export function toGridCommand(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): GridCommand {
  const { key, shiftKey: shift } = event;
  const control = event.ctrlKey || event.metaKey;
  if (control && key.toLowerCase() === 'c') return { kind: 'copy', withHeaders: shift };
  if (control && key.toLowerCase() === 'a') return { kind: 'selectAll' };
  if (control && key === 'Enter') return { kind: 'filter', op: shift ? 'notEquals' : 'equals' };
  if (event.altKey && key === 'ArrowLeft') return { kind: 'arrange', change: shift ? 'freeze' : 'moveLeft' };
  if (event.altKey && key === 'ArrowRight') return { kind: 'arrange', change: shift ? 'unfreeze' : 'moveRight' };
  if (key === 'Delete') return { kind: 'arrange', change: 'hide' };
  if (key === 'ContextMenu' || (shift && key === 'F10')) return { kind: 'menu' };
  if (key === 'Enter' || key === ' ') return { kind: 'activate' };
  return { kind: 'move', key: { key, control, shift } };
}
