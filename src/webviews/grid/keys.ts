import type { GridKey } from './selection.ts';

/** What a key press means to a grid; `move` is for the selection to decide, which knows where the edges are. */
export type GridCommand =
  | { readonly kind: 'copy'; readonly withHeaders: boolean }
  | { readonly kind: 'selectAll' | 'menu' | 'activate' }
  | { readonly kind: 'move'; readonly key: GridKey };

/**
 * The command of a key: Control (or Command) with C and A, the menu key or Shift+F10, Enter and Space; every other key
 * may be a move.
 */
export function toGridCommand(event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey'>): GridCommand {
  const { key, shiftKey: shift } = event;
  const control = event.ctrlKey || event.metaKey;
  if (control && key.toLowerCase() === 'c') return { kind: 'copy', withHeaders: shift };
  if (control && key.toLowerCase() === 'a') return { kind: 'selectAll' };
  if (key === 'ContextMenu' || (shift && key === 'F10')) return { kind: 'menu' };
  if (key === 'Enter' || key === ' ') return { kind: 'activate' };
  return { kind: 'move', key: { key, control, shift } };
}
