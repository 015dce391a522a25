import { moveFocus, rememberFocus } from './focus.ts';
import { Icon } from './parts.tsx';
import { render, useLayoutEffect, useRef } from './view.ts';

/** One thing a menu can do; `checked` makes it a box that is ticked or not. */
export interface MenuItem {
  readonly label: string;
  /** The keys that do the same without the menu, as people write them: `Alt+Left`. */
  readonly shortcut?: string;
  readonly icon?: string;
  readonly checked?: boolean;
  readonly run: () => void;
}
/** A line of a menu. */
export type MenuEntry = MenuItem | 'separator';

let closeOpenMenu: (() => void) | undefined;

/**
 * Opens a popup menu as the ARIA pattern has it: arrows move, Enter runs, Escape closes and the focus goes back to
 * where it was. There is one at most; a click outside closes it.
 */
export function openMenu(at: HTMLElement, label: string, entries: readonly MenuEntry[]): void {
  closeOpenMenu?.();
  const restoreFocus = rememberFocus();
  const holder = document.createElement('div');
  const close = (restore: boolean): void => {
    render(null, holder);
    holder.remove();
    document.removeEventListener('mousedown', outside, true);
    window.removeEventListener('blur', leave);
    closeOpenMenu = undefined;
    if (restore) restoreFocus();
  };
  const outside = (event: Event): void => {
    if (!holder.contains(event.target as Node)) close(false);
  };
  const leave = (): void => {
    close(false);
  };
  closeOpenMenu = leave;
  document.body.append(holder);
  render(<Menu at={at} label={label} entries={entries} close={close} />, holder);
  document.addEventListener('mousedown', outside, true);
  window.addEventListener('blur', leave);
}

interface MenuProps {
  readonly at: HTMLElement;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly close: (restoreFocus: boolean) => void;
}

function Menu({ at, label, entries, close }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>('button') ?? [])];
  useLayoutEffect(() => {
    place(menu.current!, at);
    items()[0]?.focus();
  }, []);
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (!moveFocus(items(), event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={menu} class="menu" role="menu" aria-label={label} onKeyDown={key}>
      {entries.map((entry) => {
        if (entry === 'separator') return <div class="separator" role="separator" />;
        return (
          <button
            type="button"
            role={entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked={entry.checked}
            tabIndex={-1}
            onClick={() => {
              close(true);
              entry.run();
            }}
          >
            <Icon name={entry.checked ? 'check' : (entry.icon ?? 'blank')} />
            {entry.label}
            {entry.shortcut !== undefined && <span class="keys">{entry.shortcut}</span>}
          </button>
        );
      })}
    </div>
  );
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
