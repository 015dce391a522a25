import type { Browser, Page } from 'playwright-core';
import type { Handlers } from '../../src/base/rpc.ts';
import type { ResultsHost, RunView } from '../../src/protocol/results.ts';
import { openPage } from './page.ts';
import type { ThemeName } from './themes.ts';

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
  const { page, complaints, channel, close } = await openPage<ResultsHost>(browser, {
    name: 'results',
    laterScripts: { chart: 'chart.js' },
    handlers,
    ...options,
  });
  return {
    page,
    complaints,
    send: (run) => {
      channel.emit('run', run);
    },
    close,
  };
}
