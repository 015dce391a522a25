import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../../src/extension/platform/app.ts';
import type { Run } from '../../../src/model/run.ts';
import { shown, useFakeVscode } from '../../harness/fakeVscode.ts';

useFakeVscode();
const { followRun } = await import('../../../src/extension/runs/followRun.ts');

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
