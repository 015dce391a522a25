import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Channel } from '../../src/base/rpc.ts';
import type { Handlers, NoRequests, Port } from '../../src/base/rpc.ts';
import type { ResultsHost, RunView } from '../../src/protocol/results.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';
import { ROOT } from '../../scripts/tools.mjs';

const NONCE = 'page-test-nonce';

export interface ResultsPageUnderTest {
  readonly page: Page;
  /** Violations of the page's policy and errors on its console; a healthy page has none. */
  readonly complaints: string[];
  send(run: RunView | null): void;
  close(): Promise<void>;
}

/** Opens the built Results page in Chromium under the policy VS Code gives it, with `handlers` as its host. */
export async function openResultsPage(
  browser: Browser,
  handlers: Handlers<ResultsHost>,
  options: { theme?: ThemeName; size?: { width: number; height: number } | null | undefined } = {},
): Promise<ResultsPageUnderTest> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname.slice(1);
    if (path === '') {
      const { kind, variables } = THEMES[options.theme ?? 'dark'];
      const root = Object.entries(variables)
        .map(([name, value]) => `--vscode-${name}: ${value};`)
        .join(' ');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src 'nonce-${NONCE}'; style-src 'self' 'nonce-${NONCE}'; font-src 'self'; img-src data:`,
      );
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Results</title><style nonce="${NONCE}">:root { ${root} }</style><link rel="stylesheet" href="results.css"></head>
        <body class="${kind}"><script nonce="${NONCE}" src="results.js" data-chart="chart.js" defer></script></body></html>`);
      return;
    }
    const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };
    const type = types[path.split('.').pop() ?? ''];
    if (!type || path.includes('/')) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', type);
    response.end(readFileSync(join(ROOT, 'dist', path)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  const page = await browser.newPage({
    viewport: options.size === undefined ? { width: 1200, height: 420 } : options.size,
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    complaints.push(error.message);
  });
  const listeners = new Set<(message: unknown) => void>();
  await page.exposeFunction('hostReceives', (message: unknown) => {
    for (const listener of listeners) listener(message);
  });
  // As text: a loader that renames functions must not reach into the page.
  await page.addInitScript({
    content: `
    let state;
    globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => { void hostReceives(message); }, getState: () => state, setState: (next) => { state = next; } });
  `,
  });
  const port: Port = {
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
  const channel = new Channel<ResultsHost, NoRequests>(port, handlers, {
    set: (callback, ms) => setTimeout(callback, ms),
    clear: (handle) => {
      clearTimeout(handle as NodeJS.Timeout);
    },
  });
  await page.goto(`http://127.0.0.1:${address.port}/`);
  return {
    page,
    complaints,
    send: (run) => {
      channel.emit('run', run);
    },
    async close() {
      channel.dispose();
      await page.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
