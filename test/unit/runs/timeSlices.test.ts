import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTimes, TimeSlices } from '../../../src/core/runs/slices/timeSlices.ts';
import type { RowTimes } from '../../../src/core/runs/slices/timeSlices.ts';
import type { TimeSlice } from '../../../src/kql/across/slicing.ts';

/** Rows at every tick from 0 to 31; cuts before each of them but the first. */
const EVEN: RowTimes = { rows: 32, first: 0n, last: 31n, cuts: Array.from({ length: 31 }, (_, i) => BigInt(i + 1)) };

/** `[8, 16)` of the slices as they come, newest first. */
function taken(slices: TimeSlices, too: (slice: TimeSlice) => boolean = () => false): string[] {
  const found: string[] = [];
  for (let slice = slices.next(); slice; slice = slices.next()) {
    if (too(slice) && slices.again(slice)) continue;
    found.push(`${slice.from ?? ''}..${slice.to ?? ''}`);
  }
  return found;
}

test('slices meet, cover all time, and have about as many rows each', () => {
  assert.deepEqual(taken(new TimeSlices(EVEN, 4)), ['24..', '16..24', '8..16', '..8']);
  assert.deepEqual(taken(new TimeSlices(EVEN, 3)), ['21..', '11..21', '..11']);
});

test('a slice that is too large is halved, first where its rows are and then where its time is', () => {
  const wide = ({ from = 0n, to = 32n }: TimeSlice): boolean => to - from > 4n;
  assert.deepEqual(taken(new TimeSlices(EVEN, 2), wide), [
    '28..',
    '24..28',
    '20..24',
    '16..20',
    '12..16',
    '8..12',
    '4..8',
    '..4',
  ]);
  // Nothing is known but the first and the last time.
  assert.deepEqual(taken(new TimeSlices({ ...EVEN, cuts: [] }, 2), wide), [
    '28..',
    '24..28',
    '20..24',
    '16..20',
    '12..16',
    '8..12',
    '4..8',
    '..4',
  ]);
});

test('how far it is counts the slices that are known', () => {
  const slices = new TimeSlices(EVEN, 2);
  const first = slices.next()!;
  assert.deepEqual([slices.number, slices.count], [1, 2]);
  assert.ok(slices.again(first));
  slices.next();
  assert.deepEqual([slices.number, slices.count], [1, 3]);
});

test('rows of one moment cannot be parted', () => {
  const one: RowTimes = { rows: 9, first: 5n, last: 5n, cuts: [5n, 5n] };
  const slices = new TimeSlices(one, 4);
  assert.equal(slices.count, 1);
  const all = slices.next()!;
  assert.deepEqual([all, slices.again(all), slices.next()], [{}, false, undefined]);
});

test('times are read, cuts to the millisecond, and only where there are any', () => {
  const columns = [
    { name: 'Rows', type: 'long' as const },
    { name: 'First', type: 'long' as const },
    { name: 'Last', type: 'long' as const },
    { name: 'Cuts', type: 'dynamic' as const },
  ];
  const told = (...row: readonly (string | number | bigint | null)[]) =>
    readTimes({ tables: [{ name: 'PrimaryResult', columns, rows: [row] }], bytes: 1 });
  assert.deepEqual(told(3, 638_000_000_000_000_001n, 638_000_000_000_000_003n, '[638000000000010002.5, null]'), {
    rows: 3,
    first: 638_000_000_000_000_001n,
    last: 638_000_000_000_000_003n,
    cuts: [638_000_000_000_010_000n],
  });
  assert.equal(told(0, null, null, 'null'), undefined);
  assert.equal(readTimes({ tables: [], bytes: 0 }), undefined);
});
