import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { RunView } from '../../src/protocol/results.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { fakeHost, fakeRun } from '../harness/fakeRun.ts';
import { focusedCell, openResultsPage, pressTo } from '../harness/resultsPage.ts';
import type { ResultsPageUnderTest } from '../harness/resultsPage.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function withPage(
  run: RunView,
  use: (ui: ResultsPageUnderTest, asked: { name: string; input: unknown }[]) => Promise<void>,
  theme: ThemeName = 'dark',
  from: Browser = browser,
): Promise<void> {
  const { handlers, asked } = fakeHost(run);
  const ui = await openResultsPage(from, handlers, { theme, size: from === browser ? undefined : null });
  try {
    await ui.page
      .locator(run.rowCount > 0 && run.render === undefined ? '[role=gridcell]' : '.head')
      .first()
      .waitFor();
    await use(ui, asked);
    assert.deepEqual(ui.complaints, [], 'the page broke its own policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}

const PLAN = {
  parts: [{ name: 'part1', text: 'Perf\n| summarize n = count()', groups: 2, targets: 21, rows: 21, bytes: 5600 }],
  local: 'part1\n| summarize n = sum(n)',
  promise: { kind: 'exact' },
  tookMs: 12,
} as const;

it('the Plan tab tells what the answer is, what was sent, what travelled, and what was made of it', () =>
  withPage(fakeRun(1, 1, { plan: PLAN, unfinished: true }), async ({ page }) => {
    await page.getByRole('tab', { name: 'Plan' }).click();
    const panel = page.getByRole('tabpanel', { name: 'Plan' });
    const text = await panel.innerText();
    assert.match(text, /^Across all workspaces, exact: as one workspace holding everybody's rows would answer\./);
    assert.match(text, /Incomplete: 21 of 24 workspaces answered/);
    assert.match(
      text,
      /To 21 workspaces, in 2 texts that differ by their tables; one of them\. 21 rows came, 5\.6 KB\./,
    );
    assert.match(text, /Made of it here\s+It took 0\.01 s\./);
    assert.equal(await page.getByLabel('Query sent, part1').innerText(), PLAN.parts[0].text);
    assert.equal(await page.getByLabel('Query over what came').innerText(), PLAN.local);
    assert.equal(await page.getByText('Across.').count(), 0, 'rows that say whose they are need no word');
  }));

it('a total that says of nobody whose it is tells over whom it is, and what a running one lacks is not finished', () => {
  const columns = [{ name: 'n', type: 'long', presentIn: 1 }] as const;
  const run = fakeRun(1, 1, { columns, plan: PLAN, unfinished: true, state: 'running' });
  return withPage(run, async ({ page }) => {
    assert.match(
      (await page.getByText('Across.').locator('..').innerText()).replaceAll(/\s+/g, ' '),
      /^Across\. One answer over 22 workspaces of 6 customers\. For one each: summarize … by _Customer,/,
    );
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByText('Not finished: 21 of 24 workspaces answered').waitFor();
  });
});

const RESULT_PLAN = { parts: [], local: 'Results\n| count', tookMs: 3 } as const;

it('a result can be asked again from its page, once the run has ended; the Plan tab says of what it is made', () =>
  withPage(fakeRun(10, 8, { of: 'r0', plan: RESULT_PLAN }), async ({ page }, asked) => {
    await page.getByRole('button', { name: 'Ask this result' }).click();
    await page.getByRole('tab', { name: 'Plan' }).click();
    const panel = page.getByRole('tabpanel', { name: 'Plan' });
    assert.match(await panel.innerText(), /^Made here of the rows of an earlier result\. Nobody was sent anything\./);
    assert.deepEqual(
      asked.filter(({ name }) => name === 'askAgain').map(({ input }) => input),
      [{ run: fakeRun(10, 8).run }],
    );
  }).then(() =>
    withPage(fakeRun(10, 8, { state: 'running' }), async ({ page }) => {
      assert.equal(await page.getByRole('button', { name: 'Ask this result' }).count(), 0);
    }),
  ));

describe('accessibility of every tab in every theme', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(theme, () =>
      withPage(
        fakeRun(1000, 10, {
          perWorkspaceNote: { sentence: 'summarize is answered by each workspace.', constructs: ['summarize'] },
          plan: PLAN,
        }),
        async (ui) => {
          for (const tab of ['Results', 'Chart', 'Targets', 'Plan']) {
            await ui.page.getByRole('tab', { name: tab }).click();
            await ui.page
              .locator(
                {
                  Results: '[role=gridcell]',
                  Chart: '.canvas canvas',
                  Targets: '.targets tbody tr',
                  Plan: '.plan pre',
                }[tab]!,
              )
              .first()
              .waitFor();
            assert.deepEqual(await axeViolations(ui.page), [], `${theme}, ${tab}`);
          }
        },
        theme,
      ),
    );
  }
});

describe('the layout', () => {
  it('keeps the row numbers above the columns that scroll, and the header in sight when a cell opens', () =>
    withPage(fakeRun(500, 30), async (ui) => {
      await ui.page.locator('[role=gridcell]').first().click();
      await pressTo(ui, 'End', '2,31');
      await ui.page.keyboard.press('Enter');
      await ui.page.locator('.detail header').waitFor();
      await ui.page.locator('regular-table').evaluate(async (grid) => {
        grid.scrollLeft = 137;
        // A page that can be scrolled under its header is, sooner or later, by whatever takes the focus.
        document.querySelector<HTMLElement>('.grid-area')!.style.minHeight = '2000px';
        for (const node of [document.documentElement, document.body]) node.scrollTop = 30;
        await new Promise((done) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(done);
          });
        });
      });
      await ui.page.locator('.grid thead th', { hasText: /./ }).nth(1).waitFor();
      const seen = await ui.page.evaluate(() => {
        const corner = document.querySelector('.grid thead .rt-group-corner')!.getBoundingClientRect();
        const top = document.querySelector('.head')!.getBoundingClientRect().top;
        return {
          corner: document
            .elementFromPoint(corner.right - 3, corner.top + 8)
            ?.closest('th')
            ?.className.includes('rt-group-corner'),
          top,
        };
      });
      assert.deepEqual(seen, { corner: true, top: 0 });
    }));

  it('gives the completeness a line of its own in a narrow panel', () =>
    withPage(fakeRun(500, 10), async (ui) => {
      await ui.page.setViewportSize({ width: 520, height: 420 });
      const told = await ui.page.locator('.completeness .told').evaluate((node) => ({
        width: node.getBoundingClientRect().width,
        cut: node.scrollHeight > node.clientHeight + 1,
      }));
      assert.ok(told.width > 100 && !told.cut, JSON.stringify(told));
      assert.ok(await ui.page.getByRole('button', { name: 'Export' }).isVisible());
    }));
});

