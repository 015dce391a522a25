import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addableColumns } from '../../../src/kql/addable.ts';

const cases: readonly (readonly [query: string, addable: readonly string[] | undefined])[] = [
  ['T | summarize count() by A', ['count_']],
  ['T | summarize N = count(), avg(X), max(X) by bin(T, 1h), A | render timechart', ['N']],
  ['T | summarize sum(X), dcount(X), percentile(X, 95) by A', ['sum_X']],
  ['T | summarize Gb = round(sum(X) / 1024, 2), Rate = sum(X) / count() by A', ['Gb']],
  ['T | summarize N = count() by A | project A, Rows = N | project-rename Many = Rows', ['N', 'Rows', 'Many']],
  ['T | summarize N = count(), M = avg(X) by A | extend Share = N / M, Half = N / 2', ['N', 'Half']],
  ['T | make-series N = count() default = 0, M = avg(X) on Time from ago(1d) to now() step 1h by A', ['N']],
  // Another summarize goes over the first: an average of counts is no count.
  ['T | summarize N = count() by A, B | summarize N = avg(N) by A', []],
  ['T | project Time, X | render timechart', undefined],
  ['T | summarize', []],
];

for (const [query, addable] of cases)
  test(`what may be added up in: ${query}`, () => {
    assert.deepEqual(addableColumns(query), addable);
  });
