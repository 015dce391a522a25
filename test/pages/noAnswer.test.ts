/** The Results page where there is no answer, or not yet: running, refused, nobody answered; and whose words it shows. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { toTenantId, toWorkspaceKey } from '../../src/model/ids.ts';
import type { Handlers } from '../../src/base/rpc.ts';
import type { ResultsHost, RunView, TargetView } from '../../src/protocol/results.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../fixtures/hostileTexts.ts';
import { axeViolations } from '../harness/axe.ts';
import { launchBrowser } from '../harness/browser.ts';
import { fakeHost, fakeRun, fakeTargets } from '../harness/fakeRun.ts';
import { openResultsPage } from '../harness/resultsPage.ts';
import type { ResultsPageUnderTest } from '../harness/resultsPage.ts';
import { THEMES } from '../harness/themes.ts';
import type { ThemeName } from '../harness/themes.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

type Asked = { name: string; input: unknown }[];

async function withPage(
  run: RunView,
  use: (ui: ResultsPageUnderTest, asked: Asked) => Promise<void>,
  { theme = 'dark', handlers: own = {} }: { theme?: ThemeName; handlers?: Partial<Handlers<ResultsHost>> } = {},
): Promise<void> {
  const { handlers, asked } = fakeHost(run);
  const ui = await openResultsPage(browser, { ...handlers, ...own }, { theme });
  try {
    await ui.page.locator('main').first().waitFor();
    await use(ui, asked);
    assert.deepEqual(ui.complaints, [], 'the page broke its own policy or wrote errors to the console');
  } finally {
    await ui.close();
  }
}

const target = (name: string, change: Partial<TargetView>): TargetView => ({
  ...fakeTargets(1)[0]!,
  workspace: name,
  workspaceName: name,
  rows: 0,
  ...change,
});

/** A run that nobody answered: two without access, one throttled, one tenant that stayed shut. */
function nobody(change: Partial<RunView> = {}): RunView {
  const denied = (name: string, customerName: string): TargetView =>
    target(name, {
      customerName,
      state: 'failed',
      mayAnswerAgain: true,
      reason: `${name}: this account may not query it. Ask for Log Analytics Reader.`,
    });
  return fakeRun(0, 0, {
    targets: [
      denied('law-a', 'Contoso'),
      denied('law-b', 'Fabrikam'),
      target('law-c', {
        customerName: 'Adatum',
        state: 'failed',
        mayAnswerAgain: true,
        reason: 'Slow down.',
        tookMs: 210,
      }),
      target('tenant:t1', {
        workspaceName: 'all of Alpine Ski House',
        customerName: 'Alpine Ski House',
        state: 'skipped',
        reason: 'Alpine Ski House asks for multifactor sign-in.',
        canSignIn: true,
      }),
    ],
    completeness: {
      asked: 3,
      answered: 0,
      complete: false,
      missing: [
        { reason: 'no access', count: 2, workspaces: [toWorkspaceKey('law-a'), toWorkspaceKey('law-b')] },
        { reason: 'throttled', count: 1, workspaces: [toWorkspaceKey('law-c')] },
        { reason: 'tenant not entered (sign-in required)', count: 1, workspaces: [], tenants: [toTenantId('t1')] },
      ],
      sentence: '0 of 3 workspaces answered, 2 no access, 1 throttled, 1 tenant not entered (sign-in required)',
    },
    ...change,
  });
}

function refused(change: Partial<RunView> = {}): RunView {
  return fakeRun(0, 0, {
    run: 'refused',
    title: 'Silent machines',
    state: 'failed',
    targets: [],
    error: 'Expected: ). Nothing was sent.',
    fault: { where: 'silent.kql, line 14, column 9', line: 14, code: '| where (Computer' },
    refused: { before: 'Perf' },
    ...change,
  });
}

