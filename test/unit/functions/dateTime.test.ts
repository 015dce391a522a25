import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, column, datetime, long, NOW, real, span, str, ticks, timespan } from './evaluate.ts';
import { formatDatetime, parseDatetime } from '../../../src/model/values/datetime.ts';
import { formatTimespan, parseTimespan } from '../../../src/model/values/timespan.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

const at = async (name: string, text: string, ...more: Parameters<Bench['scalar']>[1]) => {
  const value = await bench.scalar(name, [column('datetime', ticks(text)), ...more], 'datetime');
  return typeof value === 'bigint' ? formatDatetime(value).replace(/:00\.0000000Z$|Z$/, '') : value;
};

test('datetimes are read in the forms Kusto lists', () => {
  const same = '2014-11-08T15:05:25.0000000Z';
  for (const text of [
    '2014-11-08 15:05:25',
    '2014-11-08T15:05:25Z',
    '2014-11-08T17:05:25+02:00',
    '2014-11-08T15:05:25.0',
    'Sat, 8 Nov 14 15:05:25 GMT',
    'Saturday, 08-Nov-14 15:05:25',
    '8 Nov 2014 15:05:25',
    '11/08/2014 3:05:25 PM',
    '20141108150525',
  ]) {
    const value = parseDatetime(text);
    assert.equal(value === undefined ? undefined : formatDatetime(value), same, text);
  }
  for (const text of ['', 'yesterday', '2014-02-30', '2014-13-01', '2014-11-08 25:00', '0000-01-01', '12'])
    assert.equal(parseDatetime(text), undefined, text);
  assert.equal(parseDatetime('0001-01-01'), 0n);
  assert.equal(formatDatetime(parseDatetime('9999-12-31T23:59:59.9999999') ?? 0n), '9999-12-31T23:59:59.9999999Z');
});

test('timespans are read and written, both ways', () => {
  for (const text of [
    '00:00:00',
    '1.02:03:04.5000000',
    '-00:00:01',
    '-10675199.02:48:05.4775808',
    '10675199.02:48:05.4775807',
  ])
    assert.equal(formatTimespan(parseTimespan(text) ?? 0n), text);
  for (const [text, want] of [
    ['1d', '1.00:00:00'],
    ['1.5h', '01:30:00'],
    ['2', '2.00:00:00'],
    ['100ms', '00:00:00.1000000'],
    ['-3 seconds', '-00:00:03'],
    ['00:03', '00:03:00'],
    ['1tick', '00:00:00.0000001'],
  ] as const)
    assert.equal(formatTimespan(span(text)), want);
  for (const text of ['', '25:00:00', '1x', '1.5', '10675200d']) assert.equal(parseTimespan(text), undefined, text);
});

test('now and ago', async () => {
  assert.equal(await bench.scalar('now', [], 'datetime'), NOW);
  assert.equal(await bench.scalar('ago', [timespan('1d')], 'datetime'), NOW - span('1d'));
  assert.equal(await bench.scalar('now', [column('timespan', span('-1h'))], 'datetime'), NOW - span('1h'));
});

test('starts and ends; weeks begin on Sunday', async () => {
  assert.equal(await at('startofday', '2024-02-29 13:14:15'), '2024-02-29T00:00');
  assert.equal(await at('startofweek', '2024-02-29'), '2024-02-25T00:00');
  assert.equal(await at('startofweek', '2024-02-25 01:00', long(-1)), '2024-02-18T00:00');
  assert.equal(await at('startofmonth', '2024-02-29', long(1)), '2024-03-01T00:00');
  assert.equal(await at('startofyear', '2024-02-29', column('long', -1n)), '2023-01-01T00:00');
  assert.equal(await at('endofmonth', '2024-02-10'), '2024-02-29T23:59:59.9999999');
  assert.equal(await at('endofweek', '2024-02-29'), '2024-03-02T23:59:59.9999999');
  assert.equal(await at('startofday', '9999-12-31', long(1)), null, 'beyond the calendar');
  assert.equal(await at('endofyear', '9999-01-01'), '9999-12-31T23:59:59.9999999');
});

