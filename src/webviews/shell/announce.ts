/** Says something to a screen reader without moving the focus; the same words twice are said twice. */
export function createAnnouncer(): { readonly node: HTMLElement; say(text: string): void } {
  const node = document.createElement('div');
  node.className = 'visually-hidden';
  node.setAttribute('aria-live', 'polite');
  node.setAttribute('role', 'status');
  let flip = false;
  return {
    node,
    say(text) {
      flip = !flip;
      node.textContent = flip ? text : `${text}\u00a0`;
    },
  };
}
