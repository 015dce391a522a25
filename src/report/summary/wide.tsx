/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from '../draw.ts';

/** What may be wider than the page: it is scrolled by itself, with the keyboard, too. */
export function Wide({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="wide" tabindex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
