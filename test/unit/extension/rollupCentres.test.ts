import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import type { CentreApproval, NotApproved } from '../../../src/protocol/centres.ts';
import { commands, shown, useFakeVscode, window, workspace } from '../../harness/fakeVscode.ts';

useFakeVscode();
const { withApproval } = await import('../../../src/extension/rollups/approveCentres.ts');
const { createRunner } = await import('../../../src/extension/rollups/createRunner.ts');
const { exportPowerBi } = await import('../../../src/extension/rollups/exportPowerBi.ts');
const { prepareCentre } = await import('../../../src/extension/rollups/prepareCentre.ts');
const { Notifier } = await import('../../../src/extension/platform/notify.ts');

type Request = readonly [name: string, input: Readonly<Record<string, unknown>>];
type Items = readonly { readonly label: string }[];
const PLACE: CentreApproval = {
  file: '/repository/.tenantscope/centres.json',
  name: 'main',
  address: '/subscriptions/s/law (tenant t)',
};
const QUESTION = 'Rows of 12 workspaces would go to main.';
const FILE = { path: 'file:///repository/.tenantscope/rollups/Beats.kql', text: 'Heartbeat' };
const BEATS = { name: 'Beats', file: FILE };

/** An app whose worker answers so, by the names of requests; what it was asked, and what goes on behind. */
function appOf(answers: Readonly<Record<string, (input: Request[1]) => unknown>>) {
  const asked: Request[] = [];
  const working: Promise<unknown>[] = [];
  const app = {
    notify: new Notifier(),
    log: { info: () => undefined },
    guard: { background: (_name: string, work: () => Promise<unknown>) => working.push(work()) },
    documents: { showMarkdown: (title: string) => Promise.resolve(shown.push(['document', title])) },
    worker: {
      request: async (name: string, input: Request[1]) => {
        asked.push([name, input]);
        return answers[name]?.(input);
      },
    },
  } as unknown as App;
  return { app, asked, working };
}
const notApproved = (): never => {
  const data: NotApproved = { places: [PLACE], question: QUESTION };
  throw new AppError('input.notApproved', 'Nobody has approved that.', { data: { ...data } });
};
const picking = (label: string): void => {
  mock.method(window, 'showQuickPick', (items: Items) => Promise.resolve(items.find((one) => one.label === label)));
};

