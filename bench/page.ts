import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Handlers } from '../src/base/rpc.ts';
import { toRunView } from '../src/extension/results/toRunView.ts';
import type { Run } from '../src/model/run.ts';
import type { RowWindow } from '../src/model/rows.ts';
import { toRunId } from '../src/model/ids.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import type { ResultsHost } from '../src/protocol/results.ts';
import type { WorkerProcess } from '../src/worker/client.ts';
import { launchBrowser } from '../test/harness/browser.ts';
import { fakeHost, fakeRun } from '../test/harness/fakeRun.ts';
import { openResultsPage } from '../test/harness/resultsPage.ts';
import type { ResultsPageUnderTest } from '../test/harness/resultsPage.ts';
import { ensureBuild } from '../scripts/tools.mjs';
import { ROWS } from './answerBody.ts';
import { openAnswerWorker, startAnswerService } from './answerService.ts';
import type { Measurement } from './main.ts';

const WORKSPACES = 2;
const MOST_MB = 200;
const LONGEST_TASK_MS = 100;

/**
 * A result of a million rows in the built Results page, over the built data worker: to scroll it, sort it, filter it and
 * group it, each from the key to the painted answer, against loading it again; what the page holds in memory, and its
 * longest task. The page is in Chromium, with this process between it and the worker as the extension host is.
 */
