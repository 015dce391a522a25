/** Remembers where the focus is; the answer gives it back there, if that is still on the page. */
export function rememberFocus(): () => void {
  const before = document.activeElement;
  return () => {
    if (before instanceof HTMLElement) before.focus();
  };
}

/**
 * Moves the focus among items as menus and lists do (up, down, Home, End, round at the ends); false for another key.
 */
export function moveFocus(items: readonly HTMLElement[], key: string): boolean {
  const now = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[key];
  if (to === undefined) return false;
  items[(to + items.length) % items.length]?.focus();
  return true;
}
