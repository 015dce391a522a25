import { randomBytes } from 'node:crypto';
import type { Uri, Webview } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { Channel } from '../../base/rpc.ts';
import type { Contract, Handlers, NoRequests, Timers } from '../../base/rpc.ts';

/** What makes one page another than the next: its bundle, its title, and what its host does for it. */
export interface PageKind<Host extends Contract> {
  /** The bundle: `NAME.js` and `NAME.css` beside the extension's own. It names the page in the log, too. */
  readonly name: string;
  readonly title: string;
  /** Scripts the page loads when it needs them: the name it asks by (lower case), and the bundle's file. */
  readonly laterScripts?: Readonly<Record<string, string>>;
  readonly handlers: Handlers<Host>;
}

/** The addresses and secrets that go into a page's HTML. */
export interface PageSources {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  readonly laterScripts: Readonly<Record<string, string>>;
  /** The source of the policy that VS Code serves a webview's files from. */
  readonly cspSource: string;
  readonly nonce: string;
}

const TIMERS: Timers = {
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (handle) => {
    clearTimeout(handle as NodeJS.Timeout);
  },
};

/**
 * One page in one webview, wherever VS Code put it: its options, its HTML and its channel. It ends with the webview.
 */
export class Page<Host extends Contract> implements Disposable {
  private readonly store = new DisposableStore();
  private readonly channel: Channel<Host, NoRequests>;

  /** `dist` is the folder of the bundles, and all that the page may load; `failed` hears of requests that failed. */
  constructor(webview: Webview, dist: Uri, kind: PageKind<Host>, failed: (where: string, error: AppError) => void) {
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.channel = this.store.add(
      new Channel<Host, NoRequests>(
        {
          post: (message) => {
            void webview.postMessage(message);
          },
          onMessage: (listener) => webview.onDidReceiveMessage(listener),
        },
        reported(kind, failed),
        TIMERS,
      ),
    );
    const address = (file: string): string =>
      webview.asWebviewUri(dist.with({ path: `${dist.path}/${file}` })).toString();
    webview.html = pageHtml({
      title: kind.title,
      script: address(`${kind.name}.js`),
      style: address(`${kind.name}.css`),
      laterScripts: Object.fromEntries(
        Object.entries(kind.laterScripts ?? {}).map(([name, file]) => [name, address(file)]),
      ),
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64url'),
    });
  }

  /** Tells the page something; one that is not ready yet does not hear it, and asks with `ready`. */
  emit<K extends keyof Host['events'] & string>(name: K, payload: Host['events'][K]): void {
    this.channel.emit(name, payload);
  }

  dispose(): void {
    this.store.dispose();
  }
}

/**
 * The HTML of a page: one script with a nonce, one style sheet (its icon font inside), nothing from anywhere else, no
 * eval, no inline style. Later scripts are loaded by the page itself, with the addresses and the nonce that stand on
 * the first one. The script is in the head because the page replaces everything in the body.
 */
export function pageHtml({ title, script, style, laterScripts, cspSource, nonce }: PageSources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource} data:`,
    `img-src ${cspSource} data:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  const later = Object.entries(laterScripts).map(([name, address]) => ` data-${name}="${escaped(address)}"`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escaped(title)}</title>
  <link rel="stylesheet" href="${escaped(style)}">
  <script defer nonce="${nonce}" src="${escaped(script)}"${later.join('')}></script>
</head>
<body></body>
</html>`;
}

/** Text that a page sent: whatever it sends is checked, its types are only what it promises. */
export function toPageText(value: unknown): string {
  if (typeof value !== 'string') throw new AppError('bug.pageMessage', 'A page sent something that is not text.');
  return value;
}

/**
 * The handlers, with every failure reported by its page and request: the page shows the words, the log has the code.
 */
function reported<Host extends Contract>(
  { name: page, handlers }: PageKind<Host>,
  failed: (where: string, error: AppError) => void,
): Handlers<Host> {
  const wrapped = Object.entries<Handlers<Host>[string]>(handlers).map(([name, handler]) => [
    name,
    async (input: never, signal: CancelSignal) => {
      try {
        return await handler(input, signal);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family !== 'cancelled') failed(`${page}.${name}`, error);
        throw error;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers<Host>;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
