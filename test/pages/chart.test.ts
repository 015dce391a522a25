import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { DuckRowStore } from '../../src/engine/store/duckRowStore.ts';
import type { ChartData } from '../../src/model/rows.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { CUSTOMERS, HOURLY, chartHost, chartRun, chartStore, hourly } from '../harness/chartRun.ts';
import type { ChartRun } from '../harness/chartRun.ts';
import { openResultsPage } from '../harness/resultsPage.ts';
import type { ResultsPageUnderTest } from '../harness/resultsPage.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';

let browser: Browser;
let store: DuckRowStore;
/** Events per hour of 25 customers. */
let estate: ChartRun;
before(async () => {
  browser = await launchBrowser();
  store = chartStore();
  const rows = Object.fromEntries(CUSTOMERS.map((customer, index) => [customer, hourly(index)]));
  estate = await chartRun(store, HOURLY, rows, { visualization: 'timechart', title: 'Events per hour' });
});
after(async () => {
  await browser.close();
  await store.close();
});

async function withChart(
  runs: readonly ChartRun[],
  use: (ui: ResultsPageUnderTest, asked: { name: string; input: unknown }[]) => Promise<void>,
  theme: ThemeName = 'dark',
): Promise<void> {
  const { handlers, asked } = chartHost(...runs);
  const ui = await openResultsPage(browser, handlers, { theme, size: { width: 1200, height: 460 } });
  try {
    await use(ui, asked);
    assert.deepEqual(ui.complaints, [], 'the page broke its own policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}
const charts = (asked: readonly { name: string; input: unknown }[]): Record<string, unknown>[] =>
  asked.filter(({ name }) => name === 'chart').map(({ input }) => input as Record<string, unknown>);

describe('a chart of 25 customers', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`tells ten apart, says by which rule, and stands axe in ${theme}, as panels too`, () =>
      withChart(
        [estate],
        async (ui) => {
          await ui.page.locator('.canvas canvas').waitFor();
          await ui.page.getByText('10 of 25 by total; others together').waitFor();
          assert.equal(await ui.page.locator('.legend .entry[aria-pressed=true]').count(), 11);
          assert.deepEqual(await axeViolations(ui.page), [], theme);
          await ui.page.getByRole('button', { name: 'One per customer' }).click();
          await ui.page.getByRole('region', { name: 'Charts, one per customer' }).waitFor();
          assert.deepEqual(await axeViolations(ui.page), [], `${theme}, panels`);
        },
        theme,
      ));

  it('draws each series in a colour of its own', () =>
    withChart([estate], async (ui) => {
      await ui.page.locator('.canvas canvas').waitFor();
      const drawn = await ui.page.locator('.canvas canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set<string>();
        for (let at = 0; at < data.length; at += 4)
          seen.add(`#${[...data.slice(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')}`);
        return [...seen];
      });
      const swatches = await ui.page
        .locator('.legend .swatch.solid')
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).style.getPropertyValue('--series')));
      assert.equal(new Set(swatches).size, 10);
      for (const color of swatches) assert.ok(drawn.includes(color), `${color} is drawn`);
    }));

  it('has a legend that is searched and worked by keyboard, the others within it', () =>
    withChart([estate], async (ui, asked) => {
      await ui.page.locator('.canvas canvas').waitFor();
      await ui.page.getByLabel('Split by').focus();
      await ui.page.keyboard.press('Tab');
      assert.equal(await focused(ui), 'One per customer');
      await ui.page.keyboard.press('Tab');
      assert.equal(await focused(ui), 'Search series');
      await ui.page.keyboard.type('TOYS');
      await ui.page.getByRole('status').getByText('2 of 26').waitFor();
      assert.deepEqual(await names(ui), ['Tailspin Toys', 'Wingtip Toys']);
      await ui.page.keyboard.press('Tab');
      assert.equal(await focused(ui), 'Only these');
      await ui.page.keyboard.press('Enter');
      await ui.page.getByRole('searchbox', { name: 'Search series' }).fill('');
      assert.equal(await ui.page.locator('.legend .entry[aria-pressed=true]').count(), 2);
      await ui.page.getByRole('button', { name: 'Show all' }).click();

      // One of the others, by name.
      await ui.page.getByRole('searchbox', { name: 'Search series' }).fill('woodgrove');
      await ui.page.getByRole('button', { name: 'Draw Woodgrove Bank on its own' }).press('Enter');
      await ui.page.getByText('11 of 25 by total; others together').waitFor();
      assert.deepEqual(charts(asked).at(-1)!['also'], ['Woodgrove Bank']);
      await ui.page.getByRole('button', { name: 'Put Woodgrove Bank back to the others' }).press('Enter');
      await ui.page.getByText('10 of 25 by total; others together').waitFor();
    }));

  it('becomes one chart per customer at one click, with the customer in the table', () =>
    withChart([estate], async (ui, asked) => {
      await ui.page.locator('.canvas canvas').waitFor();
      const button = ui.page.getByRole('button', { name: 'One per customer' });
      await button.press('Space');
      const panels = ui.page.getByRole('region', { name: 'Charts, one per customer' });
      await panels.waitFor();
      assert.equal(await button.getAttribute('aria-pressed'), 'true');
      assert.equal(charts(asked).at(-1)!['panels'], true);
      await ui.page.getByRole('img', { name: /^Time charts of 25 customers over TimeGenerated/ }).waitFor();
      // Nobody is left out, and the keyboard reaches the last of them.
      await panels.focus();
      await ui.page.keyboard.press('End');
      await ui.page.waitForFunction(() => {
        const frame = document.querySelector('.canvas-frame')!;
        return frame.scrollTop > 100 && frame.scrollTop + frame.clientHeight >= frame.scrollHeight - 2;
      });
      await ui.page.getByText('Chart as a table').click();
      assert.deepEqual(await ui.page.locator('.twin th').allTextContents(), [
        'Customer',
        'Series',
        'TimeGenerated',
        'Value',
      ]);
      assert.equal(await ui.page.locator('.twin tbody tr').first().locator('td').first().textContent(), 'Adatum');
      await ui.page.getByLabel('Same scale').press('Space');
      await button.press('Space');
      await ui.page.getByText('10 of 25 by total; others together').waitFor();
    }));

  it('puts bars in the order of their size, and says nothing of thinning where nothing is thinned', () =>
    withChart([estate], async (ui) => {
      await ui.page.getByLabel('Kind').selectOption('columnchart');
      await ui.page.getByLabel('Across').selectOption('_Customer');
      await ui.page.getByRole('img', { name: /^Column chart of 1 series over _Customer/ }).waitFor();
      await ui.page.getByText('Chart as a table').click();
      const bars = await ui.page.locator('.twin tbody tr td:nth-child(2)').allTextContents();
      assert.deepEqual([bars.length, bars[0], bars.at(-1)], [25, 'Contoso', 'Woodgrove Bank']);
      assert.equal(await ui.page.getByText('Thinned').count(), 0);
    }));
});

