/** Text of others as it is handed to VS Code, at every place that is no page: nothing acts, nothing is hidden. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import type { Estate } from '../../../src/model/estate.ts';
import type { Run } from '../../../src/model/run.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';
import { shown, useFakeVscode } from '../../harness/fakeVscode.ts';
import { sampleEstate } from './sampleEstate.ts';

useFakeVscode();
const { ScopeStatusBar } = await import('../../../src/extension/scope/statusBar.ts');
const { QueryLenses } = await import('../../../src/extension/editor/codeLens.ts');
const { InsideLenses } = await import('../../../src/extension/editor/insideLenses.ts');
const { askParameters } = await import('../../../src/extension/runs/askParameters.ts');
const { Notifier } = await import('../../../src/extension/platform/notify.ts');
const { withCancellableProgress } = await import('../../../src/extension/platform/progress.ts');
const { showProblems } = await import('../../../src/extension/estateTree/problems.ts');
const { compareAssessments } = await import('../../../src/extension/assess/compare.ts');
const { registerCustomers } = await import('../../../src/extension/customers/register.ts');
const { RunsTree } = await import('../../../src/extension/runs/runsTree.ts');
const { followRun } = await import('../../../src/extension/runs/followRun.ts');
const { toDiagnostic } = await import('../../../src/extension/editor/convert.ts');

const PARAMETER = { type: 'string' as const };
const INSIDE = { tags: [], parameters: [PARAMETER], place: { start: 0, length: 1 }, text: 'T', segments: [] };

/** Where `$(name)` draws an icon. */
const ICONS = /^(?:status bar text|status bar progress|lens|pick (?:label|description|detail))/;
/** Icons of ours stand first. */
const OURS = /^\$\([a-z~]+\) /;
/** What acts in Markdown, when what is escaped or stands as code is taken away. */
const INERT = /\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g;
const ACTS = /evil\.example|command:|<[a-z!/]|\]\(|!\[/i;

function judge(place: string, text: string): void {
  assert.doesNotMatch(text, UNSEEN, place);
  if (ICONS.test(place)) assert.doesNotMatch(text.replace(OURS, ''), /\$\(|[\r\n]/, place);
  if (place.startsWith('message')) assert.doesNotMatch(text, /\]\(/, place);
  if (/ value$|tooltip/.test(place)) assert.doesNotMatch(text.replaceAll(INERT, ''), ACTS, place);
}

for (const text of HOSTILE_TEXTS)
  test(`status bar, lens, picks, messages, progress, runs, problems: ${JSON.stringify(text).slice(0, 50)}`, async () => {
    shown.length = 0;
    const sample = sampleEstate();
    const error = new AppError('access.noPath', text).toData();
    const estate: Estate = {
      ...sample,
      customers: sample.customers.map((customer) => ({ ...customer, name: text })),
      tenants: sample.tenants.map((tenant) => ({ ...tenant, name: text, state: 'signInRequired', error })),
      workspaces: sample.workspaces.map((workspace) => ({ ...workspace, name: text })),
      problems: [{ where: text, error }],
    } as unknown as Estate;
    const run = {
      id: 'r',
      query: text,
      state: 'running',
      startedAt: '2026-01-01T00:00:00Z',
      rowCount: 1,
      targets: [],
      error,
      completeness: { answered: 0, asked: 1, sentence: text },
    } as unknown as Run;
    const notify = new Notifier();
    const app = {
      notify,
      estate: { estate },
      blocks: { of: async () => [{ kind: 'query', text: 'T', start: 0, codeStart: 0 }] },
      inside: { of: async () => [INSIDE, { ...INSIDE, refusal: text }].map((one) => ({ ...one, name: text })) },
      guard: { quiet: (_name: string, work: () => unknown) => work() },
      scope: {
        answer: () => 'across',
        ofInside: () => ({ scope: { include: [{ kind: 'customer', value: text }], except: [] } }),
        of: () => ({ scope: { include: [{ kind: 'customer', value: text }], except: [] } }),
      },
      runs: { onDidChange: () => ({ dispose: () => undefined }), find: () => run },
      assessments: { restore: async () => undefined, shown: { assessment: { id: 'now' } } },
      worker: { request: async () => [{ id: 'a', at: '2026-01-01', scope: text, customers: 1, findings: 1 }] },
    } as unknown as App;

    new ScopeStatusBar().show({ scope: text, detail: text, warning: true, timeRange: 'Last hour', answer: 'across' });
    new ScopeStatusBar().show({ result: text, detail: text, warning: false, run: run.id });
    const document = { languageId: 'kusto', uri: { scheme: 'file' }, positionAt: () => 0, getText: () => '' };
    const lenses = await new QueryLenses(app).provideCodeLenses(document as never);
    assert.equal(lenses.length, 4);
    const above = await new InsideLenses(app).provideCodeLenses(document as never);
    assert.equal(above.length, 4);
    for (const { command } of [...lenses, ...above])
      shown.push(['lens', command!.title], ['message tip', command!.tooltip!]);
    await askParameters('file:///q', [{ ...PARAMETER, name: text, description: text }], new Map());
    await askParameters('file:///q', [{ ...PARAMETER, name: text, description: text, choices: [text] }], new Map());
    notify.info(text);
    notify.warn(`${text} `);
    notify.failure(error);
    await notify.confirm(text, text, 'Go');
    await notify.offer(`${text}  `, 'Go');
    await withCancellableProgress(text, async (report) => {
      report(text);
    });
    await showProblems(app, estate);
    await compareAssessments(app);
    const files = { inFolders: [{ path: text }], personal: { path: '' } };
    await registerCustomers(files as never)['tenantscope.customers.open']();
    const item = new RunsTree({ runs: [run] } as never).getTreeItem(run);
    shown.push(['run', String(item.label)], ['run tooltip', (item.tooltip as { value: string }).value]);
    followRun(app, run, new Set());
    shown.push(['problem', toDiagnostic(document as never, { start: 0, end: 0 }, text, 0 as never).message]);

    const places = new Set(shown.map(([place]) => place));
    for (const place of ['status bar text', 'status bar progress', 'lens', 'message', 'pick label', 'pick detail'])
      assert.ok(places.has(place), place);
    for (const [place, seen] of shown) judge(place, seen);
  });
