import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { AppError } from '../../src/base/errors.ts';
import { compareAssessments } from '../../src/core/assess/compareAssessments.ts';
import { slimAssessment } from '../../src/core/assess/slim.ts';
import type { Handlers } from '../../src/base/rpc.ts';
import type { AssessmentHost, AssessmentPageView } from '../../src/protocol/assessmentPage.ts';
import { customerHtml, estateHtml } from '../../src/report/toHtml.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../fixtures/hostileTexts.ts';
import { assessmentOf, called, sampleCustomers } from '../harness/assessmentSample.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { openPage } from '../harness/page.ts';
import type { PageUnderTest } from '../harness/page.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';

const WHOLE = assessmentOf();
const VIEW: AssessmentPageView = { assessment: slimAssessment(WHOLE) };
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
});

interface Opened {
  readonly view?: AssessmentPageView;
  readonly customer?: string;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly handlers?: Partial<Handlers<AssessmentHost>>;
}

/** Opens the page as the extension does, and expects that it kept its policy. Gives what was asked of the host. */
async function withPage(
  opened: Opened,
  use: (ui: PageUnderTest<AssessmentHost>, asked: [string, unknown][]) => Promise<void>,
): Promise<void> {
  const asked: [string, unknown][] = [];
  const note =
    (name: string) =>
    (input: unknown): null => {
      asked.push([name, input]);
      return null;
    };
  const handlers: Handlers<AssessmentHost> = {
    ready: () => ({
      view: opened.view ?? VIEW,
      ...(opened.customer === undefined ? {} : { customer: opened.customer }),
    }),
    customer: ({ customer }) => {
      const found = WHOLE.customers.find(({ key }) => key === customer);
      if (!found) throw new AppError('input.unknownCustomer', 'This assessment does not have that customer.');
      return found;
    },
    assess: note('assess'),
    cancel: note('cancel'),
    compare: note('compare'),
    export: note('export'),
    openSource: note('openSource'),
    act: note('act'),
    copy: note('copy'),
    ...opened.handlers,
  };
  const ui = await openPage<AssessmentHost>(browser, {
    name: 'assessment',
    handlers,
    theme: opened.theme,
    size: { width: opened.width ?? 1180, height: 800 },
  });
  try {
    await use(ui, asked);
    assert.deepEqual(ui.complaints, [], 'the page broke its own policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}

describe('the estate’s page', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`is accessible: ${theme}`, () =>
      withPage({ theme }, async ({ page }) => {
        await page.getByRole('heading', { level: 1, name: 'Architecture fit' }).waitFor();
        assert.deepEqual(await axeViolations(page), []);
      }));

  it('fits into 700 pixels, without a scroll bar across', () =>
    withPage({ width: 700 }, async ({ page }) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      const wide = await page.evaluate(() => {
        const region = document.querySelector('.page')!;
        return region.scrollWidth - region.clientWidth;
      });
      assert.ok(wide <= 0, `${wide} pixels too wide`);
    }));

  it('says who could not be assessed, above everything, and gives no score', () =>
    withPage({}, async ({ page }) => {
      await page.getByText('3 of 4 customers assessed.').waitFor();
      const row = page.locator('table.customers tbody tr').first();
      assert.match(await row.innerText(), /Alpine Ski House[\s\S]*unknown[\s\S]*not assessed/);
    }));

  it('filters by a band of the picture, by a number of the matrix and by text, by keyboard too', () =>
    withPage({}, async ({ page }) => {
      const rows = page.locator('table.customers tbody tr');
      await rows.first().waitFor();
      assert.equal(await rows.count(), 4);
      const band = page.locator('path.band').first();
      await band.focus();
      await page.keyboard.press('Enter');
      await page.getByText(/of 4 shown/).waitFor();
      assert.ok((await rows.count()) < 4);
      assert.equal(await band.getAttribute('aria-pressed'), 'true');
      await page.getByRole('button', { name: 'Show all' }).click();
      assert.equal(await rows.count(), 4);
      await page.getByRole('searchbox', { name: 'Filter customers' }).fill('gold');
      await page.getByText('1 customer of 4 shown.').waitFor();
      assert.match(await rows.first().innerText(), /Fabrikam/);
    }));

  it('shows names of a workspace as text', () =>
    withPage({}, async ({ page }) => {
      await page.getByRole('button', { name: '<img src=x onerror=alert(1)> Ltd' }).waitFor();
      assert.equal(await page.locator('img').count(), 0);
    }));

  it('follows a running assessment, which can be cancelled', () =>
    withPage({ view: { progress: { done: 3, total: 40, what: 'usage' } } }, async ({ page, channel }, asked) => {
      await page.getByText('3 of 40 questions answered').waitFor();
      channel.emit('view', { progress: { done: 9, total: 40, what: 'agents' } });
      await page.getByText('9 of 40 questions answered').waitFor();
      await page.getByRole('button', { name: 'Cancel, and keep what was measured' }).click();
      channel.emit('view', VIEW);
      await page.getByRole('heading', { level: 1, name: 'Architecture fit' }).waitFor();
      assert.deepEqual(asked, [['cancel', null]]);
    }));

  it('says what to do before anything was assessed, and why an assessment failed', () =>
    withPage({ view: {} }, async ({ page, channel }) => {
      await page.getByText('No architecture was assessed yet.').waitFor();
      channel.emit('view', { error: 'Nobody is signed in. Sign in.' });
      await page.getByRole('alert').filter({ hasText: 'Nobody is signed in.' }).waitFor();
    }));

  it('shows what is different since an earlier assessment', () => {
    const earlier = {
      ...WHOLE,
      at: '2026-11-21T09:00:00.000Z',
      customers: WHOLE.customers.map((one) => ({ ...one, findings: [] })),
    };
    const difference = compareAssessments(earlier, WHOLE);
    return withPage({ view: { ...VIEW, difference } }, async ({ page }) => {
      await page.getByText(/Since 21 Nov 2026 09:00 UTC: \d+ new findings/).click();
      await page.locator('.difference li', { hasText: 'Fabrikam: new, high' }).first().waitFor();
    });
  });
});

