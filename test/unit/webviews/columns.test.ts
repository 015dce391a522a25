import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_LAYOUT } from '../../../src/model/columnLayout.ts';
import type { ColumnLayout } from '../../../src/model/columnLayout.ts';
import type { ColumnChange } from '../../../src/webviews/grid/keys.ts';
import { changeColumn } from '../../../src/webviews/results/columnChange.ts';
import { arrangeColumns, chooseColumns, hasOneTenantEach } from '../../../src/webviews/results/columns.ts';
import { fakeColumns, fakeTargets } from '../../harness/fakeRun.ts';

// _Customer, _Tenant, _Workspace, TimeGenerated, Computer, CounterValue
const ALL = fakeColumns(6);
/** `_Customer _Tenant | Computer`: what stays, what scrolls. */
function seen(layout: ColumnLayout, oneTenantEach = false): string {
  const { columns, frozen } = arrangeColumns(ALL, layout, oneTenantEach);
  const names = columns.map(({ name }) => name);
  return `${names.slice(0, frozen).join(' ')} | ${names.slice(frozen).join(' ')}`;
}
/** What became of a layout, `-` before what only said why not. */
function after(...changes: readonly (readonly [string, ColumnChange])[]): readonly [string, ...string[]] {
  let layout: ColumnLayout = EMPTY_LAYOUT;
  const said = changes.map(([name, change]) => {
    const changed = changeColumn(layout, arrangeColumns(ALL, layout, false), name, change);
    layout = changed.layout ?? layout;
    return `${changed.layout ? '' : '- '}${changed.said}`;
  });
  return [seen(layout), ...said];
}

describe('the columns of an answer', () => {
  it('are as they came, attribution frozen', () => {
    assert.equal(seen(EMPTY_LAYOUT), '_Customer _Tenant _Workspace | TimeGenerated Computer CounterValue');
    const { positions, order } = arrangeColumns(ALL, EMPTY_LAYOUT, false);
    assert.deepEqual([positions, order.length], [[0, 1, 2, 3, 4, 5], 6]);
  });

  it('are frozen, let go, moved and hidden', () => {
    assert.deepEqual(after(['Computer', 'freeze'], ['_Tenant', 'unfreeze'], ['_Workspace', 'hide']), [
      '_Customer Computer | _Tenant TimeGenerated CounterValue',
      'Computer is frozen.',
      '_Tenant is not frozen any more.',
      '_Workspace is hidden.',
    ]);
    assert.deepEqual(after(['Computer', 'moveLeft'], ['_Customer', 'moveRight']), [
      '_Tenant _Customer _Workspace | Computer TimeGenerated CounterValue',
      'Computer moved left.',
      '_Customer moved right.',
    ]);
    // A hidden one between the two is passed over.
    assert.equal(
      after(['Computer', 'hide'], ['TimeGenerated', 'moveRight'])[0],
      '_Customer _Tenant _Workspace | CounterValue TimeGenerated',
    );
  });

  it('say why not at the ends, and leave one to scroll and one to see', () => {
    assert.match(after(['TimeGenerated', 'moveLeft'])[1]!, /^- TimeGenerated cannot go further left/);
    assert.match(after(['CounterValue', 'moveRight'])[1]!, /^- CounterValue cannot go further right/);
    assert.deepEqual(after(['_Customer', 'freeze'], ['Computer', 'unfreeze']).slice(1), [
      '- _Customer is frozen already.',
      '- Computer is not frozen.',
    ]);
    const most = after(['TimeGenerated', 'freeze'], ['Computer', 'freeze'], ['CounterValue', 'freeze']);
    assert.deepEqual(
      [most[0], most[3]],
      ['_Customer _Tenant _Workspace TimeGenerated Computer | CounterValue', '- One column has to scroll.'],
    );
    const hidden = after(...ALL.map(({ name }) => [name, 'hide'] as const));
    assert.deepEqual([hidden[0], hidden.at(-1)], [' | CounterValue', '- One column has to stay.']);
  });

  it('stand behind those of the layout where another answer brings more, and are all shown where none would be', () => {
    const layout = { choices: [], order: ['CounterValue', 'Gone', '_Tenant'] };
    assert.equal(seen(layout), '_Tenant _Customer _Workspace | CounterValue TimeGenerated Computer');
    const nothing = chooseColumns(
      EMPTY_LAYOUT,
      ALL.map(({ name }) => name),
      { hidden: true },
    );
    assert.equal(seen(nothing), seen(EMPTY_LAYOUT));
  });

  it('leave _Tenant out where the customer says it, until somebody wants it', () => {
    assert.equal(seen(EMPTY_LAYOUT, true), '_Customer _Workspace | TimeGenerated Computer CounterValue');
    assert.deepEqual(arrangeColumns(ALL, EMPTY_LAYOUT, true).steppedBack, ['_Tenant']);
    assert.equal(seen(chooseColumns(EMPTY_LAYOUT, ['_Tenant'], { hidden: false }), true), seen(EMPTY_LAYOUT));
    // Hidden by the person it is among the hidden ones.
    const { hidden, steppedBack } = arrangeColumns(
      ALL,
      chooseColumns(EMPTY_LAYOUT, ['_Tenant'], { hidden: true }),
      true,
    );
    assert.deepEqual([hidden, steppedBack], [['_Tenant'], []]);
  });

  it('know customers of one tenant from those of more', () => {
    const targets = fakeTargets(24);
    assert.equal(hasOneTenantEach(targets), false);
    assert.equal(hasOneTenantEach(targets.map((target) => ({ ...target, tenantName: target.customerName }))), true);
    assert.equal(hasOneTenantEach([]), false);
  });
});
