import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayHavePanels } from '../../../src/webviews/results/chartChoice.ts';
import { fakeRun } from '../../harness/fakeRun.ts';

test('one chart per customer is offered where rows of several customers say whose they are', () => {
  assert.equal(mayHavePanels(fakeRun(10), 'timechart'), true);
  assert.equal(mayHavePanels(fakeRun(10), 'piechart'), false);
  const total = fakeRun(10, 0, { columns: [{ name: 'n', type: 'long', presentIn: 1 }] });
  assert.equal(mayHavePanels(total, 'timechart'), false);
});