describe('a customer’s page', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`is accessible, with everything open: ${theme}`, () =>
      withPage({ theme, customer: 'fabrikam' }, async ({ page }) => {
        await page.getByRole('heading', { level: 1, name: 'Fabrikam' }).waitFor();
        await page.evaluate(() => {
          for (const one of document.querySelectorAll('details')) one.open = true;
        });
        assert.deepEqual(await axeViolations(page), []);
      }));

  it('has the verdict before the score, evidence one click away, and actions that only ask the host', () =>
    withPage({ customer: 'fabrikam' }, async ({ page }, asked) => {
      await page.locator('p.verdict', { hasText: 'Hybrid today, and that fits.' }).waitFor();
      const finding = page.locator('details.finding', { hasText: /daily cap/ });
      if ((await finding.getAttribute('open')) === null) await finding.locator('summary').click();
      await finding.getByRole('button', { name: 'Plan the daily cap' }).click();
      await finding.locator('.evidence').getByRole('button').first().click();
      await page.waitForFunction(() => true);
      const capped = WHOLE.customers
        .find(({ key }) => key === 'fabrikam')!
        .findings.find(({ check }) => check === 'capHit')!;
      const place = { assessment: WHOLE.id, customer: 'fabrikam' };
      assert.deepEqual(asked, [
        ['act', { ...place, action: capped.actions.find(({ kind }) => kind === 'setCap') }],
        ['openSource', { ...place, source: capped.evidence[0]!.measured.source }],
      ]);
    }));

  it('goes back to the estate, and keeps the filter', () =>
    withPage({}, async ({ page }) => {
      await page.getByRole('searchbox', { name: 'Filter customers' }).fill('fabri');
      await page.getByRole('button', { name: 'Fabrikam' }).click();
      await page.getByRole('heading', { level: 1, name: 'Fabrikam' }).waitFor();
      await page.getByRole('button', { name: 'Architecture fit' }).click();
      await page.getByText('1 customer of 4 shown.').waitFor();
    }));

  it('says a refusal of the host and loses nothing', () =>
    withPage(
      {
        customer: 'fabrikam',
        handlers: {
          export: () => {
            throw new AppError('engine.disk', 'The disk is full. Free some space.');
          },
        },
      },
      async ({ page }) => {
        await page.getByRole('button', { name: 'Export for the customer…' }).click();
        await page.getByRole('alert').filter({ hasText: 'The disk is full.' }).waitFor();
        await page.getByRole('heading', { level: 1, name: 'Fabrikam' }).waitFor();
      },
    ));
});

describe('the words of others', () => {
  const hostile = HOSTILE_TEXTS.join(' ');
  const whole = assessmentOf([
    called(hostile, sampleCustomers()[1]!, [hostile]),
    called('Quiet', sampleCustomers()[0]!),
  ]);
  const view = { assessment: slimAssessment(whole) };
  const [first] = whole.customers;
  for (const customer of [undefined, first!.key])
    it(`show what they hold: ${customer === undefined ? 'the estate' : 'a customer'}`, () =>
      withPage(
        { view, ...(customer === undefined ? {} : { customer }), handlers: { customer: () => first! } },
        async ({ page }) => {
          await page.getByText('\\u202e').first().waitFor();
          const shown = await page.evaluate(() =>
            [...document.querySelectorAll('*')].flatMap((node) => [
              ...['title', 'aria-label'].map((name) => node.getAttribute(name) ?? ''),
              ...[...node.childNodes].filter(({ nodeType }) => nodeType === 3).map((text) => text.textContent ?? ''),
            ]),
          );
          assert.deepEqual(
            shown.filter((text) => UNSEEN.test(text)),
            [],
          );
        },
      ));
});

describe('a report in a file', () => {
  const HTML = { estate: estateHtml(WHOLE), customer: customerHtml(WHOLE, WHOLE.customers[1]!) };
  for (const [name, html] of Object.entries(HTML))
    for (const colorScheme of ['light', 'dark'] as const)
      it(`is accessible and fetches nothing: ${name}, ${colorScheme}`, async () => {
        const page = await browser.newPage({ colorScheme, viewport: { width: 900, height: 900 } });
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('request', (request) => complaints.push(request.url()));
        await page.setContent(html);
        const violations = await axeViolations(page);
        await page.close();
        assert.deepEqual(violations, []);
        assert.deepEqual(
          complaints.filter((one) => !one.startsWith('about:')),
          [],
        );
      });

  it('prints everything open, without buttons', async () => {
    const page = await browser.newPage();
    await page.setContent(HTML.customer);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('button').count(), 0);
    assert.equal(await page.locator('details.finding:not([open])').count(), 0);
    await page.close();
  });
});
