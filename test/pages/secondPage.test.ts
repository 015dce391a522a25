import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import type { Browser } from 'playwright-core';
import { AppError } from '../../src/base/errors.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { openPage } from '../harness/page.ts';
import type { PageUnderTest } from '../harness/page.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';
import { ROOT } from '../../scripts/tools.mjs';
import type { FitHost, FitView } from './fit/contract.ts';

/** A second page of the same parts: its own contract, its own drawing, and a row as in the build's table. */
const FIT: FitView = {
  done: 2,
  checks: [
    { name: 'Retention', verdict: 'fits' },
    { name: 'Daily cap', verdict: '<b>none</b>' },
    { name: 'Regions', verdict: 'open' },
  ],
};
// The build's own options; it is plain JavaScript, so their shape is said here.
const { optionsFor } = (await import(String(new URL('../../esbuild.js', import.meta.url)))) as {
  optionsFor(bundle: object, dev: boolean): BuildOptions;
};
let browser: Browser;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantscope-page-'));
  const row = { name: 'fit', entry: join(ROOT, 'test/pages/fit/main.tsx'), platform: 'browser', external: [] };
  await build(optionsFor({ ...row, out: join(folder, 'fit.js') }, false));
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function withFit(
  use: (ui: PageUnderTest<FitHost>) => Promise<void>,
  theme?: ThemeName,
  first: FitView | null = FIT,
): Promise<void> {
  const open = ({ check }: { check: string }): null => {
    throw new AppError('input.noCheck', `${check} cannot be opened. Choose another.`);
  };
  const handlers = { ready: () => first, open };
  const ui = await openPage<FitHost>(browser, { name: 'fit', folder, handlers, theme });
  try {
    await use(ui);
    assert.deepEqual(ui.complaints, [], 'the page broke its own policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}

describe('a second page of the same parts', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`is as accessible as the first: ${theme}`, () =>
      withFit(async (ui) => {
        await ui.page.getByText('2 of 3 checks done').waitFor();
        assert.deepEqual(await axeViolations(ui.page), []);
      }, theme));
  }

  it('says what to do before there is anything, and shows each snapshot', () =>
    withFit(
      async (ui) => {
        await ui.page.getByText('Nothing was checked yet.').waitFor();
        ui.channel.emit('fit', FIT);
        await ui.page.getByRole('progressbar', { name: 'Checks done' }).waitFor({ state: 'attached' });
        assert.equal(await ui.page.locator('td', { hasText: '<b>none</b>' }).count(), 1);
        ui.channel.emit('fit', { ...FIT, done: 3 });
        await ui.page.locator('.completeness.complete').waitFor();
        assert.equal(await ui.page.getByRole('progressbar').count(), 0);
      },
      undefined,
      null,
    ));

  it('keeps the focus on what has it while snapshots come', () =>
    withFit(async (ui) => {
      await ui.page.getByRole('button', { name: 'Regions' }).focus();
      ui.channel.emit('fit', { done: 3, checks: [{ name: 'Access', verdict: 'fits' }, ...FIT.checks] });
      await ui.page.getByRole('button', { name: 'Access' }).waitFor();
      assert.equal(await ui.page.evaluate(() => document.activeElement?.textContent), 'Regions');
    }));

  it('has tabs with one tab stop that arrows move', () =>
    withFit(async (ui) => {
      await ui.page.getByRole('tab', { name: 'Checks' }).focus();
      await ui.page.keyboard.press('ArrowLeft');
      await ui.page.getByRole('tab', { name: 'About', selected: true }).waitFor();
      await ui.page.getByRole('tabpanel', { name: 'About' }).waitFor();
      assert.equal(await ui.page.evaluate(() => document.activeElement?.id), 'tab-about');
      assert.equal(await ui.page.locator('[role=tab][tabindex="0"]').count(), 1);
    }));

  it('has a menu that gives the focus back, and a voice', () =>
    withFit(async (ui) => {
      const more = ui.page.getByRole('button', { name: 'More' });
      await more.focus();
      await ui.page.keyboard.press('Enter');
      await ui.page.getByRole('menuitem', { name: 'Say it' }).waitFor();
      await ui.page.keyboard.press('ArrowDown');
      assert.equal(await ui.page.evaluate(() => document.activeElement?.getAttribute('aria-checked')), 'true');
      await ui.page.keyboard.press('Escape');
      assert.equal(await ui.page.getByRole('menu').count(), 0);
      assert.equal(await more.evaluate((node) => node === document.activeElement), true);
      await ui.page.keyboard.press('Enter');
      await ui.page.keyboard.press('Enter');
      await ui.page.waitForFunction(() => document.querySelector('[aria-live]')?.textContent === '3 checks.');
    }));

  it('shows a refusal in its place and keeps everything else', () =>
    withFit(async (ui) => {
      await ui.page.getByRole('button', { name: 'Daily cap' }).click();
      await ui.page.getByRole('alert').getByText('Daily cap cannot be opened. Choose another.').waitFor();
      assert.equal(await ui.page.locator('tbody tr').count(), 3);
    }));

  it('says in forced colours which tab is chosen', () =>
    withFit(async (ui) => {
      await ui.page.emulateMedia({ forcedColors: 'active' });
      await ui.page.getByRole('tab').nth(1).waitFor();
      const [chosen, other] = await ui.page
        .getByRole('tab')
        .evaluateAll((tabs) => tabs.map((tab) => getComputedStyle(tab).borderBottomColor));
      const background = await ui.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(other, background);
      assert.notEqual(chosen, background);
    }));

  it('stands still for whoever asked for that', () =>
    withFit(async (ui) => {
      await ui.page.emulateMedia({ reducedMotion: 'reduce' });
      const bar = ui.page.getByRole('progressbar');
      await bar.waitFor({ state: 'attached' });
      assert.match(await bar.evaluate((node) => getComputedStyle(node, '::after').transitionProperty), /none/);
    }));
});
