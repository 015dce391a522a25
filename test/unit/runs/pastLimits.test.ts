import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastLimits } from '../../../src/core/runs/pastLimits.ts';
import type { KeptRun } from '../../../src/core/runs/pastLimits.ts';
import { toRunId } from '../../../src/model/ids.ts';

const NOW = Date.parse('2026-06-30T12:00:00Z');
const LIMITS = { runs: 10, days: 30, megabytes: 100 };

/** A run that began so many days ago and takes so many megabytes. */
function kept(id: string, days: number, megabytes = 1, label?: string): KeptRun {
  const startedAt = new Date(NOW - days * 86_400_000).toISOString();
  return { run: { id: toRunId(id), startedAt, ...(label ? { label } : {}) }, bytes: megabytes * 1_000_000 };
}
const gone = (runs: readonly KeptRun[], limits = {}) => pastLimits(runs, { ...LIMITS, ...limits }, NOW).sort();

test('past the number of runs the oldest go', () => {
  assert.deepEqual(gone([kept('c', 1), kept('b', 2), kept('a', 3)], { runs: 2 }), ['a']);
  assert.deepEqual(gone([kept('c', 1), kept('b', 2), kept('a', 3)], { runs: 1 }), ['a', 'b']);
});

test('a run goes when it is older than the days that runs are kept; the newest stays whatever its age', () => {
  assert.deepEqual(gone([kept('c', 29), kept('b', 30.5), kept('a', 90)]), ['a', 'b']);
  assert.deepEqual(gone([kept('a', 90)]), []);
});

test('past the megabytes the oldest go until the rest fits; one that is too large by itself stays as the newest', () => {
  assert.deepEqual(gone([kept('c', 1, 60), kept('b', 2, 30), kept('a', 3, 30)]), ['a']);
  assert.deepEqual(gone([kept('c', 1, 60), kept('b', 2, 50), kept('a', 3, 30)]), ['a', 'b']);
  assert.deepEqual(gone([kept('b', 1, 500), kept('a', 2, 1)]), ['a']);
});

test('what goes for its age takes no room any more', () => {
  assert.deepEqual(gone([kept('c', 1, 60), kept('b', 2, 30), kept('a', 40, 30)]), ['a']);
});

test('a label holds a run beyond number and age; where room is needed it goes after all others', () => {
  assert.deepEqual(gone([kept('c', 1), kept('b', 2), kept('a', 90, 1, 'before the patch')], { runs: 1 }), ['b']);
  const large = [kept('d', 1, 60), kept('c', 2, 60, 'baseline'), kept('b', 3, 60), kept('a', 4, 60, 'older')];
  assert.deepEqual(gone(large, { megabytes: 180 }), ['b']);
  assert.deepEqual(gone(large, { megabytes: 130 }), ['a', 'b']);
});
