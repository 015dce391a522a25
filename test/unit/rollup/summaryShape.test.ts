import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summaryShape } from '../../../src/kql/rollup/summaryShape.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';

const SCHEMA: SourceSchema = {
  tables: [
    {
      name: 'Event',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
        { name: 'EventID', type: 'int' },
      ],
    },
  ],
};
const merged = (query: string): Record<string, string> | undefined => {
  const { merges } = summaryShape(query, SCHEMA);
  return merges && Object.fromEntries(merges);
};

describe('how the parts of a summary become its answer', () => {
  it('counts and sums are added, the least and the greatest are taken', () => {
    assert.deepEqual(
      merged(
        'Event | summarize n = count(), bad = countif(EventID > 1), s = sum(EventID), min(EventID), max(TimeGenerated) by bin(TimeGenerated, 1h), Computer | sort by n',
      ),
      { n: 'sum', bad: 'sum', s: 'sum', min_EventID: 'min', max_TimeGenerated: 'max' },
    );
  });
  it('of anything else nothing is said: averages, distinct counts, what is computed of groups, rows as they are', () => {
    for (const query of [
      'Event | summarize avg(EventID) by bin(TimeGenerated, 1h)',
      'Event | summarize dcount(Computer) by bin(TimeGenerated, 1h)',
      'Event | summarize n = count() by Hour = bin(TimeGenerated, 1h) | where n > 5',
      'Event | summarize n = count() by Hour = bin(TimeGenerated, 1h) | extend n = n * 2',
      'Event | summarize n = 2 * count() by Hour = bin(TimeGenerated, 1h)',
      'Event | summarize arg_max(TimeGenerated, EventID) by bin(TimeGenerated, 1h), Computer',
      'Event | where EventID == 1',
    ])
      assert.equal(merged(query), undefined, query);
  });
  it('the time bin is found by what it is, through what comes after it, and not by its type', () => {
    const timeOf = (query: string): string | undefined => summaryShape(query, SCHEMA).time;
    assert.equal(timeOf('Event | summarize count() by At = TimeGenerated, Hour = bin(TimeGenerated, 1h)'), 'Hour');
    assert.equal(
      timeOf(
        'Event | extend Day = startofday(TimeGenerated) | summarize n = count() by Day | where n > 1 | project n, On = Day',
      ),
      'On',
    );
    assert.equal(timeOf('Event | summarize n = count() by bin(TimeGenerated, 1h) | project n'), undefined);
    assert.equal(timeOf('Event | where EventID == 1'), undefined);
  });
});
