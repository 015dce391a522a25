import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from '../../../src/base/counted.ts';

test('one is singular, everything else plural, thousands are parted', () => {
  assert.deepEqual(
    [0, 1, 2, 1234].map((count) => counted(count, 'row')),
    ['0 rows', '1 row', '2 rows', '1,234 rows'],
  );
  assert.equal(counted(2, 'query', 'queries'), '2 queries');
});
