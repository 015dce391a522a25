import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { NotebookHost, NotebookRunView } from '../../src/protocol/notebook.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { openPage } from '../harness/page.ts';
import type { PageUnderTest } from '../harness/page.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';
import { ROOT } from '../../scripts/tools.mjs';

const { optionsFor } = (await import(String(new URL('../../esbuild.js', import.meta.url)))) as {
  optionsFor(bundle: object, dev: boolean): BuildOptions;
};
let browser: Browser;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantscope-outputs-'));
  const row = { name: 'outputs', entry: join(ROOT, 'test/pages/notebook/main.ts'), platform: 'browser', external: [] };
  await build(optionsFor({ ...row, out: join(folder, 'outputs.js') }, false));
  await build({ stdin: { contents: '', loader: 'css' }, outfile: join(folder, 'outputs.css') });
  for (const file of ['notebook.js', 'notebook.css', 'chart.js', 'codicon.ttf'])
    copyFileSync(join(ROOT, 'dist', file), join(folder, file));
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const ROWS = 100_000;
const VIEW: NotebookRunView = {
  run: 'r1',
  state: 'finished',
  standing: 'incomplete',
  sentence: '2 of 3 workspaces answered, 1 no access',
  missing: '1 × no access',
  asked: '3 workspaces, 2 customers',
  notes: ['Per workspace. <b>Each</b> its own.'],
  columns: [
    { name: '_Customer', type: 'string', presentIn: 2, attribution: true },
    { name: 'Computer', type: 'string', presentIn: 2 },
    { name: 'n', type: 'long', presentIn: 2 },
  ],
  rowCount: ROWS,
};
const CHART: NotebookRunView = { ...VIEW, run: 'r2', rowCount: 2, render: { visualization: 'columnchart' } };

type Asked = NotebookHost['requests'][keyof NotebookHost['requests']]['input'] & { readonly what: string };

