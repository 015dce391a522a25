import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Channel } from '../../src/base/rpc.ts';
import type { Contract, Handlers, NoRequests, Port } from '../../src/base/rpc.ts';
import { pageHtml } from '../../src/extension/platform/page.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';
import { ROOT } from '../../scripts/tools.mjs';

const NONCE = 'page-test-nonce';
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

export interface PageUnderTest<Host extends Contract> {
  readonly page: Page;
  /** Violations of the page's policy and errors on its console; a healthy page has none. */
  readonly complaints: string[];
  readonly channel: Channel<Host, NoRequests>;
  close(): Promise<void>;
}

export interface OpenedPage<Host extends Contract> {
  /** `NAME.js` and `NAME.css` in `folder`. */
  readonly name: string;
  /** Where the bundles are; the product's own unless said otherwise. */
  readonly folder?: string;
  readonly laterScripts?: Readonly<Record<string, string>>;
  readonly handlers: Handlers<Host>;
  readonly theme?: ThemeName | undefined;
  readonly size?: { width: number; height: number } | null | undefined;
}

/** Opens a built page in Chromium with the HTML and the policy the extension gives it, and `handlers` as its host. */
export async function openPage<Host extends Contract>(
  browser: Browser,
  opened: OpenedPage<Host>,
): Promise<PageUnderTest<Host>> {
  const server = await serve(opened);
  const page = await browser.newPage({
    viewport: opened.size === undefined ? { width: 1200, height: 420 } : opened.size,
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    complaints.push(error.message);
  });
  const channel = new Channel<Host, NoRequests>(await portOf(page), opened.handlers, {
    set: (callback, ms) => setTimeout(callback, ms),
    clear: (handle) => {
      clearTimeout(handle as NodeJS.Timeout);
    },
  });
  await page.goto(server.address);
  return {
    page,
    complaints,
    channel,
    async close() {
      channel.dispose();
      await page.close();
      await server.close();
    },
  };
}

/** The theme as VS Code brings it: a class of the body, and variables on the root that no policy stands against. */
function themed(html: string, theme: ThemeName): string {
  const { kind, variables } = THEMES[theme];
  const set = `for (const [name, value] of Object.entries(${JSON.stringify(variables)}))
    document.documentElement.style.setProperty('--vscode-' + name, value);`;
  return html
    .replace('<head>', `<head><script nonce="${NONCE}">${set}</script>`)
    .replace('<body>', `<body class="${kind}">`);
}

async function serve(
  opened: Pick<OpenedPage<Contract>, 'name' | 'folder' | 'laterScripts' | 'theme'>,
): Promise<{ address: string; close(): Promise<void> }> {
  const html = pageHtml({
    title: opened.name,
    script: `${opened.name}.js`,
    style: `${opened.name}.css`,
    laterScripts: opened.laterScripts ?? {},
    cspSource: "'self'",
    nonce: NONCE,
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname.slice(1);
    if (path === '') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(themed(html, opened.theme ?? 'dark'));
      return;
    }
    if (path === 'favicon.ico') {
      // A browser asks for it by itself; a webview does not.
      response.writeHead(204).end();
      return;
    }
    const type = TYPES[path.split('.').pop() ?? ''];
    if (!type || path.includes('/')) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', type);
    response.end(readFileSync(join(opened.folder ?? join(ROOT, 'dist'), path)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  return {
    address: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The host's end of the page's messages. */
async function portOf(page: Page): Promise<Port> {
  const listeners = new Set<(message: unknown) => void>();
  await page.exposeFunction('hostReceives', (message: unknown) => {
    for (const listener of listeners) listener(message);
  });
  // As text: a loader that renames functions must not reach into the page.
  await page.addInitScript({
    content: `
    let state;
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => { void hostReceives(message); },
      getState: () => state,
      setState: (next) => { state = next; },
    });
  `,
  });
  return {
    post: (message) => {
      page
        .evaluate((value) => {
          window.postMessage(value, '*');
        }, message)
        .catch(() => undefined);
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return {
        dispose: () => {
          listeners.delete(listener);
        },
      };
    },
  };
}
