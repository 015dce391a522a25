import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RowFilter } from '../../../src/model/rows.ts';
import {
  addFilter,
  chosenValues,
  toggleValue,
  valueFilter,
  withoutValueOf,
} from '../../../src/webviews/results/valueFilters.ts';

describe('filters by a value', () => {
  const big: RowFilter = { column: 'n', op: 'greater', value: '5' };
  it('take the empty ones by what they are', () => {
    assert.deepEqual(valueFilter('c', 'x', 'notEquals'), { column: 'c', op: 'notEquals', value: 'x' });
    assert.deepEqual(valueFilter('c', '', 'equals'), { column: 'c', op: 'empty' });
    assert.deepEqual(valueFilter('c', '', 'notEquals'), { column: 'c', op: 'notEmpty' });
  });
  it('are added once', () => {
    const once = addFilter([big], valueFilter('c', 'x', 'equals'));
    assert.equal(once.length, 2);
    assert.equal(addFilter(once, valueFilter('c', 'x', 'equals')), once);
    assert.equal(addFilter(once, valueFilter('c', 'y', 'equals')).length, 3);
  });
  it('of one column replace one another, and go when chosen again', () => {
    const x = toggleValue([big], 'c', 'x');
    const none = toggleValue(x, 'c', '');
    assert.deepEqual(none, [big, { column: 'c', op: 'empty' }]);
    assert.deepEqual([...chosenValues(none, 'c')], ['']);
    assert.deepEqual([...chosenValues(x, 'c'), ...chosenValues(x, 'n')], ['x']);
    assert.deepEqual(toggleValue(none, 'c', ''), [big]);
    assert.deepEqual(withoutValueOf([...x, { column: 'c', op: 'contains', value: 'z' }], 'c').length, 2);
  });
});
