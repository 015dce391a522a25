import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totalNote } from '../../../src/model/totalNote.ts';

const target = (customerName: string, state: 'answered' | 'empty' | 'failed' = 'answered') => ({ customerName, state });
const TOTAL: Parameters<typeof totalNote>[0] = {
  answer: 'across',
  rowCount: 2,
  columns: [{ name: 'OSType' }, { name: 'Computers' }],
  plan: { local: 'part1 | summarize Computers = count_distinct(Computers_value) by OSType' },
  targets: [target('Contoso'), target('Contoso', 'empty'), target('Fabrikam'), target('Adatum', 'failed')],
};

test('a total that says of no row whose it is tells over whom it is, and how to tell the customers apart', () => {
  assert.equal(
    totalNote(TOTAL),
    'One answer over 3 workspaces of 2 customers. For one each: summarize … by _Customer, or run it per workspace.',
  );
  assert.match(totalNote({ ...TOTAL, targets: TOTAL.targets.slice(0, 2) })!, /of 1 customer\. .* by _Workspace/);
});

test('a total of what roll-ups have stored cannot be had per workspace: the stored rows say whose they are', () => {
  assert.equal(
    totalNote({ ...TOTAL, source: 'lake' }),
    'One answer over 3 workspaces of 2 customers. For one each: ask the stored rows of the roll-up (its name and _parts).',
  );
});

test('nothing is told where rows say it themselves, of one workspace, of no rows, and of an answer that is no total', () => {
  assert.equal(totalNote({ ...TOTAL, columns: [{ name: '_Customer' }, ...TOTAL.columns] }), undefined);
  assert.equal(totalNote({ ...TOTAL, targets: [target('Contoso'), target('Fabrikam', 'failed')] }), undefined);
  assert.equal(totalNote({ ...TOTAL, rowCount: 0 }), undefined);
  assert.equal(totalNote({ ...TOTAL, of: 'an earlier run' }), undefined);
  assert.equal(totalNote({ ...TOTAL, plan: {} }), undefined);
  assert.equal(totalNote({ ...TOTAL, answer: 'perWorkspace' }), undefined);
});