test('bins', async () => {
  assert.equal(await at('bin', '2024-02-29 13:14', timespan('1h')), '2024-02-29T13:00');
  assert.equal(await at('bin', '2024-02-29', timespan('7d')), '2024-02-26T00:00', 'seven days count from a Monday');
  assert.equal(
    await at('bin_at', '2024-02-29 13:14', timespan('1d'), datetime('2000-01-01 12:00')),
    '2024-02-29T12:00',
  );
  assert.equal(await bench.scalar('bin', [column('long', -7n), long(3)], 'long'), -9n);
  assert.equal(await bench.scalar('bin', [column('long', -7n), column('long', 3n)], 'long'), -9n);
  assert.equal(await bench.scalar('bin', [long(7), long(0)], 'long'), null);
  assert.equal(await bench.scalar('bin', [real(4.5), long(1)], 'real'), 4);
  assert.equal(await bench.scalar('bin', [timespan('-1h'), timespan('7h')], 'timespan'), span('-7h'));
});

test('differences count the boundaries between', async () => {
  const diff = (unit: string, a: string, b: string) =>
    bench.scalar('datetime_diff', [str(unit), column('datetime', ticks(a)), column('datetime', ticks(b))], 'long');
  assert.equal(await diff('year', '2017-01-01', '2000-12-31'), 17n);
  assert.equal(await diff('quarter', '2017-07-01', '2017-03-30'), 2n);
  assert.equal(await diff('Week', '2017-10-29', '2017-09-30 23:59'), 5n);
  assert.equal(await diff('hour', '2017-10-30 23:59', '2017-10-31 01:00'), -2n);
  assert.equal(await diff('nanosecond', '2017-10-30', '2017-10-30 00:00:00.0000007'), -700n);
});

test('parts and sums', async () => {
  const moment = '2017-10-30 01:02:03.7654321';
  for (const [part, want] of [
    ['quarter', 4n],
    ['week_of_year', 44n],
    ['dayOfYear', 303n],
    ['millisecond', 765n],
    ['microsecond', 765432n],
    ['nanosecond', 765432100n],
  ] as const)
    assert.equal(await bench.scalar('datetime_part', [str(part), datetime(moment)], 'long'), want, part);
  const add = async (unit: string, amount: number, text: string) =>
    formatDatetime(
      (await bench.scalar(
        'datetime_add',
        [str(unit), long(amount), column('datetime', ticks(text))],
        'datetime',
      )) as bigint,
    );
  assert.equal(
    await add('month', 1, '2024-01-31 00:00:00.0000007'),
    '2024-02-29T00:00:00.0000007Z',
    'the last day, and the last digit is kept',
  );
  assert.equal(await add('year', -5, '2017-01-01'), '2012-01-01T00:00:00.0000000Z');
  assert.equal(await bench.scalar('dayofweek', [datetime('2024-02-27')], 'timespan'), span('2d'));
  assert.equal(
    await bench.scalar(
      'make_datetime',
      [long(2017), long(10), long(1), long(12), long(11), real(0.1234567)],
      'datetime',
    ),
    ticks('2017-10-01 12:11:00.1234567'),
  );
  assert.equal(
    await bench.scalar('make_timespan', [long(1), long(12), long(30), real(55.123)], 'timespan'),
    span('1.12:30:55.123'),
  );
  assert.equal(
    await bench.scalar('unixtime_milliseconds_todatetime', [long(1546300800000)], 'datetime'),
    ticks('2019-01-01'),
  );
});

test('formats', async () => {
  const format = (text: string, how: string) => bench.scalar('format_datetime', [datetime(text), str(how)], 'string');
  assert.equal(await format('2017-01-29 09:00:05', 'yy-MM-dd [hh:mm:ss tt]'), '17-01-29 [09:00:05 AM]');
  assert.equal(await format('2009-06-15 13:45:30.6170', 'M/d/yyyy h:m:s.FFFFFF_fff'), '6/15/2009 1:45:30.617_617');
  // There are no names of days and months: a specifier is two letters long.
  assert.equal(await format('2007-03-09', 'dddd, MMMM d'), '0909, 0303 9');
  await assert.rejects(format('2024-01-01', 'd of M'), /format 'd of M'/);
  assert.equal(
    await bench.scalar('format_timespan', [timespan('29.09:00:05.12345'), str('ddd.h:mm:ss [fffffff]')], 'string'),
    '029.9:00:05 [1234500]',
  );
});

test('time zones, and the hour that is not there', async () => {
  assert.equal(await at('datetime_utc_to_local', '2024-07-01 12:00', str('Europe/Zurich')), '2024-07-01T14:00');
  assert.equal(
    await at('datetime_local_to_utc', '2020-02-02 20:02:20', str('US/Pacific')),
    '2020-02-03T04:02:20.0000000',
  );
  assert.equal(await at('datetime_local_to_utc', '2022-03-27 02:00', str('Europe/Brussels')), '2022-03-27T00:00');
  await assert.rejects(at('datetime_utc_to_local', '2024-01-01', str('Mars/Olympus')), /Mars/);
});
