import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../../src/extension/platform/app.ts';
import type { Run } from '../../../src/model/run.ts';
import { shown, useFakeVscode } from '../../harness/fakeVscode.ts';

useFakeVscode();
const { followRun } = await import('../../../src/extension/runs/followRun.ts');

test('a run that ends in part leads to its own results where another run is shown', () => {
  for (const [shownId, title, command] of [
    ['r', 'Show Targets', 'tenantscope.results.show'],
    ['other', 'Show Results', 'tenantscope.runs.open'],
  ] as const) {
    const run = {
      id: 'r',
      query: 'Heartbeat',
      state: 'finished',
      targets: [{ kind: 'workspace', state: 'failed' }],
      completeness: { sentence: '0 of 1 workspaces answered' },
    } as unknown as Run;
    let changed: (run: Run) => void = () => undefined;
    const runs = {
      onDidChange: (listener: typeof changed) => {
        changed = listener;
        return { dispose: () => undefined };
      },
      find: () => run,
      shown: { id: shownId },
      isQuiet: () => false,
    };
    const offered: unknown[] = [];
    const notify = { warn: (_text: string, action: unknown) => offered.push(action) };
    followRun({ runs, notify } as unknown as App, run, new Set());
    changed(run);
    assert.deepEqual(
      offered.map((action) => ({ ...(action as object), args: undefined })),
      [{ title, command, args: undefined }],
    );
  }
});

test('progress counts the workspaces that are asked, not the tenants that cannot be entered', () => {
  const run = {
    id: 'r',
    query: 'Heartbeat',
    state: 'running',
    targets: [
      { kind: 'workspace', state: 'answered' },
      { kind: 'workspace', state: 'running' },
      { kind: 'tenant', state: 'skipped' },
    ],
  } as unknown as Run;
  let changed: (run: Run) => void = () => undefined;
  const runs = {
    onDidChange: (listener: typeof changed) => {
      changed = listener;
      return { dispose: () => undefined };
    },
    find: () => run,
  };
  followRun({ runs } as unknown as App, run, new Set());
  changed(run);
  assert.deepEqual(
    shown.filter(([, text]) => text.includes(' of ')).map(([, text]) => text),
    ['1 of 2 workspaces'],
  );
});

test('a run of many tells nothing of itself at its end', () => {
  const run = { id: 'r', query: 'T', state: 'failed', targets: [], completeness: { sentence: 'x' } } as unknown as Run;
  let changed: (run: Run) => void = () => undefined;
  const runs = {
    onDidChange: (listener: typeof changed) => {
      changed = listener;
      return { dispose: () => undefined };
    },
    find: () => run,
    isQuiet: () => true,
  };
  const told: unknown[] = [];
  const notify = { failure: (error: unknown) => told.push(error) };
  followRun({ runs, notify } as unknown as App, run, new Set());
  changed(run);
  assert.deepEqual(told, []);
});
