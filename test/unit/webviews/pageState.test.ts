import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunView } from '../../../src/protocol/results.ts';
import { EMPTY_PAGE, changePage } from '../../../src/webviews/results/pageState.ts';
import type { PageChange, PageState } from '../../../src/webviews/results/pageState.ts';
import { fakeRun } from '../../harness/fakeRun.ts';

const after = (...changes: readonly PageChange[]): PageState => changes.reduce(changePage, EMPTY_PAGE);
const snapshot = (change: Partial<RunView> = {}, stored?: unknown): PageChange => ({
  kind: 'run',
  run: fakeRun(10, 3, change),
  stored,
});
const chart = { render: { visualization: 'timechart' } };

describe('the state of the Results page', () => {
  it('opens the chart that `render` asked for, unless the person has looked elsewhere', () => {
    assert.equal(after(snapshot(), snapshot(chart)).arrangement.tab, 'chart');
    const looked: PageChange = { kind: 'arrange', change: { tab: 'targets' } };
    assert.equal(after(snapshot(), looked, snapshot(chart)).arrangement.tab, 'targets');
    const back: PageChange = { kind: 'arrange', change: { tab: 'rows' } };
    assert.equal(after(snapshot(chart), back, snapshot(chart)).arrangement.tab, 'rows');
    assert.equal(after(snapshot({ render: { visualization: 'table' } })).arrangement.tab, 'rows');
  });

  it('takes the stored arrangement of the same run only', () => {
    const stored = { run: 'run-1', tab: 'targets', search: 'srv', sorts: 'nonsense' };
    const { arrangement } = after(snapshot({}, stored));
    assert.deepEqual(arrangement, {
      run: 'run-1',
      tab: 'targets',
      sorts: [],
      filters: [],
      search: 'srv',
    });
    assert.equal(after(snapshot({ run: 'run-2' }, stored)).arrangement.search, '');
  });

  it('keeps an arrangement over the snapshots of its run and drops it with another', () => {
    const sort: PageChange = { kind: 'arrange', change: { search: 'srv' } };
    assert.equal(after(snapshot(), sort, snapshot({ rowCount: 20 })).arrangement.search, 'srv');
    assert.equal(after(snapshot(), sort, snapshot({ run: 'run-2' })).arrangement.search, '');
  });

  it("takes a run's layout from its first snapshot, and keeps what the person made of it for the query", () => {
    const layout = { choices: [{ name: '_Tenant', hidden: true }], order: [] };
    const other = { choices: [{ name: 'Computer', frozen: true }], order: [] };
    assert.deepEqual(after(snapshot({ layout })).layout, layout);
    assert.equal(after(snapshot({ layout })).keptLayout, undefined);
    // A snapshot on its way when the person acted says what was before.
    const changed = after(snapshot({ layout }), { kind: 'layout', layout: other }, snapshot({ layout }));
    assert.deepEqual([changed.layout, changed.keptLayout], [other, { run: 'run-1', layout: other }]);
    assert.deepEqual(after(snapshot({ layout }), snapshot({ run: 'run-2' })).layout, { choices: [], order: [] });
  });

  it('keeps for a hidden page what the person arranged, not what `render` did', () => {
    assert.equal(after(snapshot(chart)).kept, undefined);
    assert.equal(after(snapshot(), { kind: 'arrange', change: { search: 'x' } }).kept?.search, 'x');
  });

  it('arranges nothing while no run is shown, and forgets a complaint with the next snapshot', () => {
    assert.equal(after({ kind: 'arrange', change: { tab: 'chart' } }), EMPTY_PAGE);
    const complain: PageChange = { kind: 'complain', message: 'No.' };
    assert.equal(after(snapshot(), complain).complaint, 'No.');
    assert.equal(after(snapshot(), complain, snapshot()).complaint, undefined);
    assert.equal(after(snapshot(), { kind: 'run', run: null, stored: undefined }).run, null);
  });
});
