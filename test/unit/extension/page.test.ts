import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Uri, Webview } from 'vscode';
import { AppError } from '../../../src/base/errors.ts';
import { Page, pageHtml } from '../../../src/extension/platform/page.ts';
import type { PageKind } from '../../../src/extension/platform/page.ts';

/** The contract of a page that is not of the product: whatever stands here, a second page may have. */
type FitHost = {
  requests: {
    ready: { input: { version: 1 }; output: { checks: number } };
    open: { input: { check: string }; output: null };
  };
  events: { fit: { checks: number } };
};
const FIT: PageKind<FitHost> = {
  name: 'fit',
  title: 'Fit & <Finish>',
  handlers: {
    ready: () => ({ checks: 3 }),
    open: ({ check }) => {
      if (check === 'given up') throw new AppError('cancelled.byUser', 'Cancelled.');
      throw new AppError('input.noCheck', `There is no check ${check}.`);
    },
  },
};
const ANSWERS: PageKind<{ requests: Record<never, never>; events: { run: null } }> = {
  name: 'answers',
  title: 'Answers',
  laterScripts: { chart: 'chart.js' },
  handlers: {},
};

/** A webview as VS Code gives one, with what was done to it. */
function fakeWebview(): { webview: Webview; posted: unknown[]; say(message: unknown): void; listeners: Set<unknown> } {
  const posted: unknown[] = [];
  const listeners = new Set<(message: unknown) => void>();
  const webview = {
    options: {},
    html: '',
    cspSource: 'https://*.webview.test',
    asWebviewUri: (uri: Uri) => ({ toString: () => `https://files.webview.test${uri.path}` }),
    postMessage: async (message: unknown) => posted.push(message),
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  } as unknown as Webview;
  return {
    webview,
    posted,
    listeners,
    say: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
}
const DIST = {
  path: '/ext/dist',
  with: ({ path }: { path: string }) => ({ path }),
} as unknown as Uri;
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

function policyOf(html: string): string {
  return /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
}

describe('two pages of the same parts', () => {
  const [answers, fit] = [fakeWebview(), fakeWebview()];
  const failures: string[] = [];
  const failed = (where: string, error: AppError): void => {
    failures.push(`${where} ${error.code}`);
  };
  const pages = [new Page(answers.webview, DIST, ANSWERS, failed), new Page(fit.webview, DIST, FIT, failed)] as const;

  it('each load their own bundle, and may load nothing beside the bundles', () => {
    for (const [{ webview }, name] of [
      [answers, 'answers'],
      [fit, 'fit'],
    ] as const) {
      assert.deepEqual(webview.options, { enableScripts: true, localResourceRoots: [DIST] });
      assert.match(webview.html, new RegExp(` src="https://files.webview.test/ext/dist/${name}.js"`));
      assert.match(webview.html, new RegExp(` href="https://files.webview.test/ext/dist/${name}.css"`));
    }
    assert.match(answers.webview.html, / data-chart="https:\/\/files\.webview\.test\/ext\/dist\/chart\.js"/);
    assert.doesNotMatch(fit.webview.html, /data-/);
  });

  it('have the same policy but for its nonce, which is new for each', () => {
    const nonces = [answers, fit].map(({ webview }) => / nonce="([^"]{20,})"/.exec(webview.html)?.[1]);
    assert.notEqual(nonces[0], nonces[1]);
    const policies = [answers, fit].map(({ webview }, index) =>
      policyOf(webview.html).replace(nonces[index]!, 'NONCE'),
    );
    assert.equal(policies[0], policies[1]);
  });

  it('take a title as text', () => {
    assert.match(fit.webview.html, /<title>Fit &amp; &lt;Finish><\/title>/);
  });

  it('ask and hear by their own contract', async () => {
    fit.say({ kind: 'request', id: 1, name: 'ready', input: { version: 1 } });
    await turn();
    pages[1].emit('fit', { checks: 4 });
    assert.deepEqual(fit.posted, [
      { kind: 'reply', id: 1, output: { checks: 3 } },
      { kind: 'event', name: 'fit', payload: { checks: 4 } },
    ]);
    assert.deepEqual(answers.posted, []);
  });

  it('log what failed by page and request, and not what was given up', async () => {
    fit.say({ kind: 'request', id: 2, name: 'open', input: { check: 'none' } });
    fit.say({ kind: 'request', id: 3, name: 'open', input: { check: 'given up' } });
    await turn();
    assert.deepEqual(failures, ['fit.open input.noCheck']);
    assert.deepEqual(
      (fit.posted.slice(2) as { kind: string; error: { message: string } }[]).map(({ kind, error }) => [
        kind,
        error.message,
      ]),
      [
        ['error', 'There is no check none.'],
        ['error', 'Cancelled.'],
      ],
    );
  });

  it('end alone', () => {
    pages[1].dispose();
    assert.deepEqual([fit.listeners.size, answers.listeners.size], [0, 1]);
  });
});

it('the HTML of a page admits one script by nonce and nothing from elsewhere', () => {
  const html = pageHtml({
    title: 'Log Results',
    script: 'S',
    style: 'T',
    laterScripts: { chart: 'C' },
    cspSource: 'vscode-resource:',
    nonce: 'abc',
  });
  const policy = policyOf(html);
  assert.match(policy, /^default-src 'none'; script-src 'nonce-abc'; style-src vscode-resource:;/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.match(html, /<script defer nonce="abc" src="S" data-chart="C">/);
  assert.doesNotMatch(html, / style=|<style/);
});
