import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDatetime } from '../../../src/model/values/datetime.ts';

const TICKS_2024 = 638_396_640_000_000_000n;

test('an offset from UTC is of 14 hours and 59 minutes at most, as .NET reads it; any other text is no datetime', () => {
  const two = (n: number): string => String(n).padStart(2, '0');
  let read = 0;
  for (const sign of ['+', '-'])
    for (let hours = 0; hours <= 99; hours++)
      for (let minutes = 0; minutes <= 99; minutes++)
        for (const offset of [`${two(hours)}:${two(minutes)}`, two(hours) + two(minutes)]) {
          const ticks = parseDatetime(`2024-01-01T00:00:00${sign}${offset}`);
          const valid = minutes <= 59 && hours * 60 + minutes <= 14 * 60;
          const moved = BigInt(hours * 60 + minutes) * 600_000_000n * (sign === '+' ? -1n : 1n);
          assert.equal(ticks, valid ? TICKS_2024 + moved : undefined, `${sign}${offset}`);
          if (valid) read++;
        }
  assert.equal(read, 2 * 2 * (14 * 60 + 1));
  assert.equal(parseDatetime('2024-01-01T00:00:00+14'), TICKS_2024 - 14n * 36_000_000_000n);
  assert.equal(parseDatetime('2024-01-01T00:00:00+15'), undefined);
  assert.equal(parseDatetime('Mon, 01 Jan 2024 00:00:00 -9900'), undefined);
});
