import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunProgress } from '../../../src/cli/output/progress.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import type { Run } from '../../../src/model/run.ts';

/** Lines of a run whose targets are these workspaces in these states. */
function said(...targets: readonly (readonly [workspace: string, customer: string, state: string])[]): string {
  const lines: string[] = [];
  const run = {
    rowCount: 0,
    targets: targets.map(([workspace, customer, state]) => ({
      ...{ kind: 'workspace', workspace, workspaceName: workspace, customer, state },
      portion: true,
    })),
  };
  new RunProgress({ say: (line: string) => lines.push(line) } as unknown as Terminal, true).show(run as unknown as Run);
  return lines.join();
}

test('a workspace that several customers send to is one, and done when each portion is', () => {
  const [coho, lucerne] = [
    ['central', 'coho', 'answered'],
    ['central', 'lucerne', 'running'],
  ] as const;
  assert.equal(said(coho, lucerne), '0 of 1 workspace done, 0 rows');
  assert.equal(said(coho, ['soc', 'coho', 'empty'], lucerne), '1 of 2 workspaces done, 0 rows');
  assert.equal(said(coho, ['central', 'lucerne', 'failed']), '1 of 1 workspace done, 0 rows');
});
