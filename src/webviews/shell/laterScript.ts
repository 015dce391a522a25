/** The page's own script element, known only while it runs first: it carries addresses and the nonce. */
const OWN_SCRIPT = document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined;

const loading = new Map<string, Promise<void>>();

/**
 * Loads a script that the page does not need at once, the first time it is asked for. The host names it in the page's
 * `laterScripts`; it runs under the page's nonce. Rejects with words for the person; a failure may be tried again.
 */
export function loadLaterScript(name: string): Promise<void> {
  const known = loading.get(name);
  if (known) return known;
  const asked = new Promise<void>((resolve, reject) => {
    const source = OWN_SCRIPT?.dataset[name];
    if (!source) {
      reject(new Error(`The ${name} part of this page is missing; install the extension again.`));
      return;
    }
    const node = document.createElement('script');
    node.src = source;
    node.nonce = OWN_SCRIPT.nonce;
    node.addEventListener('load', () => {
      resolve();
    });
    node.addEventListener('error', () => {
      loading.delete(name);
      reject(new Error(`The ${name} part of this page could not be loaded.`));
    });
    document.head.append(node);
  });
  loading.set(name, asked);
  return asked;
}
