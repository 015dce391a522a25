/**
 * What a text is as a value, at every door a text comes in by, and how the value is written again. The expectations
 * are written by hand: nothing here asks the grammar what it should say.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseTimespanOption } from '../../../src/cli/timespan.ts';
import { parseTimespan } from '../../../src/emulator/logs/timespan.ts';
import type { BatchAnswer } from '../../../src/engine/batch.ts';
import { runBatch } from '../../../src/engine/batch.ts';
import type { EngineTable, LocalEngine } from '../../../src/engine/face.ts';
import { Database } from '../../../src/engine/database/database.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { toViewCell } from '../../../src/engine/store/cells.ts';
import { TEXT_MACROS } from '../../../src/engine/store/shownText.ts';
import { parseTime } from '../../../src/extension/scope/timeRanges.ts';
import type { Cell, KqlType } from '../../../src/model/kqlType.ts';

/** A text, the value it is as the query API writes it, and where a door says something else. */
type Row = readonly [
  text: string,
  value: Cell,
  differs?: { readonly literal?: Cell; readonly function?: Cell; readonly cell?: Cell },
];

const FUNCTIONS = {
  datetime: 'todatetime',
  timespan: 'totimespan',
  guid: 'toguid',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  decimal: 'todecimal',
  bool: 'tobool',
} as const;
type Tested = keyof typeof FUNCTIONS;