describe('exporting', () => {
  it('asks for the rows that pass: by filter, by the text of the field, in their order', () =>
    withPage(fakeRun(500, 10), async (ui, asked) => {
      await ui.page.getByRole('searchbox', { name: 'Filter rows by text' }).fill('srv-13.');
      // The tab counts what passes once the text is applied.
      await ui.page.getByRole('tab', { name: /of 500/ }).waitFor();
      await ui.page.getByRole('button', { name: 'Export…' }).click();
      await ui.page.getByText('Exported 500 rows.').waitFor({ state: 'attached' });
      assert.deepEqual(
        asked.filter(({ name }) => name === 'export').map(({ input }) => input),
        [{ run: 'run-1', sort: [], filters: [], search: 'srv-13.' }],
      );
    }));
});

describe('the selection', () => {
  it('is seen under the pointer, and where the system chooses the colours', () =>
    withPage(fakeRun(100), async (ui) => {
      const [first, second] = [0, 1].map((index) => ui.page.locator('[role=gridcell]').nth(index));
      await first!.click();
      await ui.page.keyboard.press('Shift+ArrowRight');
      await ui.page.locator('.selected').nth(1).waitFor();
      const other = ui.page.locator('[role=gridcell]:not(.selected)').last();
      const colour = (cell: typeof other): Promise<string> =>
        cell.evaluate((node) => getComputedStyle(node).backgroundColor);
      await first!.hover();
      const themed = await colour(second!);
      assert.notEqual(themed, await colour(ui.page.locator('[role=gridcell]').nth(2)));
      assert.notEqual(themed, await colour(other));
      await ui.page.emulateMedia({ forcedColors: 'active' });
      assert.notEqual(await colour(second!), await colour(ui.page.locator('body')));
    }));
});

