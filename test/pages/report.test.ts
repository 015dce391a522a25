import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { localKql } from '../../src/app/localKql.ts';
import { makeReport } from '../../src/core/reports/makeReport.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { Report } from '../../src/model/report.ts';
import { summaryHtml } from '../../src/report/toHtml.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { gatheredOf, PERIOD, weekly, workspaceOf } from '../unit/reports/gatheredSample.ts';

describe('a report in a file', () => {
  let browser: Browser;
  let report: Report;
  before(async () => {
    browser = await launchBrowser();
    const engine = await openEngine();
    const customers = ['contoso', 'fabrikam', 'litware', 'tailspin'].map((key, at) =>
      workspaceOf(key, [...weekly('Perf', 41 + 60 * at), ...weekly('Syslog', 41).slice(0, 26)], {
        caps: { rows: [{ day: PERIOD.label, first: '2026-02-28T07:00:00.000Z' }] },
        ...(at === 2 ? { machines: { rows: [], reason: 'not readable' } } : {}),
      }),
    );
    report = await makeReport(gatheredOf(customers), PERIOD, localKql(engine));
    await engine.close();
  });
  after(() => browser.close());

  for (const [of, width] of [
    ['the estate', 1_200],
    ['a customer', 420],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const)
      it(`is accessible, fetches nothing and is no wider than its window: ${of}, ${colorScheme}`, async () => {
        const html =
          of === 'the estate'
            ? summaryHtml(report, (key) => `customers/${key}.html`)
            : summaryHtml({ ...report, customers: [report.customers[2]!] });
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('request', (request) => complaints.push(request.url()));
        await page.setContent(html);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
        const violations = await axeViolations(page);
        await page.close();
        assert.deepEqual(violations, []);
        assert.deepEqual(
          complaints.filter((one) => !one.startsWith('about:')),
          [],
        );
      });
});
