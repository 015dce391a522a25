import type { ComponentChildren } from './view.ts';

/** A codicon: decoration only, its meaning stands in text or a label beside it. */
export function Icon({ name }: { readonly name: string }) {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" />;
}

/** What a button is given; `onClick` gets the button itself, to open a menu at. */
export interface ButtonProps {
  /** What it does: its name for a screen reader and its tooltip, with `shortcut` (a key's name) in brackets. */
  readonly label: string;
  readonly icon: string;
  readonly shortcut?: string;
  /** Whether the label stands beside the icon. */
  readonly text?: boolean;
  /** It opens a menu. */
  readonly menu?: boolean;
  /** It turns something on and off: whether that is on. */
  readonly pressed?: boolean;
  readonly onClick: (button: HTMLButtonElement) => void;
}

/** A button of an icon, or of an icon and text. */
export function Button({ label, icon, shortcut, text, menu, pressed, onClick }: ButtonProps) {
  return (
    <button
      type="button"
      class={text ? 'text' : 'icon'}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-label={label}
      aria-haspopup={menu ? 'menu' : undefined}
      aria-pressed={pressed}
      onClick={(event) => {
        onClick(event.currentTarget);
      }}
    >
      <Icon name={icon} />
      {text ? label : undefined}
    </button>
  );
}

/** A line below the head of a page: something to know about all of it, or an error that is read out at once. */
export function Note({ icon, alert, children }: { icon: string; alert?: boolean; children: ComponentChildren }) {
  return (
    <div class="note">
      <Icon name={icon} />
      {alert ? <span role="alert">{children}</span> : children}
    </div>
  );
}

/** The thin bar of work that goes on: `done` of `all` parts. The parent places it. */
export function Progress({ label, done, all }: { label: string; done: number; all: number }) {
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemax={all}
      aria-valuenow={done}
      style={{ '--share': `${all > 0 ? (100 * done) / all : 0}%` }}
    />
  );
}

/** What a page says that has nothing to show yet, and the next step. */
export function Welcome({ what, next }: { what: string; next: string }) {
  return (
    <div class="welcome">
      <p>{what}</p>
      <p class="muted">{next}</p>
    </div>
  );
}