describe('the table beside a chart', () => {
  it('is of this run and this view, never of an earlier one', async () => {
    const other = await chartRun(store, HOURLY, { 'Other estate': hourly(3) }, { visualization: 'timechart' });
    const { handlers } = chartHost(estate, other);
    const held: (() => void)[] = [];
    let hold = false;
    let [asked, answered] = [0, 0];
    const chart = handlers.chart;
    const ui = await openResultsPage(browser, {
      ...handlers,
      chart: async (input, signal): Promise<ChartData> => {
        asked++;
        if (hold) await new Promise<void>((go) => held.push(go));
        const data = await chart(input, signal);
        answered++;
        return data;
      },
    });
    try {
      await ui.page.locator('.canvas canvas').waitFor();
      await ui.page.getByText('Chart as a table').click();
      await ui.page.locator('.twin td', { hasText: 'Contoso' }).first().waitFor();
      hold = true;

      // Another view of the same run: its picture stays, marked, until the next is there; its numbers do not.
      await ui.page.getByLabel('Kind').selectOption('areachart');
      await ui.page.locator('.canvas[aria-busy=true]').waitFor();
      await ui.page.locator('.twin', { hasText: 'Drawing' }).waitFor();
      assert.equal(await ui.page.locator('.twin td').count(), 0);
      held.splice(0).forEach((go) => {
        go();
      });
      await ui.page.locator('.twin td', { hasText: 'Contoso' }).first().waitFor();

      // Another run: nothing of the one before is left.
      await ui.page.getByLabel('Kind').selectOption('linechart');
      ui.send(other.view);
      await ui.page.locator('.canvas-frame[hidden]').waitFor({ state: 'attached' });
      assert.equal(await ui.page.locator('.twin, .legend').count(), 0);
      await until(() => held.length === 2);
      hold = false;
      const [late, next] = held.splice(0);
      next!();
      await ui.page.getByText('Chart as a table').click();
      await ui.page.locator('.twin td', { hasText: 'count_' }).first().waitFor();
      assert.equal(await ui.page.locator('.twin td', { hasText: 'Contoso' }).count(), 0);

      // The answer to the question before comes last of all, and changes nothing.
      late!();
      await until(() => answered === asked);
      await ui.page.evaluate(
        () =>
          new Promise((done) => {
            setTimeout(() => requestAnimationFrame(done), 0);
          }),
      );
      assert.ok(await ui.page.locator('.twin td', { hasText: 'count_' }).first().isVisible());

      // And one whose first rows are not there yet.
      ui.send({ ...other.view, run: 'next', columns: [], rowCount: 0, state: 'running' });
      await ui.page.locator('#panel-chart').getByText('Waiting for the first rows').waitFor();
      assert.equal(await ui.page.locator('.twin, .legend').count(), 0);
      assert.deepEqual(ui.complaints, []);
    } finally {
      await ui.close();
    }
  });
});

