import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packSummary } from '../../../src/extension/queries/packSummary.ts';

test('a line for each query, and text of others stays in its cell', () => {
  const text = packSummary(
    'hunts',
    [
      { name: 'A', file: 'a.kql', told: '3 of 3 workspaces answered', rows: 1_234, state: 'answered' },
      { name: 'x | y\n[z](command:evil)', file: 'b.kql', told: 'no', state: 'failed' },
    ],
    ['c.kql cannot be read'],
  );
  const lines = text.split('\n');
  assert.equal(lines[2], '1 of 2 queries answered in full. The rows of each stand in the Runs view.');
  assert.equal(lines[6], '| A | Answered | 3 of 3 workspaces answered | 1,234 | a\\.kql |');
  assert.doesNotMatch(lines[7]!, /\]\(|x \| y/);
  assert.equal(lines.length, 11);
});
