import assert from 'node:assert/strict';
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

/** The cell that has the focus, as `row,column` of its ARIA indexes: the header is row 1, the row's number column 1. */
export const focusedCell = (ui: ResultsPageUnderTest): Promise<string> =>
  ui.page.evaluate(() => {
    const cell = document.activeElement;
    return `${cell?.closest('tr')?.getAttribute('aria-rowindex')},${cell?.getAttribute('aria-colindex')}`;
  });

/** Presses a key and waits until that cell has the focus. */
export async function pressTo(ui: ResultsPageUnderTest, key: string, place: string): Promise<void> {
  await ui.page.keyboard.press(key);
  await ui.page
    .waitForFunction(
      (want) => {
        const cell = document.activeElement;
        return `${cell?.closest('tr')?.getAttribute('aria-rowindex')},${cell?.getAttribute('aria-colindex')}` === want;
      },
      place,
      { timeout: 5000 },
    )
    .catch(async () => {
      assert.fail(`${key} went to ${await focusedCell(ui)}, not to ${place}`);
    });
}