export async function benchPage(): Promise<Measurement[]> {
  ensureBuild();
  const service = await startAnswerService(WORKSPACES);
  const directory = await mkdtemp(join(tmpdir(), 'bench-page-'));
  const worker = await openAnswerWorker(service, directory);
  const browser = await launchBrowser(['--js-flags=--expose-gc']);
  try {
    const windows = new Windows();
    const ui = await openResultsPage(browser, handlersOf(worker, windows), { size: { width: 1900, height: 800 } });
    await watchTasks(ui.page);
    const loading = await timed(() => load(worker, ui));
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ['scroll to the end', () => toEnd(ui.page)],
      ['sort by a number', () => sort(ui, windows)],
      ['filter by a text', () => filter(ui.page, windows)],
      ['group what passes by a column', () => group(ui, 'Computer')],
      ['group all by another', () => groupAll(ui, windows, 'Sid')],
    ];
    const measured: Measurement[] = [];
    for (const [name, step] of steps) {
      const ms = await timed(step);
      measured.push({
        name: `a million rows: ${name}, of loading`,
        ratio: ms / loading,
        bar: 0.1,
        detail: `${Math.round(ms)} ms; loading ${Math.round(loading)} ms`,
      });
      // The next one begins where the first columns are.
      await ui.page.locator('[role=gridcell]').first().click();
      await ui.page.keyboard.press('Control+Home');
    }
    const { heapMb, longestMs } = await held(ui.page);
    return [
      ...measured,
      {
        name: `a million rows: memory of the page, of ${MOST_MB} MB`,
        ratio: heapMb / MOST_MB,
        bar: 1,
        detail: `${heapMb.toFixed(1)} MB of heap`,
      },
      {
        name: `a million rows: longest task of the page, of ${LONGEST_TASK_MS} ms`,
        ratio: longestMs / LONGEST_TASK_MS,
        bar: 1,
        detail: `${Math.round(longestMs)} ms`,
      },
    ];
  } finally {
    await browser.close();
    worker.dispose();
    service.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

type RowsQuestion = ResultsHost['requests']['rows']['input'];

/** Tells of the windows of rows that the page is given. */
class Windows {
  private readonly waiting: { readonly wanted: (asked: RowsQuestion) => boolean; come(window: RowWindow): void }[] = [];

  /** The next one that answers such a question. */
  next(wanted: (asked: RowsQuestion) => boolean): Promise<RowWindow> {
    return new Promise((come) => {
      this.waiting.push({ wanted, come });
    });
  }

  came(asked: RowsQuestion, window: RowWindow): RowWindow {
    for (const { wanted, come } of this.waiting) if (wanted(asked)) come(window);
    return window;
  }
}

function handlersOf(worker: WorkerProcess, windows: Windows): Handlers<ResultsHost> {
  const ofRun = <T extends { readonly run: string }>(input: T) => ({ ...input, run: toRunId(input.run) });
  return {
    ...fakeHost(fakeRun(0)).handlers,
    ready: () => null,
    rows: async (input) => windows.came(input, await worker.request('runs.rows', ofRun(input))),
    groups: (input) => worker.request('runs.groups', ofRun(input)),
  };
}

/** Runs the query until its last row is in the store and the first ones are on the screen. */
async function load(worker: WorkerProcess, ui: ResultsPageUnderTest): Promise<void> {
  const ended = new Promise<Run>((resolve, reject) => {
    worker.on('run.changed', (run) => {
      ui.send(toRunView(run, Date.now()));
      if (run.state !== 'running') resolve(run);
    });
    worker.onExit(reject);
  });
  await worker.request('runs.start', { query: 'SecurityEvent', scope: EVERYTHING, timeRange: { kind: 'inQuery' } });
  const run = await ended;
  if (run.rowCount !== ROWS * WORKSPACES) throw new Error(`${run.rowCount} rows: ${run.completeness.sentence}`);
  await ui.page.locator('[role=gridcell]', { hasText: 'law' }).first().waitFor();
}

async function toEnd(page: Page): Promise<void> {
  await page.locator('[role=gridcell]').first().click();
  await page.keyboard.press('Control+End');
  await page.waitForFunction(
    (last) => {
      const cell = document.activeElement;
      return cell?.closest('tr')?.getAttribute('aria-rowindex') === last && cell.textContent !== '';
    },
    `${ROWS * WORKSPACES + 1}`,
  );
}

async function sort(ui: ResultsPageUnderTest, rows: Windows): Promise<void> {
  const shown = rows.next(({ sort = [] }) => sort.length > 0);
  await choose(ui, 'Value', 'Sort descending');
  await painted(ui.page, shown);
}

async function filter(page: Page, rows: Windows): Promise<void> {
  const shown = rows.next(({ search }) => search === 'host-7');
  await page.getByPlaceholder('Filter rows').fill('host-7');
  const { total } = await painted(page, shown);
  if (total === 0 || total === ROWS * WORKSPACES) throw new Error(`The filter lets ${total} rows pass.`);
}

async function group(ui: ResultsPageUnderTest, column: string): Promise<void> {
  await choose(ui, column, 'Group by this column');
  await ui.page
    .getByRole('complementary', { name: `Rows by ${column}` })
    .getByText(/values? in/)
    .waitFor();
}

async function groupAll(ui: ResultsPageUnderTest, rows: Windows, column: string): Promise<void> {
  const shown = rows.next(({ search }) => !search);
  await ui.page.getByPlaceholder('Filter rows').fill('');
  await shown;
  await group(ui, column);
}

async function choose(ui: ResultsPageUnderTest, column: string, item: string): Promise<void> {
  await ui.page.locator('.grid thead th', { hasText: new RegExp(`^${column}$`) }).click({ button: 'right' });
  await ui.page.getByRole('menuitem', { name: item }).click();
}

/** Waits until a window has come and what it changes is drawn. */
async function painted(page: Page, window: Promise<RowWindow>): Promise<RowWindow> {
  const come = await window;
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  return come;
}

/** From now on the page remembers its longest task. */
async function watchTasks(page: Page): Promise<void> {
  // As text: a loader that renames functions must not reach into the page.
  await page.evaluate(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: 'longtask' });
  `);
}

async function held(page: Page): Promise<{ heapMb: number; longestMs: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapTotalSize')?.value;
  if (heap === undefined) throw new Error('Chromium tells no heap.');
  return { heapMb: heap / 1e6, longestMs: await page.evaluate<number>('globalThis.longest') };
}
