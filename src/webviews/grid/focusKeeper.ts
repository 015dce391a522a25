/**
 * Keeps the focus in a table whose cells come and go. There is one tab stop: the active cell where it is in view, else
 * the table itself, which takes the same keys.
 */
export class FocusKeeper {
  private readonly node: HTMLElement;
  /** Somebody asked for the focus before the cell was there. */
  private wanted = false;
  /** The focus was here when it was last seen. */
  private held = false;

  constructor(node: HTMLElement, ended: AbortSignal) {
    this.node = node;
    node.addEventListener('focusin', () => {
      this.held = true;
    });
    node.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && !node.contains(event.relatedTarget)) this.held = false;
    });
    document.addEventListener(
      'mousedown',
      (event) => {
        if (!node.contains(event.target as Node)) this.held = false;
      },
      { capture: true, signal: ended },
    );
  }

  /** Whether the focus is in the table, or was when a draw took its cell away. */
  get isHere(): boolean {
    return this.node.contains(document.activeElement) || (this.held && document.activeElement === document.body);
  }

  /** The next draw that has the active cell in view gives it the focus. */
  want(): void {
    this.wanted = true;
  }

  /** After a draw: moves the tab stop to the active cell, and the focus where it belongs to the table. */
  settle(active: HTMLElement | undefined): void {
    this.node.tabIndex = active ? -1 : 0;
    if (active) active.tabIndex = 0;
    // A draw may have taken the focused cell out of the page, which drops the focus to the body.
    if (this.wanted || this.isHere) (active ?? this.node).focus({ preventScroll: true });
    if (active) this.wanted = false;
  }
}