const VALUES: Readonly<Record<Tested, readonly Row[]>> = {
  datetime: [
    // The documentation's list.
    ['2014-05-25T08:20:03.123456Z', '2014-05-25T08:20:03.1234560Z'],
    ['2014-05-25T08:20:03.123456', '2014-05-25T08:20:03.1234560Z'],
    ['2014-05-25T08:20', '2014-05-25T08:20:00.0000000Z'],
    ['2014-11-08 15:55:55.123456Z', '2014-11-08T15:55:55.1234560Z'],
    ['2014-11-08 15:55', '2014-11-08T15:55:00.0000000Z'],
    ['2014-11-08', '2014-11-08T00:00:00.0000000Z'],
    ['Sat, 8 Nov 14 15:05:02 GMT', '2014-11-08T15:05:02.0000000Z'],
    ['8 Nov 14 15:05', '2014-11-08T15:05:00.0000000Z'],
    ['Saturday, 08-Nov-14 15:05:02 GMT', '2014-11-08T15:05:02.0000000Z'],
    ['08-Nov-14 15:05', '2014-11-08T15:05:00.0000000Z'],
    ['2014-11-08T15:05:25 GMT', '2014-11-08T15:05:25.0000000Z'],
    // Two digits of a year: 1950 to 2049.
    ['08 Nov 86 15:05:02', '1986-11-08T15:05:02.0000000Z'],
    ['08 Nov 49', '2049-11-08T00:00:00.0000000Z'],
    ['08 Nov 50', '1950-11-08T00:00:00.0000000Z'],
    // What the service was seen to read in its own examples.
    ['2015-12-31 23:59:59.9', '2015-12-31T23:59:59.9000000Z'],
    ['12-02-2022', '2022-12-02T00:00:00.0000000Z'],
    ['2017 - 08 - 01', '2017-08-01T00:00:00.0000000Z'],
    ['2025, 6, 14', '2025-06-14T00:00:00.0000000Z'],
    // Usual writings that no list names.
    ['2024', '2024-01-01T00:00:00.0000000Z'],
    ['2024-03', '2024-03-01T00:00:00.0000000Z'],
    ['2024.01.31', '2024-01-31T00:00:00.0000000Z'],
    ['2024/01/31 10:11', '2024-01-31T10:11:00.0000000Z'],
    ['02/17/2016 08:40:01 PM', '2016-02-17T20:40:01.0000000Z'],
    ['2014-11-08 3 PM', '2014-11-08T15:00:00.0000000Z'],
    ['2014-11-08 12:00 AM', '2014-11-08T00:00:00.0000000Z'],
    ['Nov 8, 2014', '2014-11-08T00:00:00.0000000Z'],
    ['20141108150525', '2014-11-08T15:05:25.0000000Z'],
    ['2024-01-01T00:30:00+02:00', '2023-12-31T22:30:00.0000000Z'],
    ['2024-01-01T10:00:00-0530', '2024-01-01T15:30:00.0000000Z'],
    ['2024-01-01T10:00:00+14:00', '2023-12-31T20:00:00.0000000Z'],
    ['2024-01-01T10:00:00+14:01', null],
    ['2024-01-01T10:00:00+99:00', null],
    ['2024-01-31 24:00:00', '2024-02-01T00:00:00.0000000Z'],
    ['2024-01-31T10:11:12.12345678Z', '2024-01-31T10:11:12.1234567Z'],
    ['2024-02-29 23:59:59,5', '2024-02-29T23:59:59.5000000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.0000000Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    // No instants.
    ['2023-02-29', null],
    ['2024-13-01', null],
    ['2024-01-01 25:00', null],
    ['2024-01-31 24:00:01', null],
    ['2024-01-01 10', null],
    ['0001-01-01T00:00:00+01:00', null],
    ['Foo, 8 Nov 14', null],
    ['8 Now 14', null],
    ['24:00:00', null],
    ['12', null],
    ['soon', null],
    ['max', null, { literal: '9999-12-31T23:59:59.9999999Z' }],
  ],
  timespan: [
    ['1d', '1.00:00:00'],
    ['1.5h', '01:30:00'],
    ['30m', '00:30:00'],
    ['90s', '00:01:30'],
    ['-90s', '-00:01:30'],
    ['100ms', '00:00:00.1000000'],
    ['10microsecond', '00:00:00.0000100'],
    ['250 nanoseconds', '00:00:00.0000002'],
    ['1tick', '00:00:00.0000001'],
    ['15 seconds', '00:00:15'],
    ['+1h', '01:00:00'],
    ['2', '2.00:00:00'],
    ['1.02:03:04.5', '1.02:03:04.5000000'],
    ['-1.02:03:04.5', '-1.02:03:04.5000000'],
    ['1:02:03:04', '1.02:03:04'],
    ['0:0:0.001', '00:00:00.0010000'],
    ['13:00', '13:00:00'],
    ['23:59:59.99999999', '23:59:59.9999999'],
    ['-10675199.02:48:05.4775808', '-10675199.02:48:05.4775808'],
    ['1.5', null],
    ['24:00:00', null],
    ['00:60:00', null],
    ['10675200d', null],
    ['1week', null],
    ['abc', null],
    ['min', null, { literal: '-10675199.02:48:05.4775808' }],
  ],
  guid: [
    ['70FC66F7-8279-44FC-9092-D364D70FCE44', '70fc66f7-8279-44fc-9092-d364d70fce44'],
    ['70fc66f7827944fc9092d364d70fce44', '70fc66f7-8279-44fc-9092-d364d70fce44'],
    ['{70fc66f7-8279-44fc-9092-d364d70fce44}', '70fc66f7-8279-44fc-9092-d364d70fce44'],
    // toguid() takes the first 32 digits, as its page says.
    ['70fc66f7827944fc9092d364d70fce44 and more', null, { function: '70fc66f7-8279-44fc-9092-d364d70fce44' }],
    ['70fc66f7', null],
    ['zzfc66f7-8279-44fc-9092-d364d70fce44', null],
  ],
  int: [
    ['5', 5],
    ['-2147483648', -2147483648],
    ['+0', 0],
    ['007', 7],
    ['0x1F', 31],
    ['0xFFFFFFFF', -1],
    ['2147483648', null],
    ['5.9', null],
    ['1e3', null],
    ['abc', null],
    ['max', null, { literal: 2147483647 }],
  ],
  long: [
    ['  123  ', 123],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['0xFFFFFFFFFFFFFFFF', -1],
    ['-0x10', -16],
    ['9223372036854775808', null],
    ['0x1FFFFFFFFFFFFFFFF', null],
    ['0b101', null],
    ['1e3', null],
    ['min', null, { literal: -9223372036854775808n }],
  ],
  real: [
    ['1', 1],
    ['-2.5', -2.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1.5e3', 1500],
    ['nan', 'NaN'],
    ['Infinity', 'Infinity'],
    ['-inf', '-Infinity'],
    ['0x10', 16],
    ['1,5', null],
    ['abc', null],
  ],
  decimal: [
    // A row keeps its digits as they are written.
    ['1.50', '1.5', { cell: '1.50' }],
    ['-0.1', '-0.1'],
    ['1e3', '1000', { cell: '1e3' }],
    ['3.14159265358979323846', '3.14159265358979323846'],
    ['abc', null],
  ],
  bool: [
    ['true', true],
    ['FALSE', false],
    ['tRuE', true],
    ['1', true],
    ['0', false],
    ['5', true],
    ['yes', null],
  ],
};

let engine: LocalEngine;
let folder: string;
before(async () => {
  engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'values-'));
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function answer(query: string, tables: readonly EngineTable[] = []): Promise<BatchAnswer> {
  for await (const found of runBatch(engine, [{ id: '', query }], { database: { name: 'local', tables } }))
    return found;
  throw new Error('no answer');
}
async function rows(query: string, tables: readonly EngineTable[] = []): Promise<readonly (readonly Cell[])[]> {
  const got = await answer(query, tables);
  assert.ok(got.ok, `${query}\n${got.ok ? '' : got.message}`);
  return got.rows;
}
/** Texts with what they are, so that a failure says which of them it is. */
function beside(texts: readonly Row[], values: readonly (Cell | undefined)[]): string[] {
  return texts.map(([text], i) => `${text} -> ${String(values[i])}`);
}

for (const [type, table] of Object.entries(VALUES) as [Tested, readonly Row[]][]) {
  describe(`a text as a ${type}`, () => {
    const ofFunction = table.map(([, value, differs]) => (differs?.function === undefined ? value : differs.function));
    const ofLiteral = table.map(([, value, differs]) => (differs?.literal === undefined ? value : differs.literal));
    const ofCell = table.map(([, value, differs]) => (differs?.cell === undefined ? value : differs.cell));

    it(`${type}(...) in a query`, async () => {
      // What is no time, span or guid is null; what is no number is refused, and so is a span that could be meant
      // twice.
      const nullable = ['datetime', 'timespan', 'guid'].includes(type);
      const read = table.filter(
        ([text], i) => (nullable || ofLiteral[i] !== null) && !(type === 'timespan' && text === '1.5'),
      );
      const written = read.map(([text], i) => `v${i} = ${type}(${text})`);
      const [got] = await rows(`print ${written.join(', ')}`);
      assert.deepEqual(
        beside(read, got!),
        beside(
          read,
          read.map((row) => ofLiteral[table.indexOf(row)]),
        ),
      );
      for (const [text] of table.filter((row) => !read.includes(row)))
        assert.equal((await answer(`print v = ${type}(${text})`)).ok, false, text);
    });
    it(`${FUNCTIONS[type]}() of a constant and of a column`, async () => {
      const calls = table.map(([text], i) => `v${i} = ${FUNCTIONS[type]}(@'${text}')`);
      assert.deepEqual(beside(table, (await rows(`print ${calls.join(', ')}`))[0]!), beside(table, ofFunction));
      const texts = table.map(([text], i) => `${i}, @'${text}'`);
      const column = await rows(
        `datatable(i: int, s: string)[${texts.join(', ')}] | sort by i asc | project ${FUNCTIONS[type]}(s)`,
      );
      assert.deepEqual(
        beside(
          table,
          column.map(([value]) => value),
        ),
        beside(table, ofFunction),
      );
    });
    it('a field of a file that is loaded', async () => {
      const path = join(folder, `${type}.jsonl`);
      await writeFile(path, table.map(([text], i) => JSON.stringify({ i, v: text })).join('\n'));
      const loaded = await engine.loadFile(path, 'files', type, [
        { name: 'i', type: 'int' },
        { name: 'v', type },
      ]);
      const got = await rows(`['${type}'] | sort by i asc | project v`, [loaded]);
      assert.deepEqual(
        beside(
          table,
          got.map(([value]) => value),
        ),
        beside(table, ofCell),
      );
    });
  });
}

describe('a value as text', () => {
  const TICKS_2024 = 638_396_640_000_000_000n;
  const written: readonly (readonly [KqlType, bigint, engine: string, store: string])[] = [
    ['datetime', 0n, '0001-01-01T00:00:00.0000000Z', '0001-01-01T00:00:00Z'],
    ['datetime', 1n, '0001-01-01T00:00:00.0000001Z', '0001-01-01T00:00:00.0000001Z'],
    ['datetime', TICKS_2024, '2024-01-01T00:00:00.0000000Z', '2024-01-01T00:00:00Z'],
    ['datetime', TICKS_2024 + 5_000_000n, '2024-01-01T00:00:00.5000000Z', '2024-01-01T00:00:00.5Z'],
    ['datetime', TICKS_2024 - 1n, '2023-12-31T23:59:59.9999999Z', '2023-12-31T23:59:59.9999999Z'],
    ['datetime', 3_155_378_975_999_999_999n, '9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    ['timespan', 0n, '00:00:00', '00:00:00'],
    ['timespan', 1n, '00:00:00.0000001', '00:00:00.0000001'],
    ['timespan', 936_000_000_000n, '1.02:00:00', '1.02:00:00'],
    ['timespan', -5_000_000n, '-00:00:00.5000000', '-00:00:00.5000000'],
  ];
  it('of a time range, beside a query: every millisecond is the one that was written', () => {
    for (const [text, iso] of [
      ['2026-01-31', '2026-01-31T00:00:00.000Z'],
      ['2026-01-31 14:00:00.123', '2026-01-31T14:00:00.123Z'],
      ['2026-01-31T14:00:00.1239999+02:00', '2026-01-31T12:00:00.123Z'],
      ['1969-12-31T23:59:59.9995', '1969-12-31T23:59:59.999Z'],
    ] as const) {
      assert.equal(parseTime(text), iso);
      assert.deepEqual(parseTimespanOption(`${text}/2100-01-01`), {
        kind: 'between',
        from: iso,
        to: '2100-01-01T00:00:00.000Z',
      });
    }
    assert.deepEqual(parseTimespan('2026-01-31T14:00:00.123/2026-01-31 14:00:00.124', 0), {
      from: 1_769_868_000_123,
      to: 1_769_868_000_124,
    });
  });
  it('of the engine: tostring() and its answers', async () => {
    for (const [type, ticks, text] of written) {
      const to = type === 'datetime' ? 'todatetime' : 'totimespan';
      const [constant] = await rows(`print a = tostring(${to}(${ticks})), b = ${to}(${ticks})`);
      assert.deepEqual(constant, [text, text]);
      const [column] = await rows(`datatable(t: long)[${ticks}] | project a = tostring(${to}(t)), b = ${to}(t)`);
      assert.deepEqual(column, [text, text]);
    }
  });
  it('of the store: cells, and what its filters look at in SQL', async () => {
    const database = await Database.open({ memoryLimitMb: 64, tempDirectory: '' });
    try {
      const session = await database.connect();
      for (const macro of TEXT_MACROS) await session.run(macro);
      for (const [type, ticks, , text] of written) {
        assert.equal(toViewCell(type, ticks), text);
        const macro = type === 'datetime' ? 'iso_text' : 'span_text';
        assert.equal((await session.all(`SELECT ${macro}((${ticks})::BIGINT)`))[0]?.[0], text);
      }
      const digits = [1, 1.5, 9.007199254740993, 1.2345678901234567, 9.999999999999999];
      const reals = [
        0,
        -0,
        0.1,
        1e16,
        123456789012345680000,
        Number.NaN,
        Infinity,
        -Infinity,
        5e-324,
        1.7976931348623157e308,
      ];
      for (let power = -12; power <= 24; power++)
        for (const digit of digits) reals.push(digit * 10 ** power, -digit * 10 ** power);
      for (const real of reals)
        assert.equal(
          (await session.all('SELECT real_text(?::DOUBLE)', [String(real)]))[0]?.[0],
          String(real),
          `${real}`,
        );
    } finally {
      await database.close();
    }
  });
  it('reals have a point or an exponent, and their own names for what is no number', async () => {
    const [got] = await rows(
      'print a = tostring(1.0), b = tostring(1e30), c = tostring(real(nan)), d = tostring(real(-inf)), e = tostring(0.1), f = dynamic([1.0])',
    );
    assert.deepEqual(got, ['1.0', '1e30', 'NaN', '-Infinity', '0.1', '[1.0]']);
  });
});
