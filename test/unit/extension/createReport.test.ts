import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import type { App } from '../../../src/extension/platform/app.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { shown, useFakeVscode, window } from '../../harness/fakeVscode.ts';

useFakeVscode();
const { createReport } = await import('../../../src/extension/reports/createReport.ts');

/** What a person chooses, step by step; an answer that is missing closes the step. */
interface Answers {
  readonly kind?: 'Daily' | 'Monthly';
  readonly date?: string;
  readonly forms?: readonly string[];
  readonly folder?: string;
}

describe('Create Report', () => {
  afterEach(() => {
    mock.restoreAll();
    shown.length = 0;
  });

  /** Goes through the steps and gives what the worker was asked. */
  async function run({ kind, date, forms = [], folder }: Answers, whole = true): Promise<object | undefined> {
    let asked: object | undefined;
    const steps = [
      (items: Items) => items.find(({ label }) => label === kind),
      (items: Items) => items.filter(({ label }) => forms.includes(label)),
    ];
    mock.method(window, 'showQuickPick', (items: Items) => Promise.resolve(steps.shift()!(items)));
    mock.method(window, 'showInputBox', ({ value, validateInput }: Box) => {
      assert.equal(validateInput(value), undefined, 'what is offered is right');
      assert.match(String(validateInput('2026-02-30')), /The date of a report is/);
      return Promise.resolve(date);
    });
    Object.assign(window, { showOpenDialog: () => Promise.resolve(folder && [{ fsPath: folder }]) });
    const working: Promise<unknown>[] = [];
    await createReport({
      worker: {
        on: () => ({ dispose: () => undefined }),
        request: async (name: string, input: object) => {
          assert.equal(name, 'reports.create');
          asked = input;
          return { estate: ['/reports/2026-11-28/estate.html'], customers: 2, whole };
        },
      },
      guard: { background: (_name: string, work: () => Promise<unknown>) => working.push(work()) },
    } as unknown as App);
    await Promise.all(working);
    return asked;
  }

  it('asks the worker for what was chosen, and says how many copies there are', async () => {
    assert.deepEqual(
      await run({ kind: 'Daily', date: ' 2025-11-28 ', forms: ['HTML', 'Parquet'], folder: '/reports' }),
      {
        kind: 'daily',
        date: '2025-11-28',
        scope: EVERYTHING,
        folder: '/reports',
        formats: ['html', 'parquet'],
      },
    );
    assert.deepEqual(
      shown.filter(([place]) => place === 'message').map(([, text]) => text),
      ['The report was written, with a copy for each of 2 customers.'],
    );
  });

  it('warns where somebody is missing', async () => {
    await run({ kind: 'Monthly', date: '2025-11', forms: ['Markdown'], folder: '/reports' }, false);
    assert.match(shown.find(([place]) => place === 'message')![1], /not whole: on top it says who is missing/);
  });

  for (const [step, answers] of [
    ['the period', {}],
    ['the date', { kind: 'Daily' }],
    ['the forms', { kind: 'Daily', date: '2025-11-28' }],
    ['the folder', { kind: 'Daily', date: '2025-11-28', forms: ['HTML'] }],
  ] as const)
    it(`asks nobody where ${step} is left open`, async () => {
      assert.equal(await run(answers), undefined);
    });
});

type Items = readonly { readonly label: string }[];
interface Box {
  readonly value: string;
  readonly validateInput: (text: string) => string | undefined;
}