describe('a run that goes on', () => {
  it('has a clock that runs though nothing comes, and never goes back', () =>
    withPage(fakeRun(0, 0, { state: 'running', elapsedMs: 5_000 }), async (ui) => {
      const clock = ui.page.locator('.completeness .muted');
      const seconds = async (): Promise<number> => parseFloat((await clock.textContent()) ?? '');
      await ui.page.waitForFunction(
        () => parseFloat(document.querySelector('.completeness .muted')!.textContent!) >= 5.5,
      );
      ui.send(fakeRun(0, 0, { state: 'running', elapsedMs: 5_100 }));
      await ui.page.waitForTimeout(150);
      assert.ok((await seconds()) >= 5.5, `${await seconds()}`);
      ui.send(fakeRun(0, 0, { state: 'finished', elapsedMs: 7_000, targets: [] }));
      await ui.page.getByText('7.0 s').waitFor();
      await ui.page.waitForTimeout(250);
      assert.equal(await seconds(), 7, 'it stops with the run');
    }));

  it('says of each target why it waits, how long a failed one took, and that a sign-in is waited for', async () => {
    let signedIn: () => void = () => undefined;
    const signIn = (): Promise<null> =>
      new Promise((resolve) => {
        signedIn = () => {
          resolve(null);
        };
      });
    const targets = [
      target('law-a', { state: 'waiting', reason: 'ops@msp may ask 5 at once, and does. It is next.' }),
      target('law-b', { state: 'failed', tookMs: 1230, waitedMs: 4000, reason: 'No access.', canSignIn: true }),
    ];
    await withPage(
      fakeRun(0, 0, { state: 'running', targets }),
      async ({ page }) => {
        await page.getByRole('tab', { name: 'Targets' }).click();
        await page.getByRole('row', { name: /Waiting.*law-a.*ops@msp may ask 5 at once, and does/ }).waitFor();
        await page.getByRole('row', { name: /Failed.*law-b.*1\.23 s.*No access/ }).waitFor();
        const waited = await page.locator('td.number[title]').getAttribute('title');
        assert.equal(waited, 'after 4.00 s of waiting for its turn');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('row', { name: /law-b.*Waiting for you to sign in/ }).waitFor();
        signedIn();
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
      },
      { handlers: { signIn } },
    );
  });
});

describe('a run that nobody answered', () => {
  it('does not look like an answer of no rows: reasons are grouped, with next steps', () =>
    withPage(nobody(), async (ui, asked) => {
      const panel = ui.page.getByRole('tabpanel', { name: 'Results' });
      await panel.getByRole('heading', { name: 'Nobody answered' }).waitFor();
      assert.deepEqual(
        (await panel.getByRole('listitem').allInnerTexts()).map((text) => text.split('\n')),
        [
          [
            '2 × no access (Contoso, Fabrikam)',
            'For example: law-a: this account may not query it. Ask for Log Analytics Reader.',
          ],
          ['1 × throttled (Adatum)', 'Slow down.'],
          [
            '1 × tenant not entered (sign-in required) (Alpine Ski House)',
            'Alpine Ski House asks for multifactor sign-in.',
          ],
        ],
      );
      assert.equal(await ui.page.getByRole('tab', { name: 'Results' }).innerText(), 'Results');
      assert.equal(await ui.page.locator('.completeness.failed').count(), 1);
      assert.equal(await ui.page.getByRole('button', { name: 'Export' }).count(), 0);
      assert.equal(await ui.page.getByRole('grid').count(), 0);
      assert.doesNotMatch((await ui.page.locator('[aria-live]').textContent()) ?? '', /rows?\.$/);
      await panel.getByRole('button', { name: 'Ask 3 again' }).click();
      await panel.getByRole('button', { name: 'Sign in to Alpine Ski House' }).click();
      assert.deepEqual(asked.slice(-2), [
        { name: 'retry', input: { run: 'run-1' } },
        { name: 'signIn', input: { run: 'run-1', workspace: 'tenant:t1' } },
      ]);
      await panel.getByRole('button', { name: 'Show 4 targets' }).click();
      await ui.page.getByRole('row', { name: /law-c.*0\.21 s/ }).waitFor();
    }));

  it('becomes an answer when a later round brings one', () =>
    withPage(fakeRun(20, 8), async (ui) => {
      ui.send(nobody());
      await ui.page.getByRole('heading', { name: 'Nobody answered' }).waitFor();
      ui.send(fakeRun(20, 8));
      await ui.page.locator('td[role=gridcell]').first().waitFor();
      assert.equal(await ui.page.getByRole('heading', { name: 'Nobody answered' }).count(), 0);
    }));

  it('says what all of them refused the query for once, with its place, and does not offer to ask again', () =>
    withPage(
      nobody({
        state: 'failed',
        error:
          'None of the 24 workspaces that were asked has a table or function named Heartbeatt. Did you mean "Heartbeat"?',
        fault: { where: 'silent.kql, line 2, column 1', line: 2, code: 'Heartbeatt' },
        answer: 'perWorkspace',
        perWorkspaceNote: { sentence: "Each workspace's own answer: Heartbeatt is not known.", constructs: [] },
        targets: fakeTargets(2).map((one): TargetView => ({
          ...one,
          state: 'failed',
          rows: 0,
          reason: 'No such table.',
        })),
      }),
      async (ui, asked) => {
        await ui.page.getByText('Did you mean "Heartbeat"?').last().waitFor();
        assert.equal(await ui.page.getByText('Per workspace.').count(), 0);
        assert.equal(await ui.page.getByRole('button', { name: /again|Retry/ }).count(), 0);
        await ui.page.getByRole('button', { name: 'Go to line 2' }).click();
        assert.deepEqual(asked.at(-1), { name: 'reveal', input: { run: 'run-1' } });
      },
    ));
});

