import type { RegularTableElement } from 'regular-table';
import { placeOf } from './places.ts';
import type { CellPlace } from './selection.ts';

/** What a pointer does to a grid; places are of cells, or of headers where the row is -1. */
export interface PointerEvents {
  /** The button went down on a cell or header; `extend` where Shift was held. */
  press(place: CellPlace, extend: boolean): void;
  /** The pointer went to another cell with the button down. */
  drag(place: CellPlace): void;
  sort(place: CellPlace): void;
  open(place: CellPlace): void;
  menu(place: CellPlace, at: HTMLElement): void;
}

/**
 * Turns the mouse events of a grid into what they mean; a column's resize handle is regular-table's own. `frozen` says
 * how many columns are.
 */
export function listenToPointer(
  node: RegularTableElement,
  ended: AbortSignal,
  frozen: () => number,
  events: PointerEvents,
): void {
  let dragging = false;
  const findPlace = (target: EventTarget | null): CellPlace | undefined => {
    const cell = target instanceof HTMLElement ? target.closest<HTMLElement>('td, th') : null;
    return cell ? placeOf(node, cell, frozen()) : undefined;
  };
  node.addEventListener('mousedown', (event) => {
    const place = findPlace(event.target);
    if (!place || event.button !== 0 || isResizeHandle(event.target)) return;
    dragging = place.row >= 0;
    event.preventDefault();
    events.press(place, event.shiftKey);
  });
  node.addEventListener('mouseover', (event) => {
    const place = dragging && event.buttons === 1 ? findPlace(event.target) : undefined;
    if (place && place.row >= 0) events.drag(place);
  });
  window.addEventListener(
    'mouseup',
    () => {
      dragging = false;
    },
    { signal: ended },
  );
  node.addEventListener('click', (event) => {
    const place = findPlace(event.target);
    if (place?.row === -1 && !isResizeHandle(event.target)) events.sort(place);
  });
  node.addEventListener('dblclick', (event) => {
    const place = findPlace(event.target);
    if (place && place.row >= 0) events.open(place);
  });
  node.addEventListener('contextmenu', (event) => {
    const place = findPlace(event.target);
    if (!place) return;
    event.preventDefault();
    events.menu(place, event.target as HTMLElement);
  });
}

function isResizeHandle(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.classList.contains('rt-column-resize');
}