describe('the grid by keyboard', () => {
  it('moves as the ARIA grid pattern says, to the last row of a million and back', () =>
    withPage(fakeRun(1_000_000, 30), async (ui) => {
      await ui.page.locator('[role=gridcell]').first().click();
      await pressTo(ui, 'ArrowDown', '3,2');
      await pressTo(ui, 'ArrowRight', '3,3');
      await pressTo(ui, 'Home', '3,2');
      await pressTo(ui, 'End', '3,31');
      await pressTo(ui, 'Control+End', '1000001,31');
      await pressTo(ui, 'Control+Home', '2,2');
      await pressTo(ui, 'ArrowUp', '1,2');
      assert.equal(await ui.page.evaluate(() => document.activeElement?.getAttribute('role')), 'columnheader');
      assert.equal(
        await ui.page.locator('[tabindex="0"][role=gridcell], [tabindex="0"][role=columnheader]').count(),
        1,
        'one tab stop',
      );
    }));

  it('sorts by Enter on a header and says the direction', () =>
    withPage(fakeRun(500), async (ui, asked) => {
      await ui.page.locator('[role=gridcell]').first().click();
      await pressTo(ui, 'ArrowUp', '1,2');
      await ui.page.keyboard.press('Enter');
      await ui.page.locator('th[aria-sort=ascending]', { hasText: '_Customer' }).waitFor();
      assert.deepEqual((asked.filter(({ name }) => name === 'rows').at(-1)?.input as { sort: unknown }).sort, [
        { column: '_Customer', descending: false },
      ]);
      assert.match((await ui.page.locator('[aria-live]').textContent()) ?? '', /Sorted by _Customer, ascending/);
    }));

  it('copies a rectangle with its headers', () =>
    withPage(fakeRun(500), async (ui, asked) => {
      await ui.page.locator('[role=gridcell]').first().click();
      await ui.page.keyboard.press('Shift+ArrowDown');
      await ui.page.keyboard.press('Shift+ArrowRight');
      await ui.page.keyboard.press('Control+Shift+C');
      await ui.page.waitForFunction(() =>
        document.querySelector('[aria-live]')?.textContent?.includes('Copied 2 by 2'),
      );
      const copied = asked.find(({ name }) => name === 'copy')?.input as { text: string };
      assert.equal(copied.text, '_Customer\t_Tenant\nContoso\tcontoso.example\nFabrikam\tfabrikam.example');
    }));

  it('opens a dynamic cell as a tree and gives the focus back', () =>
    withPage(fakeRun(50), async (ui) => {
      await ui.page.locator('[role=gridcell]', { hasText: '{"row":0' }).click();
      await ui.page.waitForFunction(() => document.activeElement?.textContent?.startsWith('{"row":0'));
      await ui.page.keyboard.press('Enter');
      await ui.page.getByRole('tree').getByText('nested:').click();
      await ui.page.getByRole('tree').getByText('ok:').waitFor();
      await ui.page.keyboard.press('Escape');
      await ui.page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'gridcell');
    }));
});

