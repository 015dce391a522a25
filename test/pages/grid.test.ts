import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import type { ColumnLayout } from '../../src/model/columnLayout.ts';
import type { RunView } from '../../src/protocol/results.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { fakeCell, fakeColumns, fakeHost, fakeRun } from '../harness/fakeRun.ts';
import { focusedCell, openResultsPage, pressTo } from '../harness/resultsPage.ts';
import type { ResultsPageUnderTest } from '../harness/resultsPage.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

type Asked = readonly { readonly name: string; readonly input: unknown }[];

async function withGrid(
  run: RunView,
  use: (ui: ResultsPageUnderTest, asked: Asked) => Promise<void>,
  theme: ThemeName = 'dark',
): Promise<void> {
  const { handlers, asked } = fakeHost(run);
  const ui = await openResultsPage(browser, handlers, { theme });
  try {
    await ui.page.locator('[role=gridcell]').first().waitFor();
    await use(ui, asked);
    assert.deepEqual(ui.complaints, [], 'the page broke its own policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}

const headers = (ui: ResultsPageUnderTest): Promise<string[]> => ui.page.locator('.grid thead th').allTextContents();
const says = (ui: ResultsPageUnderTest, words: string): Promise<unknown> =>
  ui.page.waitForFunction((wanted) => document.querySelector('[aria-live]')?.textContent?.includes(wanted), words);
const header = (ui: ResultsPageUnderTest, name: string): Locator =>
  ui.page.locator('.grid thead th', { hasText: new RegExp(`^${name}$`) });
/** Waits until the header row begins with these. */
async function waitForHeaders(ui: ResultsPageUnderTest, ...first: string[]): Promise<void> {
  await ui.page
    .waitForFunction(
      (names) => names.every((name, index) => document.querySelectorAll('.grid thead th')[index]?.textContent === name),
      ['#', ...first],
      { timeout: 5000 },
    )
    .catch(async () => {
      assert.deepEqual((await headers(ui)).slice(1, first.length + 1), first);
    });
}
const keptLayouts = (asked: Asked): readonly ColumnLayout[] =>
  asked.filter(({ name }) => name === 'keepLayout').map(({ input }) => (input as { layout: ColumnLayout }).layout);

describe('frozen columns', () => {
  it('stay while the others scroll sideways, and nothing shows through them', () =>
    withGrid(fakeRun(500, 30), async (ui) => {
      const look = async () => {
        const seen = await ui.page.evaluate(() =>
          ['_Customer', '_Tenant', '_Workspace'].map((name) => {
            const head = [...document.querySelectorAll('.grid thead th')].find((th) => th.textContent === name)!;
            const { left, right, top, bottom } = head.getBoundingClientRect();
            return {
              place: [left, right],
              name: document.elementFromPoint(right - 4, top + 8)!.closest('th')!.textContent,
              cell: document
                .elementFromPoint(right - 4, bottom + 30)!
                .closest('th')
                ?.getAttribute('aria-colindex'),
              // A colour that is seen through, as themes have it, would show what scrolls behind.
              solid: getComputedStyle(head).backgroundColor.startsWith('rgb('),
            };
          }),
        );
        return {
          places: seen.flatMap(({ place }) => place),
          seen: seen.map(({ name, cell, solid }) => ({ name, cell, solid })),
        };
      };
      const { places, seen } = await look();
      assert.deepEqual(
        seen,
        ['_Customer', '_Tenant', '_Workspace'].map((name, index) => ({ name, cell: `${index + 2}`, solid: true })),
      );
      const stays = async (): Promise<void> => {
        const now = await look();
        assert.deepEqual(now.seen, seen);
        // Widths are measured again as columns come; a part of a pixel is none.
        assert.ok(
          places.every((place, index) => Math.abs(place - now.places[index]!) < 1),
          now.places.join(),
        );
      };
      for (const left of [137, 1500]) {
        await ui.page.locator('regular-table').evaluate((grid, to) => {
          grid.scrollLeft = to;
        }, left);
        await ui.page.waitForFunction(
          (to) => to < 1000 || !document.querySelector('.grid thead')!.textContent.includes('TimeGenerated'),
          left,
        );
        await stays();
      }
      await ui.page.locator('th[role=gridcell]').nth(4).click();
      await pressTo(ui, 'End', '3,31');
      await stays();
      await pressTo(ui, 'Home', '3,2');
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace', 'TimeGenerated');
    }));

  it('leave room for the others in a narrow panel', () =>
    withGrid(fakeRun(500, 12), async (ui) => {
      await ui.page.setViewportSize({ width: 480, height: 420 });
      await ui.page.waitForFunction(
        () => document.querySelector('.grid thead .frozen-edge')!.getBoundingClientRect().right < 480 * 0.8,
      );
      assert.ok(await header(ui, 'TimeGenerated').isVisible());
    }));

  it('are chosen by key and by menu, and the focus stays with its column', () =>
    withGrid(fakeRun(500, 8), async (ui, asked) => {
      await ui.page.locator('[role=gridcell]', { hasText: 'srv-1.example' }).first().click();
      await pressTo(ui, 'Alt+Shift+ArrowLeft', '3,5');
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace', 'Computer', 'TimeGenerated');
      await says(ui, 'Computer is frozen.');
      await pressTo(ui, 'Alt+ArrowLeft', '3,4');
      await pressTo(ui, 'Alt+Shift+ArrowRight', '3,5');
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace', 'Computer', 'TimeGenerated');
      await header(ui, '_Tenant').click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Unfreeze' }).click();
      await waitForHeaders(ui, '_Customer', '_Workspace');
      assert.equal(await ui.page.locator('.grid thead .frozen').count(), 2);
      assert.deepEqual(keptLayouts(asked).at(-1)?.choices, [
        { name: 'Computer', frozen: false },
        { name: '_Tenant', frozen: false },
      ]);
      assert.deepEqual(await axeViolations(ui.page), []);
    }));
});

describe('the layout of columns', () => {
  it('is moved, hidden, shown again and reset, and told to the host', () =>
    withGrid(fakeRun(500, 8), async (ui, asked) => {
      await ui.page.locator('[role=gridcell]', { hasText: 'srv-1.example' }).first().click();
      await pressTo(ui, 'Alt+ArrowRight', '3,7');
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace', 'TimeGenerated', 'CounterValue', 'Computer');
      await ui.page.keyboard.press('Delete');
      await pressTo(ui, 'Control+ArrowUp', '2,7');
      await pressTo(ui, 'ArrowUp', '1,7');
      await ui.page.keyboard.press('Delete');
      await ui.page.getByRole('button', { name: 'Show Computer' }).waitFor();
      await says(ui, 'Computer is hidden.');
      assert.ok(!(await headers(ui)).includes('Computer'));
      assert.equal(await focusedCell(ui), '1,7');
      await ui.page.getByRole('button', { name: 'Show Computer' }).click();
      await header(ui, 'Computer').waitFor();
      await header(ui, 'Computer').click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Reset all columns' }).click();
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace', 'TimeGenerated', 'Computer');
      const kept = keptLayouts(asked);
      assert.deepEqual(
        kept.map(({ choices }) => choices),
        [[], [{ name: 'Computer', hidden: true }], [{ name: 'Computer', hidden: false }], []],
      );
      assert.deepEqual([kept[0]!.order.length, kept[3]!.order], [8, []]);
    }));

  it('is that of the query when a run comes, and its copy has the columns as they stand', () =>
    withGrid(
      fakeRun(500, 8, {
        layout: {
          choices: [
            { name: '_Tenant', hidden: true },
            { name: 'Count', frozen: true },
          ],
          order: ['Count'],
        },
      }),
      async (ui, asked) => {
        await waitForHeaders(ui, 'Count', '_Customer', '_Workspace', 'TimeGenerated');
        await ui.page.locator('[role=gridcell]').first().click();
        await ui.page.keyboard.press('Shift+ArrowRight');
        await ui.page.keyboard.press('Control+Shift+C');
        await says(ui, 'Copied 1 by 2');
        const copied = asked.find(({ name }) => name === 'copy')?.input as { text: string };
        assert.equal(copied.text, 'Count\t_Customer\n0\tContoso');
        assert.deepEqual(keptLayouts(asked), []);
      },
    ));

  it('keeps the width somebody gave a column with that column', () =>
    withGrid(fakeRun(500, 8), async (ui) => {
      const width = (name: string): Promise<number> =>
        header(ui, name).evaluate((node) => node.getBoundingClientRect().width);
      const before = await width('Count');
      await header(ui, 'Count').click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Wider' }).click();
      await ui.page.waitForFunction(
        (was) => document.querySelector('[data-column="6"]')!.getBoundingClientRect().width > was * 1.2,
        before,
      );
      const [wide, other] = [await width('Count'), await width('CounterValue')];
      await header(ui, 'Count').click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Move left' }).click();
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace', 'TimeGenerated', 'Computer', 'Count');
      assert.ok(Math.abs((await width('Count')) - wide) < 2, 'it goes with it');
      assert.ok(Math.abs((await width('CounterValue')) - other) < 2, 'the other has its own');
    }));

  it('makes a column narrower than what is in it', () =>
    withGrid(fakeRun(500, 8), async (ui) => {
      for (const factor of [0, 1]) {
        await header(ui, 'Computer').click({ button: 'right' });
        await ui.page.getByRole('menuitem', { name: 'Narrower' }).click();
        await ui.page.waitForFunction(
          (times) => document.querySelector('[data-column="4"]')!.getBoundingClientRect().width < 150 - 30 * times,
          factor,
        );
      }
    }));

  it('has _Tenant step back where every customer has one, and says so', () => {
    const run = fakeRun(500, 8);
    const targets = run.targets.map((target) => ({ ...target, tenantName: `${target.customerName}.example` }));
    return withGrid({ ...run, targets }, async (ui, asked) => {
      await waitForHeaders(ui, '_Customer', '_Workspace', 'TimeGenerated');
      await ui.page.getByRole('button', { name: 'Show _Tenant: hidden, every customer has one tenant' }).click();
      await waitForHeaders(ui, '_Customer', '_Tenant', '_Workspace');
      await says(ui, '_Tenant is shown.');
      assert.equal(await ui.page.locator('.chips').count(), 0);
      assert.deepEqual(keptLayouts(asked), [{ choices: [{ name: '_Tenant', hidden: false }], order: [] }]);
    });
  });
});

describe('a column with a hostile name', () => {
  it('has it shown as what it is wherever it stands', () => {
    const run = fakeRun(100, 8);
    const name = 'a\u202eb<img src=x>\u0007';
    const shown = 'a\\u202eb<img src=x>␇';
    return withGrid(
      { ...run, columns: run.columns.map((column, index) => (index === 5 ? { ...column, name } : column)) },
      async (ui) => {
        const unseen = (): Promise<string | undefined> =>
          ui.page.evaluate(() => {
            const parts = [...document.querySelectorAll('#panel-rows, .menu, [aria-live]')];
            const named = parts.flatMap((part) => [part, ...part.querySelectorAll('[title], [aria-label]')]);
            const texts = [
              ...parts.map((part) => part.textContent),
              ...named.flatMap((node) => [node.getAttribute('title'), node.getAttribute('aria-label')]),
            ];
            // eslint-disable-next-line no-control-regex
            return /.{0,20}[\u0007\u202e].{0,20}/.exec(texts.join(' '))?.[0];
          });
        const head = ui.page.locator('.grid thead th', { hasText: shown });
        const choose = async (item: string): Promise<void> => {
          await head.click({ button: 'right' });
          assert.equal(await unseen(), undefined, 'the menu');
          await ui.page.getByRole('menuitem', { name: item }).click();
        };
        await choose('Only rows with a value');
        await ui.page.locator('.chips button', { hasText: shown }).waitFor();
        for (const panel of ['Group by this column', 'Column statistics']) {
          await choose(panel);
          await ui.page.locator('.detail h2', { hasText: shown }).waitFor();
          assert.equal(await unseen(), undefined, panel);
          await ui.page.keyboard.press('Escape');
        }
        await choose('Freeze');
        await says(ui, `${shown} is frozen.`);
        await choose('Hide column');
        await ui.page.getByRole('button', { name: `Show ${shown}` }).waitFor();
        assert.equal(await unseen(), undefined, 'hidden');
        assert.equal(await ui.page.locator('img').count(), 0);
      },
    );
  });
});

describe('what passes a filter', () => {
  it('is counted in the tab and said, by the cell and by the text', () =>
    withGrid(fakeRun(4127), async (ui, asked) => {
      const tab = ui.page.getByRole('tab', { name: 'Results' });
      await ui.page.locator('[role=gridcell]', { hasText: 'Fabrikam' }).first().click();
      await ui.page.keyboard.press('Control+Enter');
      await tab.getByText('688 of 4,127').waitFor();
      await says(ui, '688 of 4,127 rows.');
      // Alike ones below one another are cells of their own.
      assert.ok((await ui.page.locator('th[role=gridcell]', { hasText: 'Fabrikam' }).count()) > 9);
      await ui.page.getByRole('searchbox', { name: 'Filter rows by text' }).fill('srv-13.');
      await tab.getByText(/^35 of 4,127$/).waitFor();
      await says(ui, '35 of 4,127 rows.');
      await ui.page.getByRole('searchbox').fill('');
      await ui.page.getByRole('button', { name: '_Customer = Fabrikam' }).click();
      await tab.getByText(/^4,127$/).waitFor();
      await says(ui, 'All 4,127 rows.');
      await ui.page.locator('[role=gridcell]', { hasText: 'Contoso' }).first().click();
      await ui.page.keyboard.press('Control+Shift+Enter');
      await tab.getByText('3,439 of 4,127').waitFor();
      // The same again changes nothing.
      await ui.page.keyboard.press('Control+Shift+Enter');
      assert.equal(await ui.page.locator('.chips button').count(), 2);
      const last = asked.filter(({ name }) => name === 'rows').at(-1)?.input as { filters: unknown };
      assert.deepEqual(last.filters, [
        { column: '_Customer', op: 'notEquals', value: 'Contoso' },
        { column: '_Customer', op: 'notEquals', value: 'Fabrikam' },
      ]);
    }));
});

describe('finding in the grid', () => {
  it('goes through the matches of all rows by key, with their number, and back to the grid', () =>
    withGrid(fakeRun(4127, 30), async (ui) => {
      const box = ui.page.getByRole('textbox', { name: 'Find in the grid' });
      const computer = fakeColumns(8)[4]!;
      const hosts = [...Array(4127).keys()].filter((row) => fakeCell(computer, row) === 'srv-39.example');
      const before = hosts.filter((row) => row < 3000).length;
      await ui.page.locator('[role=gridcell]').first().click();
      await ui.page.keyboard.press('Control+f');
      await box.fill('column29 3000');
      await ui.page.getByText('1 of 1', { exact: true }).waitFor();
      await says(ui, '1 of 1: Column29, row 3,001.');
      await ui.page.locator('.active', { hasText: 'Column29 3000' }).waitFor();
      assert.ok(await box.evaluate((node) => node === document.activeElement), 'typing goes on');
      await box.fill('srv-39');
      await ui.page.getByText(`${before + 1} of ${hosts.length}`, { exact: true }).waitFor();
      await ui.page.keyboard.press('Enter');
      await ui.page.getByText(`${before + 2} of ${hosts.length}`, { exact: true }).waitFor();
      await ui.page.keyboard.press('Shift+F3');
      await ui.page.getByText(`${before + 1} of ${hosts.length}`, { exact: true }).waitFor();
      assert.ok((await ui.page.locator('.found').count()) > 0);
      assert.deepEqual(await axeViolations(ui.page), []);
      await box.fill('nowhere at all');
      await ui.page.getByText('No match').waitFor();
      await ui.page.keyboard.press('Escape');
      assert.equal(await box.count(), 0);
      await ui.page.waitForFunction(() => document.activeElement?.textContent?.includes('srv-39'));
      assert.equal(await ui.page.locator('.found').count(), 0);
    }));
});

describe('the panels about a column', () => {
  it('group by it: values with counts, each of them a filter', () =>
    withGrid(fakeRun(4127), async (ui, asked) => {
      await ui.page.locator('[role=gridcell]', { hasText: 'srv-1.example' }).first().click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Group by this column' }).click();
      const panel = ui.page.getByRole('complementary', { name: 'Rows by Computer' });
      await panel.getByText('41 values in 4,127 rows').waitFor();
      await says(ui, '41 values of Computer.');
      const values = panel.getByRole('list', { name: 'Values of Computer' }).getByRole('button');
      assert.match((await values.first().textContent())!, /^srv-\d+\.example10\d$/);
      await values.first().focus();
      await ui.page.keyboard.press('ArrowDown');
      const second = (await values.nth(1).textContent())!.replace(/10\d$/, '');
      await ui.page.keyboard.press('Enter');
      await ui.page.getByRole('button', { name: `Computer = ${second}` }).waitFor();
      await ui.page.getByRole('tab', { name: /^Results 10\d of 4,127$/ }).waitFor();
      // The other values stay to be chosen, and one takes the place of another.
      assert.equal(await values.nth(1).getAttribute('aria-pressed'), 'true');
      await values.nth(3).click();
      assert.equal(await ui.page.locator('.chips button').count(), 1);
      await ui.page.waitForFunction(() => document.querySelectorAll('.values [aria-pressed=true]').length === 1);
      assert.equal(asked.filter(({ name }) => name === 'groups').length, 1, 'counted once');
      await values.nth(3).click();
      await ui.page.getByRole('tab', { name: 'Results 4,127' }).waitFor();
      await ui.page.keyboard.press('Escape');
      await ui.page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'gridcell');
    }));

  it('bring more values on request', () =>
    withGrid(fakeRun(250), async (ui, asked) => {
      await header(ui, 'Count').click({ button: 'right' });
      await ui.page.getByRole('menuitem', { name: 'Group by this column' }).click();
      for (const more of ['Show 100 more of 250', 'Show 50 more of 250'])
        await ui.page.getByRole('button', { name: more }).click();
      await ui.page.waitForFunction(() => document.querySelectorAll('.values li').length === 250);
      const firsts = asked
        .filter(({ name }) => name === 'groups')
        .map(({ input }) => (input as { first: number }).first);
      assert.deepEqual(firsts, [0, 100, 200]);
    }));

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`say of a dynamic column what its values are like, to everybody (${theme})`, () =>
      withGrid(
        fakeRun(4127),
        async (ui) => {
          await header(ui, 'Properties').click({ button: 'right' });
          await ui.page.getByRole('menuitem', { name: 'Column statistics' }).click();
          const panel = ui.page.getByRole('complementary', { name: 'Statistics of Properties' });
          await panel.getByText('48 to 53, half of them up to 50').waitFor();
          for (const title of ['Kinds', 'Most frequent keys', 'Most frequent shapes'])
            await panel.getByRole('list', { name: title }).waitFor();
          await panel.getByText('{nested, row, tags}').waitFor();
          assert.equal(await panel.getByText('Least').count(), 0);
          assert.deepEqual(await axeViolations(ui.page), []);
        },
        theme,
      ));
});

type Colour = readonly [red: number, green: number, blue: number, alpha: number];
function toColour(css: string): Colour {
  const [red = 0, green = 0, blue = 0, alpha = 1] = css.match(/[\d.]+/g)!.map(Number);
  return [red, green, blue, alpha];
}
function blend([red, green, blue, alpha]: Colour, below: Colour): Colour {
  const part = (top: number, under: number): number => top * alpha + under * (1 - alpha);
  return [part(red, below[0]), part(green, below[1]), part(blue, below[2]), 1];
}
function luminance([red, green, blue]: Colour): number {
  const linear = (part: number): number =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
/** The contrast of WCAG 2; `behind` are the backgrounds from the text outwards. */
function contrastOf(text: string, behind: readonly string[]): number {
  const white: Colour = [255, 255, 255, 1];
  const page = behind.toReversed().reduce((below: Colour, css) => blend(toColour(css), below), white);
  const [dark, light] = [luminance(page), luminance(blend(toColour(text), page))].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('the text of the grid', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`stands out from what is behind it (${theme})`, () =>
      withGrid(
        fakeRun(500),
        async (ui) => {
          const kinds = ['.attribution:not(.selected)', '.row-number', '.null', '.number:not(.null)'];
          const colours = await ui.page.evaluate(
            (selectors) =>
              selectors.map((kind) => {
                const text = getComputedStyle(document.querySelector(`.grid tbody ${kind}`)!).color;
                const behind: string[] = [];
                for (let node = document.querySelector(`.grid tbody ${kind}`); node; node = node.parentElement)
                  behind.push(getComputedStyle(node).backgroundColor);
                return { kind, text, behind };
              }),
            kinds,
          );
          const contrasts = colours.map(({ kind, text, behind }) => ({ kind, contrast: contrastOf(text, behind) }));
          for (const { kind, contrast } of contrasts) assert.ok(contrast >= 4.5, `${kind}: ${contrast.toFixed(2)}`);
        },
        theme,
      ));
});
