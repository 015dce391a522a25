import { element, fill, icon } from './element.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon?: string;
  readonly checked?: boolean;
  readonly run: () => void;
}
export type MenuEntry = MenuItem | 'separator';

/**
 * A popup menu as the ARIA pattern has it: arrows move, Enter runs, Escape closes and the focus goes back to where it
 * was.
 */
export function openMenu(at: HTMLElement, label: string, entries: readonly MenuEntry[]): void {
  document.querySelector('.menu')?.remove();
  const before = document.activeElement;
  const items: HTMLElement[] = [];
  const close = (restore: boolean): void => {
    menu.remove();
    document.removeEventListener('mousedown', outside, true);
    window.removeEventListener('blur', leave);
    if (restore && before instanceof HTMLElement) before.focus();
  };
  const outside = (event: Event): void => {
    if (!menu.contains(event.target as Node)) close(false);
  };
  const leave = (): void => {
    close(false);
  };
  const move = (step: number): void => {
    items[(items.indexOf(document.activeElement as HTMLElement) + step + items.length) % items.length]?.focus();
  };
  const menu = element('div', {
    class: 'menu',
    role: 'menu',
    'aria-label': label,
    onkeydown: (event) => {
      const { key } = event as KeyboardEvent;
      if (key === 'ArrowDown') move(1);
      else if (key === 'ArrowUp') move(-1);
      else if (key === 'Home') items[0]?.focus();
      else if (key === 'End') items.at(-1)?.focus();
      else if (key === 'Escape' || key === 'Tab') close(true);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  fill(
    menu,
    ...entries.map((entry) => {
      if (entry === 'separator') return element('div', { class: 'separator', role: 'separator' });
      const item = element(
        'button',
        {
          type: 'button',
          role: entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox',
          'aria-checked': entry.checked,
          tabindex: -1,
          onclick: () => {
            close(true);
            entry.run();
          },
        },
        icon(entry.checked ? 'check' : (entry.icon ?? 'blank')),
        entry.label,
      );
      items.push(item);
      return item;
    }),
  );
  document.body.append(menu);
  place(menu, at);
  items[0]?.focus();
  document.addEventListener('mousedown', outside, true);
  window.addEventListener('blur', leave);
}

/** Below the anchor, or above it where there is no room; always inside the window. */
function place(menu: HTMLElement, at: HTMLElement): void {
  const anchor = at.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(4, Math.min(anchor.left, window.innerWidth - width - 4));
  const below = anchor.bottom + 2;
  const top = below + height <= window.innerHeight ? below : Math.max(4, anchor.top - height - 2);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
