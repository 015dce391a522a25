import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLiteral } from '../../../src/kql/literal.ts';
import { formatDatetime, parseDatetime } from '../../../src/model/values/datetime.ts';
import { formatTimespan, parseTimespan } from '../../../src/model/values/timespan.ts';

describe('literals read from their text', () => {
  it('reads what the generated parser reads wrongly: hexadecimal, NaN, seven digits of a second', () => {
    assert.equal(parseLiteral('long', '0x1F'), 31n);
    assert.equal(parseLiteral('long', '0xFFFFFFFFFFFFFFFF'), -1n);
    assert.ok(Number.isNaN(parseLiteral('real', 'real(nan)')));
    assert.equal(parseLiteral('real', 'real(-inf)'), -Infinity);
    assert.equal(
      formatDatetime(parseLiteral('datetime', 'datetime(2024-02-29 23:59:59.1234567)') as bigint),
      '2024-02-29T23:59:59.1234567Z',
    );
  });
  it('knows null of every type and no number out of range', () => {
    for (const type of ['bool', 'int', 'long', 'real', 'decimal', 'datetime', 'timespan', 'guid'] as const)
      assert.equal(parseLiteral(type, `${type}(null)`), null);
    assert.equal(parseLiteral('int', 'int(2147483648)'), undefined);
    assert.equal(parseLiteral('long', '9223372036854775808'), undefined);
  });
  it('reads strings: escapes, verbatim, multi-line, hidden', () => {
    assert.equal(parseLiteral('string', String.raw`'it\'s\t\u0041'`), "it's\tA");
    assert.equal(parseLiteral('string', String.raw`@"c:\temp ""x"""`), String.raw`c:\temp "x"`);
    assert.equal(parseLiteral('string', '```two\nlines```'), 'two\nlines');
    assert.equal(parseLiteral('string', "h'secret'"), 'secret');
  });
});

describe('datetimes', () => {
  const iso = (text: string): string | undefined => {
    const ticks = parseDatetime(text);
    return ticks === undefined ? undefined : formatDatetime(ticks);
  };
  it('takes ISO and its shortenings, offsets, American and worded dates', () => {
    assert.equal(iso('2024'), '2024-01-01T00:00:00.0000000Z');
    assert.equal(iso('2024-03'), '2024-03-01T00:00:00.0000000Z');
    assert.equal(iso('2024-01-01T00:30:00+02:00'), '2023-12-31T22:30:00.0000000Z');
    assert.equal(iso('02/17/2016 08:40:01 PM'), '2016-02-17T20:40:01.0000000Z');
    assert.equal(iso('Sat, 8 Nov 14 15:05:02 GMT'), '2014-11-08T15:05:02.0000000Z');
    assert.equal(iso('2025, 6, 14'), '2025-06-14T00:00:00.0000000Z');
  });
  it('holds year 1 to 9999 and refuses what is no date', () => {
    assert.equal(parseDatetime('0001-01-01'), 0n);
    assert.equal(iso('9999-12-31 23:59:59.9999999'), '9999-12-31T23:59:59.9999999Z');
    for (const text of ['2023-02-29', '2024-13-01', 'soon', '2024-01-01 25:00', ''])
      assert.equal(parseDatetime(text), undefined);
  });
});

describe('timespans', () => {
  it('takes units and clocks and writes them back', () => {
    for (const [text, written] of [
      ['1.5h', '01:30:00'],
      ['2d', '2.00:00:00'],
      ['-90s', '-00:01:30'],
      ['1tick', '00:00:00.0000001'],
      ['3', '3.00:00:00'],
      ['1.02:03:04.5', '1.02:03:04.5000000'],
    ] as const) {
      assert.equal(formatTimespan(parseTimespan(text)!), written);
    }
    assert.equal(parseTimespan('25:00:00'), undefined);
  });
});
