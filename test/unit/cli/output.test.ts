import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, helpOf, parseCommand } from '../../../src/cli/command.ts';
import { CENTRAL } from '../../../src/cli/commands/central.ts';
import { KQL } from '../../../src/cli/commands/kql.ts';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from '../../../src/cli/exitCodes.ts';
import { toJson } from '../../../src/cli/output/json.ts';
import { displayWidth, fitText, safeText, wrapText } from '../../../src/cli/output/safeText.ts';
import { formatTable } from '../../../src/cli/output/table.ts';
import { parseTimespanOption } from '../../../src/cli/timespan.ts';
import type { Column } from '../../../src/model/kqlType.ts';

const text = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'string' }));

describe('tables for a terminal', () => {
  test('columns as wide as they need; numbers to the right', () => {
    assert.equal(
      formatTable(
        [...text('Name'), { name: 'n', type: 'long' }],
        [
          ['a', 5],
          ['long name', 1234n],
          ['', null],
        ],
      ),
      ['Name          n', '---------  ----', 'a             5', 'long name  1234', '', ''].join('\n'),
    );
  });

  test('where the screen is narrow the widest columns give, and a cut is marked', () => {
    const lines = formatTable(text('A', 'B'), [['x'.repeat(50), 'short']], { width: 20 }).split('\n');
    assert.equal(lines[2], `${'x'.repeat(12)}\u2026  short`);
    assert.ok(lines.every((line) => displayWidth(line) <= 20));
  });

  test('a cell that wraps goes on below, and loses nothing', () => {
    const lines = formatTable(text('A', 'B'), [['Retention: 30 days instead of 90', 'short']], {
      width: 20,
      wraps: true,
    });
    assert.deepEqual(lines.split('\n').slice(2), ['Retention: 30  short', 'days instead', 'of 90', '']);
    assert.deepEqual(wrapText(`${'x'.repeat(5)} yy`, 3), ['xxx', 'xx', 'yy']);
    assert.deepEqual(wrapText('', 3), ['']);
  });

  test('where cells wrap, names and GUIDs keep their width and the longest column goes on below', () => {
    const why = 'nobody of yours is in that tenant, and no administrator of it has consented';
    const lines = formatTable(
      text('Customer', 'Tenant', 'Why'),
      [['Graphic Design Institute', '07057889-2547-4224-b9c2-77acbc258add', why]],
      { width: 90, wraps: true },
    ).split('\n');
    assert.deepEqual(lines.slice(2, 5), [
      'Graphic Design Institute  07057889-2547-4224-b9c2-77acbc258add  nobody of yours is in that',
      `${' '.repeat(64)}tenant, and no`,
      `${' '.repeat(64)}administrator of it has`,
    ]);
    assert.ok(lines.every((line) => displayWidth(line) <= 90));
  });

  test('where cells wrap and words alone do not fit, records have all of it, and nothing of what is empty', () => {
    const names = ['northbridge', 'fourthcoffee', 'humongous', 'woodgrove'];
    assert.equal(
      formatTable(
        text('A', 'B', 'C', 'D', 'E'),
        [
          [...names, ''],
          ['', '', '', '', 'one two three'],
        ],
        {
          width: 13,
          wraps: true,
        },
      ),
      '-- 1 --\nA  northbridg\n   e\nB  fourthcoff\n   ee\nC  humongous\nD  woodgrove\n-- 2 --\nE  one two\n   three\n',
    );
  });

  test('where even that does not fit, one record after the other', () => {
    assert.equal(
      formatTable(text('First', 'Second', 'Third'), [['aaaaaaaa', 'bbbbbbbb', 'cccccccc']], { width: 18 }),
      '-- 1 --\nFirst   aaaaaaaa\nSecond  bbbbbbbb\nThird   cccccccc\n',
    );
  });

  test('wide and combining characters keep the columns straight', () => {
    const lines = formatTable(text('A', 'B'), [
      ['\u65e5\u672c', 'x'],
      ['e\u0301', 'y'],
    ]).split('\n');
    assert.equal(lines[2], '\u65e5\u672c  x');
    assert.equal(lines[3], 'e\u0301     y');
    assert.equal(fitText('\u65e5\u672c\u8a9e', 4), '\u65e5\u2026');
  });

  test('controls, escapes and direction marks are shown, not obeyed - in names too', () => {
    assert.equal(
      safeText('a\u001b[31mb\nc\u009bd\u202ee\u200bf\u007f'),
      'a\u241b[31mb\u240ac\\u009bd\\u202ee\\u200bf\u2421',
    );
    assert.match(formatTable(text('\u001b[2J'), [['\r\n']]), /^\u241b\[2J\n-+\n\u240d\u240a\n$/);
  });
});

test('JSON keeps longs and leaves out what is undefined', () => {
  assert.equal(
    toJson({ a: [9007199254740993n, null, 'x"'], b: undefined, c: { d: true } }),
    '{"a":[9007199254740993,null,"x\\""],"c":{"d":true}}',
  );
});

test('timespans as people write them', () => {
  assert.deepEqual(
    ['30m', '24h', '7d', '2w', 'PT1H', 'P1DT12H', 'P1W'].map((span) => parseTimespanOption(span)),
    [30, 1440, 10_080, 20_160, 60, 2160, 10_080].map((minutes) => ({ kind: 'last', minutes })),
  );
  assert.deepEqual(parseTimespanOption('2024-01-01/2024-01-02T12:30'), {
    kind: 'between',
    from: '2024-01-01T00:00:00.000Z',
    to: '2024-01-02T12:30:00.000Z',
  });
  assert.deepEqual(parseTimespanOption(undefined), { kind: 'inQuery' });
  for (const wrong of [
    '',
    '0h',
    'h',
    'P',
    'PT',
    '1y',
    '2024-01-02/2024-01-01',
    '2024-01-01',
    'a/b',
    '2024-01-01/2024-01-02/2024-01-03',
  ])
    assert.throws(() => parseTimespanOption(wrong), { code: 'input.timespan' }, wrong);
});

test('times of a timespan are UTC where they name no zone, and days the calendar does not have are refused', (t) => {
  const zone = process.env['TZ'];
  t.after(() => (zone === undefined ? delete process.env['TZ'] : (process.env['TZ'] = zone)));
  process.env['TZ'] = 'America/New_York';
  assert.deepEqual(parseTimespanOption('2024-01-01 10:00/2024-01-01T12:00'), {
    kind: 'between',
    from: '2024-01-01T10:00:00.000Z',
    to: '2024-01-01T12:00:00.000Z',
  });
  for (const wrong of ['2024-02-30/2024-03-02', '2024-02-28/2024-02-30 10:00', '2023-02-29T00:00:00Z/2023-03-02'])
    assert.throws(() => parseTimespanOption(wrong), { code: 'input.timespan' }, wrong);
});

test('counts are whole numbers from one', () => {
  const read = (...args: string[]): number | undefined => countOf(parseCommand(KQL, ['-', ...args]).values, 'limit');
  assert.deepEqual([read(), read('--limit', '7')], [undefined, 7]);
  for (const wrong of [
    ['--limit=-1'],
    ['--limit', '0'],
    ['--limit', '1.5'],
    ['--limit', 'many'],
    ['--limit', ''],
    ['--limit', '-1'],
    ['--limit'],
  ]) {
    assert.throws(
      () => read(...wrong),
      (error: Error & { code?: string }) =>
        error.code === 'input.usage' && /--limit/.test(error.message) && !error.message.includes('\n'),
      wrong.join(' '),
    );
  }
});

test('every family of failure has its own exit code, and the help tells them', () => {
  const families = ['cancelled', 'auth', 'access', 'query', 'service', 'network', 'engine', 'input', 'bug'] as const;
  const codes = families.map((family) => exitCodeOf({ code: `${family}.x` }));
  assert.equal(new Set(codes).size, families.length);
  assert.ok(!codes.includes(EXIT.complete) && !codes.includes(EXIT.partial));
  for (const code of Object.values(EXIT)) assert.match(EXIT_CODES_HELP, new RegExp(`^  ${code} +\\w`, 'm'));
});

test('a command that was not told what to do says what it can do, and an action may have help of its own', () => {
  assert.throws(() => parseCommand(CENTRAL, []), {
    code: 'input.usage',
    message: '"central" needs to know what to do: check, views or access? See "tenantscope central --help".',
  });
  const help = helpOf(CENTRAL, 'check');
  assert.match(help, /^Usage: tenantscope central check/);
  assert.doesNotMatch(help, /--principal/);
  for (const other of ['views', 'toString', undefined]) assert.equal(helpOf(CENTRAL, other), CENTRAL.help);
});