describe('a query that was refused', () => {
  it('takes the place of the answer before, with the reason and the way to it, until it is put aside', () =>
    withPage(fakeRun(100), async (ui, asked) => {
      await ui.page.locator('td[role=gridcell]').first().waitFor();
      ui.send(refused());
      await ui.page.getByRole('heading', { name: 'The query was refused' }).waitFor();
      assert.equal(await ui.page.getByRole('grid').count(), 0, 'no row of the answer before');
      assert.deepEqual((await ui.page.locator('main').innerText()).split(/\n+/), [
        'The query was refused',
        'Silent machines',
        'Expected: ). Nothing was sent.',
        'silent.kql, line 14, column 9',
        '| where (Computer',
        'Go to line 14',
        'Show the answer before: Perf',
      ]);
      await ui.page.getByRole('button', { name: 'Go to line 14' }).click();
      await ui.page.getByRole('button', { name: 'Show the answer before: Perf' }).click();
      assert.deepEqual(
        asked.slice(-2).map(({ name }) => name),
        ['reveal', 'showBefore'],
      );
      ui.send(fakeRun(100));
      await ui.page.locator('td[role=gridcell]').first().waitFor();
    }));

  it('is said aloud each time', () =>
    withPage(refused(), async (ui) => {
      await ui.page.getByRole('heading', { name: 'The query was refused' }).waitFor();
      const heard = (): Promise<string | null> => ui.page.locator('[aria-live=polite]').textContent();
      await ui.page.waitForFunction(() => document.querySelector('[aria-live=polite]')!.textContent !== '');
      const first = await heard();
      assert.match(first ?? '', /^Nothing was sent\. Expected: \)/);
      ui.send(refused({ startedAt: '2026-11-22T10:00:09Z' }));
      await ui.page.waitForFunction(
        (before) => document.querySelector('[aria-live=polite]')!.textContent !== before,
        first,
      );
    }));
});

describe('both are accessible in every theme', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(theme, async () => {
      for (const run of [nobody(), refused()])
        await withPage(
          run,
          async (ui) => {
            await ui.page.getByRole('heading').first().waitFor();
            assert.deepEqual(await axeViolations(ui.page), []);
          },
          { theme },
        );
    });
});

describe('the words of others', () => {
  const hostile = HOSTILE_TEXTS.join(' ');
  const everywhere: Partial<RunView> = {
    title: hostile,
    scopeLabel: hostile,
    targets: fakeTargets(8).map((one) => ({
      ...one,
      customerName: hostile,
      workspaceName: hostile,
      tenantName: hostile,
      path: hostile,
      reason: hostile,
    })),
    perWorkspaceNote: { sentence: hostile, constructs: [hostile] },
    completeness: {
      ...fakeRun(1).completeness,
      sentence: hostile,
      missing: [{ reason: hostile, count: 1, workspaces: [] }],
    },
  };
  const fault = { where: hostile, line: 1, code: hostile };
  for (const [what, run] of Object.entries({
    'an answer': fakeRun(0, 3, everywhere),
    'no answer': {
      ...nobody(),
      ...everywhere,
      targets: everywhere.targets!.map((one) => ({ ...one, state: 'failed' as const })),
    },
    'a run that failed': nobody({ ...everywhere, error: hostile, fault }),
    'a refused query': refused({ ...everywhere, targets: [], error: hostile, fault, refused: { before: hostile } }),
  }))
    it(`show what they hold in ${what}`, () =>
      withPage(run, async (ui) => {
        for (const tab of run.refused ? [] : ['Targets', 'Results']) {
          await ui.page.getByRole('tab', { name: tab }).click();
          await ui.page.getByRole('tabpanel', { name: tab }).waitFor();
        }
        const shown = await ui.page.evaluate(() =>
          [...document.querySelectorAll('*')].flatMap((node) => [
            ...['title', 'aria-label'].map((name) => node.getAttribute(name) ?? ''),
            ...[...node.childNodes].filter(({ nodeType }) => nodeType === 3).map((text) => text.textContent ?? ''),
          ]),
        );
        assert.ok(shown.join('').includes('\\u202e'), 'the texts are there');
        assert.deepEqual(
          shown.filter((text) => UNSEEN.test(text)),
          [],
        );
      }));
});