async function withOutputs(
  use: (
    ui: PageUnderTest<NotebookHost>,
    asked: Asked[],
    show: (id: string, view: NotebookRunView) => Promise<void>,
  ) => Promise<void>,
  theme?: ThemeName,
): Promise<void> {
  const asked: Asked[] = [];
  const ui = await openPage<NotebookHost>(browser, {
    name: 'outputs',
    folder,
    theme,
    size: { width: 900, height: 700 },
    handlers: {
      rows: (input) => {
        asked.push({ what: 'rows', ...input });
        const first = input.sort[0]?.descending ? ROWS - 1 - input.first : input.first;
        const step = input.sort[0]?.descending ? -1 : 1;
        return {
          first: input.first,
          total: ROWS,
          columns: ['_Customer', 'Computer', 'n'],
          rows: Array.from({ length: Math.min(input.count, ROWS) }, (_, i) => [
            'Contoso',
            '<i>vm</i>',
            first + step * i,
          ]),
        };
      },
      chart: (input) => {
        asked.push({ what: 'chart', ...input });
        return {
          kind: 'columnchart',
          xName: 'Computer',
          xType: 'category',
          series: [
            { name: 'n', x: ['a', 'b'], y: [1, 2] },
            { name: '<i>m</i>', x: ['a', 'b'], y: [2, 1] },
          ],
        } as never;
      },
      copy: (input) => {
        asked.push({ what: 'copy', ...input });
        return null;
      },
      open: (input) => {
        asked.push({ what: 'open', ...input });
        return null;
      },
    },
  });
  const show = async (output: string, view: NotebookRunView): Promise<void> => {
    await ui.page.evaluate(
      (message) => {
        window.postMessage(message, '*');
      },
      { draw: output, view },
    );
    await ui.page.locator(`#${output} .answer`).waitFor();
  };
  try {
    await use(ui, asked, show);
    assert.deepEqual(ui.complaints, [], 'the output broke the policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}

describe('the output of a cell', () => {
  it('says how complete it is first, and asks for no more rows than a window', async () => {
    await withOutputs(async ({ page }, asked, show) => {
      await show('one', VIEW);
      await page.getByText('<i>vm</i>').first().waitFor();
      const words = (await page.locator('#one').innerText()).replaceAll(/\s+/g, ' ');
      assert.match(words, /^2 of 3 workspaces answered, 1 no access 100,000 rows Open in Results Per workspace/);
      assert.match(words, /Per workspace\. <b>Each<\/b> its own\./);
      assert.ok(
        asked.length > 0 && asked.every((one) => one.what === 'rows' && (one as { count: number }).count <= 200),
      );
    });
  });

  it('leaves the wheel to the notebook where all rows are in sight, and scrolls where they are not', async () => {
    await withOutputs(async ({ page }, _asked, show) => {
      // What VS Code asks of an element before it leaves the wheel to it.
      const overflow = (id: string): Promise<string> =>
        page.locator(`#${id} regular-table`).evaluate((grid) => getComputedStyle(grid).overflowY);
      await show('one', { ...VIEW, rowCount: 2 });
      assert.equal(await overflow('one'), 'hidden');
      await show('two', VIEW);
      assert.equal(await overflow('two'), 'auto');
      await page.locator('#two').getByText('<i>vm</i>').first().hover();
      await page.mouse.wheel(0, 120);
      await page.waitForFunction(() => document.querySelector('#two regular-table')!.scrollTop > 0, null, {
        timeout: 5_000,
      });
    });
  });

  it('is worked by the keyboard: order, copy, and the Results page', async () => {
    await withOutputs(async ({ page }, asked, show) => {
      await show('one', VIEW);
      await page.getByText('<i>vm</i>').first().waitFor();
      const header = page.locator('thead th', { hasText: /^n$/ });
      await header.click();
      await header.click();
      await page
        .getByRole('gridcell', { name: '99,999' })
        .or(page.getByRole('gridcell', { name: '99999' }))
        .first()
        .waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Control+c');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Open in Results' }).press('Enter');
      await page.waitForFunction(() => true);
      const after = asked.filter(({ what }) => what !== 'rows');
      assert.deepEqual(after, [
        { what: 'copy', text: '99999' },
        { what: 'open', run: 'r1' },
        { what: 'open', run: 'r1' },
      ]);
    });
  });

  it('draws the chart that the query asks for, with its table, and the rows on demand', async () => {
    await withOutputs(async ({ page }, asked, show) => {
      await show('one', CHART);
      await page.locator('#one canvas').waitFor();
      assert.equal(asked[0]?.what, 'chart');
      await page.getByText('Chart as a table').click();
      assert.equal(await page.getByRole('table').getByRole('row').count(), 5);
      await page.getByRole('group', { name: 'Series' }).getByRole('button', { name: '<i>m</i>' }).press('Enter');
      await page.getByRole('button', { name: '<i>m</i>', pressed: false }).waitFor();
      await page.getByRole('button', { name: 'Chart', exact: true }).click();
      await page.getByText('<i>vm</i>').first().waitFor();
    });
  });

  it('a refusal is words with the place, and nothing is asked', async () => {
    await withOutputs(async ({ page }, asked, show) => {
      const { run: _run, ...none } = VIEW;
      await show('one', {
        ...none,
        state: 'failed',
        standing: 'failed',
        sentence: '"Heartbeat" is a table of the workspaces.',
        missing: '',
        notes: [],
        asked: '',
        columns: [],
        rowCount: 0,
        fault: { where: 'Line 2, column 8', code: '| join <b>Heartbeat</b>' },
      });
      const words = await page.locator('#one').innerText();
      assert.match(words, /"Heartbeat" is a table of the workspaces\.[^]*Line 2, column 8\s*\| join <b>Heartbeat<\/b>/);
      assert.deepEqual([await page.getByRole('button', { name: 'Open in Results' }).count(), asked], [0, []]);
    });
  });

  it('changes nothing beside itself, and an output that is drawn again is the same one', async () => {
    await withOutputs(async ({ page }, _asked, show) => {
      const look = (): Promise<string> =>
        page.evaluate(() => {
          const { padding, border, borderRadius } = getComputedStyle(document.querySelector('#foreign')!);
          const body = getComputedStyle(document.body);
          return JSON.stringify([padding, border, borderRadius, body.display, body.overflow, body.font]);
        });
      const before = await look();
      await show('one', { ...VIEW, state: 'running', standing: 'running' });
      await show('one', VIEW);
      await show('two', VIEW);
      await page.locator('#two').getByText('<i>vm</i>').first().waitFor();
      assert.equal(await look(), before);
      assert.equal(await page.locator('#one .answer').count(), 1);
    });
  });

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`has nothing that axe finds in ${theme}`, async () => {
      await withOutputs(async ({ page }, _asked, show) => {
        await show('one', VIEW);
        await show('two', CHART);
        await page.locator('#two canvas').waitFor();
        await page.getByText('<i>vm</i>').first().waitFor();
        assert.deepEqual(await axeViolations(page), []);
      }, theme);
    });
});
