import { visibleLines } from '../../base/visibleText.ts';
import { options } from './view.ts';

/** Attributes whose text a person reads or hears. */
const SHOWN = ['title', 'aria-label', 'aria-description', 'alt', 'placeholder', 'label'];

/**
 * From now on every text that is drawn, and every attribute that is read, says what it holds: controls and marks that
 * turn or hide text become visible signs, as they are in the cells of a grid. The values of fields stay as they are.
 */
export function showTextPlainly(): void {
  const before = options.vnode;
  options.vnode = (vnode) => {
    // A text of its own is a node without a type, with the text as its properties.
    const { type, props } = vnode as { type: unknown; props: unknown };
    if (type === null && typeof props === 'string') (vnode as { props: unknown }).props = visibleLines(props);
    else if (typeof type === 'string') plainAttributes(props as Record<string, unknown>);
    before?.(vnode);
  };
}

function plainAttributes(props: Record<string, unknown>): void {
  for (const name of SHOWN) {
    const text = props[name];
    if (typeof text === 'string') props[name] = visibleLines(text);
  }
}
