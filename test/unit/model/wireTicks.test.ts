import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDatetimeShort, parseDatetime } from '../../../src/model/values/datetime.ts';
import { parseTimespan } from '../../../src/model/values/timespan.ts';
import { READ, readWireTicks } from '../../../src/model/values/wireTicks.ts';

function fast(text: string): bigint | undefined {
  return readWireTicks(text) ? (BigInt(READ.high) << 32n) | BigInt(READ.low) : undefined;
}

test('the fast way reads every time as the general parser does', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const two = (n: number): string => String(n).padStart(2, '0');
  for (let i = 0; i < 20_000; i++) {
    const digits = random(8);
    const text =
      `${String(1 + random(9_999)).padStart(4, '0')}-${two(1 + random(12))}-${two(1 + random(31))}T${two(random(24))}:${two(random(60))}:${two(random(60))}` +
      `${digits ? `.${String(random(10 ** digits)).padStart(digits, '0')}` : ''}Z`;
    assert.equal(fast(text), parseDatetime(text), text);
  }
  for (const text of [
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.9999999Z',
    '2000-02-29T00:00:00.1Z',
    '1900-02-28T00:00:00Z',
  ])
    assert.equal(fast(text), parseDatetime(text), text);
});

test('the fast way leaves alone what it does not know', () => {
  for (const text of [
    '2024-01-01',
    '2024-01-01T00:00:00',
    '2024-01-01 00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:00.Z',
    '2024-01-01T00:00:00.12345678Z',
    '2024-01-01T00:00:00.1x3Z',
    'x024-01-01T00:00:00Z',
  ]) {
    assert.equal(fast(text), undefined, text);
  }
});

test('ticks print as the service writes them', () => {
  for (const text of [
    '0001-01-01T00:00:00Z',
    '2024-02-29T12:34:56.1234567Z',
    '2024-01-01T00:00:00.5Z',
    '9999-12-31T23:59:59.9999999Z',
    '1969-12-31T23:59:59.0000001Z',
  ])
    assert.equal(formatDatetimeShort(parseDatetime(text)!), text);
});

test('timespans: minutes are minutes', () => {
  assert.equal(parseTimespan('00:01:00'), 600_000_000n);
  assert.equal(parseTimespan('-1.00:00:00.5'), -864_005_000_000n);
  assert.equal(parseTimespan('25:00:00'), undefined);
});
