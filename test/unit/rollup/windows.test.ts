import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withGap, withStored } from '../../../src/core/rollup/progress.ts';
import type { RollupProgress } from '../../../src/core/rollup/progress.ts';
import { wholeWindows, windowAt, withoutRange, withRange } from '../../../src/core/rollup/windows.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';

const HOUR = 3_600_000;
const hours = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR });
const inHours = (ranges: readonly { from: number; to: number }[]): number[][] =>
  ranges.map(({ from, to }) => [from / HOUR, to / HOUR]);

describe('windows', () => {
  it('begin at midnight, and the end of one is the begin of the next', () => {
    assert.deepEqual(windowAt(6 * HOUR - 1, 360), hours(0, 6));
    assert.deepEqual(windowAt(6 * HOUR, 360), hours(6, 12));
    assert.deepEqual(wholeWindows(hours(7, 12), 360), hours(6, 12));
    assert.deepEqual(wholeWindows(hours(7, 12.5), 360), hours(6, 18));
  });
  it('grow together and are cut', () => {
    assert.deepEqual(inHours(withRange([hours(0, 1), hours(3, 4)], hours(1, 2))), [
      [0, 2],
      [3, 4],
    ]);
    assert.deepEqual(inHours(withRange([hours(0, 1), hours(3, 4)], hours(0.5, 3))), [[0, 4]]);
    assert.deepEqual(inHours(withoutRange([hours(0, 4)], hours(1, 2))), [
      [0, 1],
      [2, 4],
    ]);
    assert.deepEqual(inHours(withoutRange([hours(0, 4)], hours(4, 5))), [[0, 4]]);
  });
});

describe('progress', () => {
  const begun: RollupProgress = {
    rollup: 'R-0',
    sink: 'lake',
    workspace: 'w',
    workspaceName: 'w',
    customer: toCustomerKey('c'),
    customerName: 'c',
    since: 0,
    until: 0,
    stored: [],
    gaps: [],
  };
  it('moves on by windows at its end alone, stored or given up', () => {
    const first = withStored(begun, hours(0, 1));
    assert.equal(first.until, HOUR);
    const gap = withGap(first, { ...hours(1, 2), reason: 'too large' });
    assert.deepEqual([gap.until, inHours(gap.gaps), inHours(gap.stored)], [2 * HOUR, [[1, 2]], [[0, 1]]]);
    const beside = withStored(gap, hours(5, 6));
    assert.deepEqual(
      [beside.until, inHours(beside.stored)],
      [
        2 * HOUR,
        [
          [0, 1],
          [5, 6],
        ],
      ],
    );
    const filled = withStored(beside, hours(1, 2));
    assert.deepEqual(
      [filled.until, filled.gaps, inHours(filled.stored)],
      [
        2 * HOUR,
        [],
        [
          [0, 2],
          [5, 6],
        ],
      ],
    );
  });
});
