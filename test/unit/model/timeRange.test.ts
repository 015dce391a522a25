import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveTimeRange, toTimespan } from '../../../src/model/timeRange.ts';

const DAY = { kind: 'last', minutes: 1440 } as const;

test('a query that filters TimeGenerated itself rules over the picker', () => {
  for (const query of [
    'T | where TimeGenerated > ago(7d)',
    'T | where TimeGenerated between (a .. b)',
    'T\n| where timegenerated>=x',
  ])
    assert.deepEqual(effectiveTimeRange(DAY, query), { kind: 'inQuery' });
});

test('a mention in a comment, a string or a projection does not', () => {
  for (const query of [
    'T // where TimeGenerated > ago(7d)',
    'T | where Message has "TimeGenerated > 1"',
    'T | summarize max(TimeGenerated) by Computer',
    "T | where x == 'TimeGenerated < y'",
  ])
    assert.deepEqual(effectiveTimeRange(DAY, query), DAY);
});

test('a range is written as the query API reads it', () => {
  assert.equal(toTimespan(DAY), 'PT1440M');
  assert.equal(
    toTimespan({ kind: 'between', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }),
    '2026-11-01T00:00:00Z/2026-11-02T00:00:00Z',
  );
  assert.equal(toTimespan({ kind: 'inQuery' }), undefined);
});
