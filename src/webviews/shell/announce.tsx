import { visibleLines } from '../../base/visibleText.ts';
import { createRef } from './view.ts';
import type { ComponentChild } from './view.ts';

/** Says things to a screen reader without moving the focus. */
export interface Announcer {
  /** The same words twice are said twice. */
  say(text: string): void;
  /** The live region; it is on the page once, from the start. */
  readonly Region: () => ComponentChild;
}

/** A live region and the function that speaks through it. */
export function createAnnouncer(): Announcer {
  const region = createRef<HTMLDivElement>();
  let flip = false;
  return {
    say(text) {
      flip = !flip;
      const plain = visibleLines(text);
      if (region.current) region.current.textContent = flip ? plain : `${plain}\u00a0`;
    },
    Region: () => <div ref={region} class="visually-hidden" aria-live="polite" role="status" />,
  };
}
