import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acrossSchema } from '../../../src/kql/across/acrossSchema.ts';
import { planAcross } from '../../../src/kql/across/planAcross.ts';

const SCHEMA = acrossSchema([
  {
    tables: [
      {
        name: 'T',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'n', type: 'long' },
        ],
      },
    ],
  },
]);
const mostOf = (query: string) => planAcross(query, SCHEMA, { now: 0n }).parts.map(({ most }) => most);

test('a plan says how many rows a workspace sends at most, where that is not for its tables to decide', () => {
  assert.deepEqual(mostOf('T | summarize count(), max(n)'), [1]);
  assert.deepEqual(mostOf('T | take 7'), [7]);
  assert.deepEqual(mostOf('T | top 3 by n | project n'), [3]);
  assert.deepEqual(mostOf('T | take 7 | summarize sum(n)'), [7], 'what comes is the rows');
  for (const query of ['T', 'T | where n > 1', 'T | summarize count() by n', 'T | distinct n'])
    assert.deepEqual(mostOf(query), [undefined], query);
});