describe('centres of a repository', () => {
  afterEach(() => {
    mock.restoreAll();
    shown.length = 0;
  });

  it('are used after a modal question that shows the address whole, once for each address', async () => {
    let approved = false;
    const { app, asked } = appOf({ 'centres.approve': () => (approved = true) });
    const questions: unknown[][] = [];
    mock.method(window, 'showWarningMessage', (...question: unknown[]) => {
      questions.push(question);
      return Promise.resolve('Approve');
    });
    const work = (): Promise<string> => (approved ? Promise.resolve('done') : Promise.resolve().then(notApproved));
    assert.equal(await withApproval(app, work), 'done');
    assert.deepEqual(asked, [['centres.approve', PLACE]]);
    assert.equal(questions.length, 1);
    const [text, options] = questions[0]!;
    assert.equal(text, QUESTION);
    const { modal, detail } = options as { readonly modal: boolean; readonly detail: string };
    assert.equal(modal, true);
    assert.ok(detail.startsWith(`main: ${PLACE.address}\n\n${PLACE.file} says so`), detail);
    await withApproval(app, work);
    assert.equal(questions.length, 1, 'nobody is asked again');
  });

  it('are not used where the person says no, and other failures ask nothing', async () => {
    const { app, asked } = appOf({});
    await assert.rejects(withApproval(app, notApproved as () => Promise<never>), { code: 'cancelled.byUser' });
    const denied = new AppError('access.denied', 'No.');
    shown.length = 0;
    await assert.rejects(
      withApproval(app, () => Promise.reject(denied)),
      denied,
    );
    assert.deepEqual([asked, shown], [[], []]);
  });

  it('are prepared by a plan that is laid open, with the role of whom the person names', async () => {
    const plan = { id: 'p' };
    const { app, asked } = appOf({
      'centres.of': () => [
        { name: 'main', kind: 'logAnalytics' },
        { name: 'lake', kind: 'lake' },
      ],
      'centres.plan': () => [{ centre: 'main', plan }, { centre: 'lake' }],
    });
    const laid: unknown[] = [];
    const lay = (one: unknown, news: string): Promise<void> => Promise.resolve(void laid.push(one, news));
    picking('Me');
    await prepareCentre(app, lay, BEATS);
    assert.deepEqual(asked.at(-1), ['centres.plan', { ...FILE, writer: 'me' }]);
    assert.deepEqual(laid[0], plan);
    assert.match(String(laid[1]), /^main is ready for Beats\./);
    picking('An Identity...');
    mock.method(window, 'showInputBox', (box: { validateInput(text: string): unknown }) => {
      assert.match(String(box.validateInput('me@example.com')), /is a guid/);
      return Promise.resolve(' 11111111-2222-3333-4444-555555555555 ');
    });
    await prepareCentre(app, lay, BEATS);
    assert.deepEqual(asked.at(-1)![1]['writer'], { objectId: '11111111-2222-3333-4444-555555555555' });
  });

  it('of other kinds need no preparation', async () => {
    const { app, asked } = appOf({ 'centres.of': () => [{ name: 'adx', kind: 'dataExplorer' }] });
    await prepareCentre(app, () => assert.fail('There is no plan.'), BEATS);
    assert.deepEqual(
      asked.map(([name]) => name),
      ['centres.of'],
    );
    assert.match(shown.map(([, text]) => text).join(' '), /Beats is stored in adx, which needs no preparation/);
  });

  it('get a Power BI project in the folder that the person picks, and are chosen where there are several', async () => {
    const { app, asked, working } = appOf({
      'centres.of': () => [{ name: 'lake' }, { name: 'main' }],
      'centres.powerBi': () => ({ folder: '/out/Beats Power BI', notes: ['Sign in to it.'] }),
    });
    mock.method(window, 'showQuickPick', (names: readonly string[]) => Promise.resolve(names[1]));
    Object.assign(window, { showOpenDialog: () => Promise.resolve([{ fsPath: '/out' }]) });
    const revealed: unknown[] = [];
    mock.method(window, 'showInformationMessage', (text: string, button: string) => {
      shown.push(['message', text]);
      return Promise.resolve(button);
    });
    mock.method(commands, 'executeCommand', (...command: unknown[]) => Promise.resolve(void revealed.push(command[0])));
    await exportPowerBi(app, BEATS);
    await Promise.all(working);
    assert.deepEqual(asked.at(-1), ['centres.powerBi', { files: [FILE], centre: 'main', folder: '/out' }]);
    assert.match(shown.at(-1)![1], /was written to \/out\/Beats Power BI\. 1 note on it: Sign in to it\./);
    assert.deepEqual(revealed, ['revealFileInOS']);
  });

  it('have runners, whose file opens unsaved, with what a Logic App cannot do beside it', async () => {
    const { app, asked } = appOf({ 'centres.runner': () => ({ text: '{}', notes: ['It keeps nothing.'] }) });
    const opened: unknown[] = [];
    Object.assign(workspace, { openTextDocument: (document: unknown) => Promise.resolve(document) });
    Object.assign(window, { showTextDocument: (document: unknown) => Promise.resolve(void opened.push(document)) });
    picking('Logic App');
    await createRunner(app, BEATS, true);
    assert.deepEqual(asked, [['centres.runner', { files: [FILE], all: true, kind: 'logicApp' }]]);
    assert.deepEqual(opened, [{ content: '{}', language: 'json' }]);
    assert.deepEqual(shown, [['document', 'Beats - limits of the Logic App.md']]);
  });
});
