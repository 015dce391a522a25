import type { Disposable } from '../../base/disposable.ts';

/** Calls back when VS Code changes the theme (it rewrites the body's class and the root's variables). */
export function onThemeChange(listener: () => void): Disposable {
  let pending = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(listener);
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return {
    dispose: () => {
      cancelAnimationFrame(pending);
      observer.disconnect();
    },
  };
}

/** The value of a `--vscode-*` variable now, or the fallback where the theme does not set it. */
export function themeColor(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--vscode-${name}`).trim() || fallback;
}
