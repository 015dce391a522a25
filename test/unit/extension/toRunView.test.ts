import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportName } from '../../../src/extension/results/exportName.ts';
import { labelOfTargets, toRunView, toShownView } from '../../../src/extension/results/toRunView.ts';
import { faultOf } from '../../../src/extension/session/fault.ts';
import { refusedRun } from '../../../src/extension/session/refusedRun.ts';
import { othersToCompare } from '../../../src/extension/runs/othersToCompare.ts';
import { textsOfRun } from '../../../src/extension/runs/runTexts.ts';
import { layoutName } from '../../../src/extension/session/layoutBook.ts';
import { titleOfQuery } from '../../../src/extension/session/queryTitle.ts';
import { toCustomerKey, toRunId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import { madeNote } from '../../../src/model/madeNote.ts';
import type { MadeOf, Run, TenantTarget, WorkspaceTarget } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';

function target(name: string, change: Partial<WorkspaceTarget> = {}): WorkspaceTarget {
  return {
    kind: 'workspace',
    workspace: toWorkspaceKey(name),
    workspaceName: name,
    customer: toCustomerKey('contoso'),
    customerName: 'Contoso',
    tenant: toTenantId('t'),
    tenantName: 'Contoso',
    path: 'lighthouse',
    state: 'answered',
    rows: 10,
    attempts: 1,
    ...change,
  };
}

function run(change: Partial<Run> = {}): Run {
  return {
    id: toRunId('r1'),
    query: '// Silent machines\nHeartbeat | count',
    scope: EVERYTHING,
    timeRange: { kind: 'last', minutes: 60 },
    state: 'running',
    startedAt: '2026-11-22T10:00:00.000Z',
    targets: [
      target('law-one'),
      target('law-two', {
        state: 'failed',
        rows: 0,
        error: { code: 'auth.signInRequired', message: 'Sign in to Contoso.', retryable: false },
      }),
    ],
    columns: [],
    rowCount: 10,
    answer: 'across',
    completeness: {
      asked: 2,
      answered: 1,
      complete: false,
      missing: [],
      sentence: '1 of 2 workspaces answered, 1 needs a sign-in',
    },
    ...change,
  };
}

test('a running run counts its time up to now, a finished one to its end', () => {
  const start = Date.parse('2026-11-22T10:00:00.000Z');
  assert.equal(toRunView(run(), start + 1500).elapsedMs, 1500);
  assert.deepEqual([toRunView(run({ sorted: true }), start).sorted, toRunView(run(), start).sorted], [true, undefined]);
  assert.equal(
    toRunView(run({ state: 'finished', finishedAt: '2026-11-22T10:00:04.000Z' }), start + 9000).elapsedMs,
    4000,
  );
});

test('a target says why it failed and whether signing in would help', () => {
  const [answered, failed] = toRunView(run(), 0).targets;
  assert.deepEqual([answered?.reason, answered?.canSignIn], [undefined, undefined]);
  assert.deepEqual([failed?.reason, failed?.canSignIn], ['Sign in to Contoso.', true]);
  assert.equal(answered?.path, 'Lighthouse');
});

test('signing in is not offered for a failure it would not mend', () => {
  const view = toRunView(
    run({
      targets: [
        target('x', { state: 'failed', error: { code: 'service.throttled', message: 'Busy.', retryable: true } }),
      ],
    }),
    0,
  );
  assert.equal(view.targets[0]?.canSignIn, undefined);
});

const { workspace: _key, workspaceName: _name, ...facts } = target('x');
const shut: TenantTarget = {
  ...facts,
  kind: 'tenant',
  tenant: toTenantId('locked'),
  tenantName: 'Locked',
  state: 'skipped',
};

test('a tenant that could not be entered stands for all its workspaces, and is told from every other target', () => {
  const [view] = toRunView(run({ targets: [shut] }), 0).targets;
  assert.deepEqual([view?.workspace, view?.workspaceName, view?.state], ['tenant:locked', 'all of Locked', 'skipped']);
  assert.deepEqual([view?.tenantName, view?.tenant, view?.path], ['Locked', 'locked', undefined], 'nobody reached it');
});

test('the scope label counts whom this run asked', () => {
  assert.equal(labelOfTargets([]), 'no workspaces');
  assert.equal(labelOfTargets([target('law-one')]), 'law-one (Contoso)');
  assert.equal(
    labelOfTargets([target('a'), target('b'), target('c', { customer: toCustomerKey('fabrikam') })]),
    '3 workspaces, 2 customers',
  );
  assert.equal(labelOfTargets([target('a'), target('b'), shut]), '2 workspaces, 1 customer');
});

test('a query is called by its first comment that is no directive, else by its first line', () => {
  assert.equal(titleOfQuery('// @scope all\n// Silent machines\nHeartbeat'), 'Silent machines');
  assert.equal(titleOfQuery('\n\nHeartbeat\n| count'), 'Heartbeat');
  assert.equal(titleOfQuery('// Which computers are silent? Press F5.\nHeartbeat'), 'Which computers are silent?');
  assert.equal(titleOfQuery('// Versions e.g. 1.0 and 2. of all\nHeartbeat'), 'Versions e.g. 1.0 and 2. of all');
  assert.equal(titleOfQuery('// ----\nHeartbeat'), 'Heartbeat');
  assert.equal(titleOfQuery(''), 'Empty query');
  assert.equal(titleOfQuery('x'.repeat(200)).length, 60);
});

test('an export has a file name that every system accepts', () => {
  assert.equal(exportName(run({ query: '// Who? <here> \\ "now"' })), 'Who-here-now-2026-11-22-10-00');
  assert.equal(exportName(run({ query: '???' })), 'rows-2026-11-22-10-00');
});

test('a run that is not complete looks like one, even when it finished', () => {
  const clock = (): string => '10:00';
  assert.deepEqual(textsOfRun(run(), clock).contextValue, 'run.running');
  assert.deepEqual(textsOfRun(run({ state: 'finished' }), clock), {
    label: 'Silent machines',
    description: '10:00 · 1 of 2 · 10 rows',
    icon: { id: 'warning', colour: 'list.warningForeground' },
    contextValue: 'run.incomplete',
  });
  assert.equal(
    textsOfRun(run({ state: 'finished', completeness: { ...run().completeness, complete: true } }), clock).contextValue,
    'run.complete',
  );
});

test('a run that nobody answered looks failed in the list, and has no number of rows', () => {
  const failed = target('x', { state: 'failed', rows: 0 });
  const { icon, description } = textsOfRun(
    run({ state: 'finished', targets: [failed, shut], rowCount: 0 }),
    () => '10:00',
  );
  assert.deepEqual([icon.id, description], ['error', '10:00 · 1 of 2']);
  for (const state of ['empty', 'partial'] as const) {
    const answered = target('y', { state, rows: 0 });
    const texts = textsOfRun(run({ state: 'finished', targets: [failed, answered], rowCount: 0 }), () => '10:00');
    assert.deepEqual([texts.icon.id, texts.description], ['warning', '10:00 · 1 of 2 · 0 rows'], state);
  }
});

test('what the query itself was refused for is not offered to be asked again; what may pass is', () => {
  const refused = (code: 'query.semantic' | 'access.denied') =>
    target(code, { state: 'failed', rows: 0, error: { code, message: 'No.', retryable: false } });
  const { targets } = toRunView(
    run({
      targets: [
        refused('query.semantic'),
        refused('access.denied'),
        target('part', { state: 'partial' }),
        target('gone', { state: 'cancelled' }),
        target('whole'),
      ],
    }),
    0,
  );
  assert.deepEqual(
    targets.map(({ mayAnswerAgain }) => mayAnswerAgain ?? false),
    [false, true, true, true, false],
  );
});

test("a page is told how the columns of the shown run's query are arranged, and nothing where they are as they come", () => {
  const layout = { choices: [{ name: '_Tenant', hidden: true }], order: [] };
  assert.deepEqual(toRunView(run(), 0, { layout }).layout, layout);
  assert.equal('layout' in toRunView(run(), 0), false);
});

test('a target that waits says what holds it up now, before what made it wait', () => {
  const error = { code: 'service.throttled', message: 'Slow down.', retryable: true } as const;
  const { targets } = toRunView(
    run({
      targets: [
        target('a', { state: 'waiting', error }),
        target('b', { state: 'waiting', error, waits: 'It is next.' }),
        target('c', { state: 'waiting', waits: 'It is next.' }),
      ],
    }),
    0,
  );
  assert.deepEqual(
    targets.map(({ reason }) => reason),
    ['Slow down.', 'It is next.', 'It is next.'],
  );
});

test('a target whose answer comes in slices of time says which one is asked, and later how many there were', () => {
  const slices = { number: 3, count: 8 };
  const { targets } = toRunView(
    run({
      targets: [
        target('a', { state: 'running', slices }),
        target('b', { state: 'answered', slices: { number: 8, count: 8 } }),
        target('c', {
          state: 'partial',
          slices,
          error: { code: 'query.truncated', message: 'Cut.', retryable: false },
        }),
        target('d', { state: 'cancelled', slices }),
      ],
    }),
    0,
  );
  assert.deepEqual(
    targets.map(({ reason }) => reason?.split(':')[0]),
    ['Slice 3 of 8', 'In 8 slices of time', 'Cut.', undefined],
  );
});

test('a refused query is shown with its place in the document, and not with the one within the query', () => {
  const error = {
    code: 'query.syntax',
    message: 'Expected: ) (line 1, column 9). Nothing was sent.',
    retryable: false,
    data: { start: 8, length: 1, said: 'Expected: ). Nothing was sent.' },
  } as const;
  const origin = { uri: 'file:///q.kql', name: 'q.kql', start: 40, line: 4, character: 0 };
  const refused = refusedRun({ ...run(), query: 'where (a' }, error, '2026-11-22T10:00:00Z');
  const book = { isRefused: () => true, beforeRefusal: run(), faultOf: () => faultOf(error, refused.query, origin) };
  const layouts = { find: () => undefined };
  const view = toShownView(refused, { runs: book, layouts }, 0);
  assert.deepEqual(view.refused, { before: 'Silent machines' });
  assert.equal(view.error, 'Expected: ). Nothing was sent.');
  assert.deepEqual(view.fault, { where: 'q.kql, line 5, column 9', line: 5, code: 'where (a' });
  const placeless = toShownView(
    refused,
    { runs: { ...book, faultOf: () => undefined, beforeRefusal: undefined }, layouts },
    0,
  );
  assert.deepEqual([placeless.error, placeless.fault, placeless.refused], [error.message, undefined, {}]);
  assert.equal(toShownView(run(), { runs: { ...book, isRefused: () => false }, layouts }, 0).refused, undefined);
});

test('a result of a result has nobody to retry or to sign in for, and says what it is of', () => {
  const finished = { state: 'finished', finishedAt: '2026-11-22T10:00:02.000Z' } as const;
  const asked = toRunView(run(finished), 0);
  const result = toRunView(run({ ...finished, of: toRunId('r0') }), 0);
  const offers = ({ targets }: typeof asked) =>
    targets.map(({ mayAnswerAgain = false, canSignIn = false }) => [mayAnswerAgain, canSignIn]);
  assert.deepEqual(offers(asked)[1], [true, true]);
  assert.deepEqual(offers(result)[1], [false, false]);
  assert.deepEqual(
    [result.of, result.scopeLabel, result.completeness.sentence],
    ['r0', 'a result of 2 workspaces, 1 customer', asked.completeness.sentence],
  );
  const texts = textsOfRun(run({ ...finished, of: toRunId('r0') }), () => '10:00');
  assert.deepEqual(
    [texts.contextValue, texts.description, texts.icon.id],
    ['run.ofResult', '10:00 · of a result · 1 of 2 · 10 rows', 'warning'],
  );
});

const COMPARISON: MadeOf = {
  kind: 'comparison',
  before: toRunId('r0'),
  beforeAt: '2026-11-22T09:00:30.000Z',
  afterAt: '2026-11-22T10:00:00.000Z',
  key: ['Computer'],
  added: 1,
  gone: 2,
  changed: 3,
  same: 40,
  notes: ['Only in the later run: n (long).'],
};
const CHANGES = run({ state: 'finished', of: toRunId('r1'), made: COMPARISON });

test('a comparison is called after what it compares, says what it found, and nothing of it is asked again', () => {
  const view = toRunView(CHANGES, 0);
  assert.equal(view.title, 'Changes: Silent machines');
  assert.match(view.scopeLabel, /^two results of /);
  assert.ok(view.targets.every((target) => !target.mayAnswerAgain && !target.canSignIn));
  assert.deepEqual(madeNote(view.made!), {
    head: 'Changes',
    text: 'From 2026-11-22 09:00:30 to 2026-11-22 10:00:00 UTC: 1 row added, 2 gone, 3 changed, 40 the same, matched by Computer. Only in the later run: n (long).',
  });
  assert.match(madeNote({ ...COMPARISON, key: [] }).text, /compared as whole rows\./);
  assert.equal(textsOfRun(CHANGES, () => '10:00').contextValue, 'run.made');
});

test('a label is what a run is called everywhere; one that is not kept says so', () => {
  const labelled = run({ label: 'before the patch', passing: true, state: 'finished' });
  assert.equal(toRunView(labelled, 0).title, 'before the patch');
  const { label, description } = textsOfRun(labelled, () => '10:00');
  assert.deepEqual([label, description], ['before the patch', '10:00 · 1 of 2 · 10 rows · not kept']);
  assert.match(exportName(labelled), /^before-the-patch-2026/);
});

test('columns of a comparison are arranged apart from those of its query', () => {
  assert.notEqual(layoutName(CHANGES), layoutName(run()));
});

test('a run is offered to be compared with: those of the same query first, none that goes on or has no answer', () => {
  const one = run({ id: toRunId('one'), state: 'finished' });
  const alike = run({ id: toRunId('alike'), state: 'finished' });
  const other = run({ id: toRunId('other'), state: 'finished', query: 'Usage' });
  const none = run({
    id: toRunId('none'),
    state: 'failed',
    rowCount: 0,
    targets: [],
    error: { code: 'engine.failed', message: '', retryable: false },
  });
  assert.deepEqual(
    othersToCompare([other, none, run(), CHANGES, one, alike], one).map(({ id }) => id),
    ['alike', 'other', 'r1'],
  );
});