describe('what a page must survive', () => {
  it('shows hostile cells as text', () =>
    withPage(fakeRun(100), async (ui) => {
      await ui.page.locator('[role=gridcell]', { hasText: '<script>alert(1)</script>' }).first().waitFor();
      assert.equal(await ui.page.locator('td script').count(), 0);
    }));

  it('filters by a cell and drops the filter again', () =>
    withPage(fakeRun(400), async (ui, asked) => {
      await ui.page.locator('[role=gridcell]', { hasText: 'Fabrikam' }).first().click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Only this value' }).click();
      await ui.page.locator('.chips button', { hasText: '_Customer = Fabrikam' }).waitFor();
      await ui.page.locator('[role=grid][aria-rowcount="68"]').waitFor();
      assert.deepEqual((asked.filter(({ name }) => name === 'rows').at(-1)?.input as { filters: unknown }).filters, [
        { column: '_Customer', op: 'equals', value: 'Fabrikam' },
      ]);
      await ui.page.locator('.chips button').click();
      await ui.page.locator('[role=grid][aria-rowcount="401"]').waitFor();
    }));

  it('leads from a row that a roll-up stored to where it comes from, and offers that of no other', async () => {
    const plain = fakeRun(40);
    const names = ['_RollupId', '_WindowStart', '_WindowEnd'];
    const columns = [...plain.columns, ...names.map((name) => ({ name, type: 'string' as const, presentIn: 1 }))];
    await withPage(fakeRun(40, 8, { columns }), async (ui, asked) => {
      await ui.page.getByRole('columnheader', { name: '_Customer' }).click();
      const cell = ui.page.locator('[role=gridcell]', { hasText: 'Fabrikam' }).nth(2);
      // The header is the first row of the grid.
      const row = Number(await cell.evaluate((one) => one.closest('tr')?.getAttribute('aria-rowindex'))) - 2;
      await cell.click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Show where this row comes from' }).click();
      const found = asked.find(({ name }) => name === 'showOrigin')?.input;
      const sort = [{ column: '_Customer', descending: false }];
      assert.ok(row > 0);
      assert.deepEqual(found, { run: 'run-1', row, sort, filters: [] });
    });
    await withPage(plain, async (ui) => {
      await ui.page.locator('[role=gridcell]', { hasText: 'Fabrikam' }).first().click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Copy as datatable' }).waitFor();
      assert.equal(await ui.page.getByRole('menuitem', { name: 'Show where' }).count(), 0);
    });
  });

  it('says what is missing, and puts what failed first', () =>
    withPage(fakeRun(10), async (ui) => {
      await ui.page
        .getByText('21 of 24 workspaces answered, 1 no access, 1 truncated, 1 sign-in required')
        .first()
        .waitFor();
      await ui.page.getByRole('tab', { name: 'Targets' }).click();
      assert.match(
        (await ui.page.locator('.targets tbody tr').first().textContent()) ?? '',
        /Failed.*No access: this account may not query/,
      );
      await ui.page.getByRole('button', { name: 'Sign in' }).waitFor();
    }));

  it('shows more rows in a taller panel', () =>
    withPage(fakeRun(300), async (ui) => {
      const before = await ui.page.locator('tbody tr').count();
      await ui.page.setViewportSize({ width: 1200, height: 800 });
      await ui.page.waitForFunction((rows) => document.querySelectorAll('tbody tr').length > rows + 10, before);
    }));

  it('keeps its place while rows arrive', () =>
    withPage(fakeRun(300, 8, { state: 'running' }), async (ui) => {
      await ui.page.locator('[role=gridcell]').first().click();
      await pressTo(ui, 'ArrowDown', '3,2');
      ui.send(fakeRun(900, 8, { state: 'running' }));
      await ui.page.locator('[role=grid][aria-rowcount="901"]').waitFor();
      assert.equal(await focusedCell(ui), '3,2');
      await ui.page.getByRole('button', { name: 'Cancel' }).waitFor();
    }));

  it('leaves the focus on a target, and the order it was given, while others answer', () =>
    withPage(fakeRun(300, 8, { state: 'running' }), async (ui) => {
      await ui.page.getByRole('tab', { name: 'Targets' }).click();
      await ui.page.getByRole('button', { name: 'Workspace', exact: true }).click();
      await ui.page.getByRole('button', { name: 'Sign in' }).focus();
      const { targets } = fakeRun(300);
      const last = { ...targets[0]!, workspace: 'w99', workspaceName: 'a-first-by-name' };
      ui.send(fakeRun(900, 8, { state: 'running', targets: [...targets, last] }));
      await ui.page.locator('.targets tbody tr').first().getByText('a-first-by-name').waitFor();
      assert.equal(await ui.page.evaluate(() => document.activeElement?.textContent), 'Sign in');
    }));

  it('shows an empty answer in words', () =>
    withPage(fakeRun(0, 0, { targets: [] }), async (ui) => {
      await ui.page.getByText('No rows. The Targets tab').waitFor();
    }));

  it('reaches the last row on a screen of twice the density, where elements may be half as tall', async () => {
    const dense = await launchBrowser(['--force-device-scale-factor=2']);
    try {
      await withPage(
        fakeRun(1_000_000, 8),
        async (ui) => {
          assert.equal(await ui.page.evaluate(() => devicePixelRatio), 2);
          await ui.page.locator('[role=gridcell]').first().click();
          await pressTo(ui, 'Control+ArrowDown', '1000001,2');
        },
        'dark',
        dense,
      );
    } finally {
      await dense.close();
    }
  });
});

describe('the chart', () => {
  it('follows render, changes without running again, and has its numbers as a table', () =>
    withPage(
      fakeRun(100, 8, { render: { visualization: 'areachart', xColumn: 'TimeGenerated' } }),
      async (ui, asked) => {
        await ui.page.getByRole('tab', { name: 'Chart' }).click();
        await ui.page.locator('.canvas canvas').waitFor();
        assert.equal((asked.find(({ name }) => name === 'chart')?.input as { kind: string }).kind, 'areachart');
        await ui.page.getByLabel('Kind').selectOption('piechart');
        await ui.page.waitForFunction(() =>
          document.querySelector('.canvas')?.getAttribute('aria-label')?.startsWith('Pie chart'),
        );
        await ui.page.getByText('Chart as a table').click();
        await ui.page.locator('.twin td', { hasText: 'Contoso' }).first().waitFor();
        await ui.page.mouse.move(600, 250);
        await ui.page.mouse.move(620, 260);
      },
    ));
});