describe('names of others beside a chart', () => {
  const BIDI = 'evil\u202egpj.exe';
  const SIGNS = 'evil\\u202egpj.exe';
  it('show what turns or hides text as a sign, in legend, table, controls and cards', async () => {
    const column = `n\u200b`;
    const run = await chartRun(
      store,
      [HOURLY[0]!, { name: column, type: 'long' }],
      { [BIDI]: hourly(1), 'plain {d}': hourly(2) },
      { visualization: 'timechart', title: 'a\u0007b' },
    );
    await withChart([run], async (ui) => {
      await ui.page.locator('.canvas canvas').waitFor();
      await ui.page.getByText('Chart as a table').click();
      await ui.page.locator('.legend .name', { hasText: SIGNS }).waitFor();
      await ui.page.locator('.twin td', { hasText: SIGNS }).first().waitFor();
      const text = (): Promise<string> => ui.page.locator('#panel-chart').evaluate((panel) => panel.outerHTML);
      // Values of options are what is asked for, so they are the names themselves.
      const shown = async (): Promise<string> => (await text()).replaceAll(/ value="[^"]*"/g, '');
      assert.doesNotMatch(await shown(), /[\u202e\u200b\u0007]/);
      await ui.page.getByRole('button', { name: 'One per customer' }).click();
      await ui.page.locator('.twin td', { hasText: SIGNS }).first().waitFor();
      assert.doesNotMatch(await shown(), /[\u202e\u200b\u0007]/);
      await ui.page.getByLabel('Kind').selectOption('card');
      await ui.page.locator('.card h3', { hasText: SIGNS }).waitFor();
      assert.doesNotMatch(await shown(), /[\u202e\u200b\u0007]/);
      await ui.page.getByRole('heading', { name: 'a␇b' }).waitFor();
    });
  });
});

describe('what render asks for', () => {
  it('a card shows its number', async () => {
    const run = await chartRun(
      store,
      [{ name: 'count_', type: 'long' }],
      { Contoso: [[1234]] },
      { visualization: 'card' },
    );
    await withChart([run], async (ui) => {
      await ui.page.locator('.card dd', { hasText: '1,234' }).waitFor();
      await ui.page.locator('.card dt', { hasText: 'count_' }).waitFor();
      assert.equal(await ui.page.getByLabel('Kind').inputValue(), 'card');
      assert.deepEqual(await axeViolations(ui.page), []);
    });
  });

  it('the arrays of make-series are lines', async () => {
    const times = JSON.stringify([1, 2, 3].map((hour) => new Date(Date.UTC(2026, 10, 22, hour)).toISOString()));
    const run = await chartRun(
      store,
      [
        { name: 'Level', type: 'string' },
        { name: 'count_', type: 'dynamic' },
        { name: 'TimeGenerated', type: 'dynamic' },
      ],
      {
        Contoso: [
          ['Error', '[1,2,3]', times],
          ['Info', '[4,5,6]', times],
        ],
      },
      { visualization: 'timechart' },
    );
    await withChart([run], async (ui) => {
      await ui.page.getByRole('img', { name: /^Time chart of 2 series over TimeGenerated/ }).waitFor();
      assert.deepEqual(await names(ui), ['Info', 'Error']);
    });
  });

  it('all of ycolumns and series', async () => {
    const run = await chartRun(
      store,
      [...HOURLY, { name: 'b', type: 'long' }, { name: 'c', type: 'long' }],
      { Contoso: [['2026-11-22T00:00:00Z', 1, 2, 3]] },
      { visualization: 'linechart', yColumns: ['b', 'c'] },
    );
    await withChart([run], async (ui, asked) => {
      await ui.page.locator('.canvas canvas').waitFor();
      assert.deepEqual(charts(asked)[0]!['y'], ['b', 'c']);
      assert.equal(await ui.page.getByLabel('Value').locator('option:checked').textContent(), 'b, c');
    });
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setImmediate(done));
}
function focused(ui: ResultsPageUnderTest): Promise<string | null | undefined> {
  return ui.page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
  );
}
function names(ui: ResultsPageUnderTest): Promise<string[]> {
  return ui.page.locator('.legend .name').allTextContents();
}
