import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { EmitContext, SqlExpr } from '../../../src/engine/functions/contract.ts';
import type { LiteralValue } from '../../../src/kql/literal.ts';
import { scriptCall } from '../../../src/engine/functions/define.ts';
import { findScalar } from '../../../src/engine/functions/registry.ts';
import { SQL } from '../../../src/engine/sql/expression.ts';
import { select } from '../../../src/engine/sql/statement.ts';
import { Bench, column, datetime, dyn, long, NULL, real, span, str, ticks, timespan, value } from './evaluate.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

const CONTEXT: EmitContext = {
  now: 0n,
  js: (fn, ...args) => scriptCall(fn, args),
  convert: (expr) => expr,
  refuse: (what) => {
    throw new Error(what);
  },
};
const MIN = -(2n ** 63n),
  MAX = 2n ** 63n - 1n;

test('null equals null is null, null equals a value is false, and the other way round for !=', async () => {
  for (const type of ['bool', 'int', 'long', 'real', 'datetime', 'timespan', 'guid', 'dynamic'] as const) {
    const some: LiteralValue =
      type === 'bool' ? true : type === 'real' ? 1.5 : type === 'guid' ? 'a' : type === 'dynamic' ? '{"a":1}' : 7n;
    for (const make of [value, column]) {
      assert.equal(await bench.scalar('==', [column(type, null), column(type, null)], 'bool'), null, type);
      assert.equal(await bench.scalar('==', [column(type, null), make(type, some)], 'bool'), false, type);
      assert.equal(await bench.scalar('!=', [make(type, some), column(type, null)], 'bool'), true, type);
      assert.equal(await bench.scalar('!=', [column(type, null), column(type, null)], 'bool'), null, type);
      assert.equal(await bench.scalar('==', [make(type, some), make(type, some)], 'bool'), true, type);
    }
  }
  assert.equal(await bench.scalar('==', [str(''), str('')], 'bool'), true, 'a string is never null');
});

test('an ordering with null is null; NaN stands in no relation', async () => {
  assert.equal(await bench.scalar('<', [column('long', null), long(1)], 'bool'), null);
  const nan = column('real', Number.NaN);
  for (const op of ['<', '<=', '>', '>=', '==']) {
    assert.equal(await bench.scalar(op, [nan, real(1)], 'bool'), false, op);
    assert.equal(await bench.scalar(op, [column('real', 1), nan], 'bool'), false, op);
    assert.equal(await bench.scalar(op, [nan, nan], 'bool'), false, op);
  }
  assert.equal(await bench.scalar('!=', [nan, nan], 'bool'), true);
});

test('filters take null for false and agree with the whole form otherwise', async () => {
  const cells: LiteralValue[] = [null, 1n, 2n];
  for (const a of cells)
    for (const b of cells) {
      for (const op of ['==', '!=']) {
        const args = [column('long', a), column('long', b)];
        assert.equal(
          (await bench.filter(op, args)) === true,
          (await bench.scalar(op, args, 'bool')) === true,
          `${a} ${op} ${b}`,
        );
      }
    }
});

test('whole numbers divide towards zero, wrap at 64 bits and have no answer by zero', async () => {
  const cases: [string, bigint, bigint, bigint | null][] = [
    ['/', 7n, 2n, 3n],
    ['/', -7n, 2n, -3n],
    ['/', 1n, 0n, null],
    ['/', MIN, -1n, MIN],
    ['+', MAX, 1n, MIN],
    ['-', MIN, 1n, MAX],
    ['*', MAX, 2n, -2n],
    ['*', MIN, MIN, 0n],
    ['%', 14n, 12n, 2n],
    ['%', -14n, 12n, 10n],
    ['%', 14n, -12n, 2n],
    ['%', -14n, -12n, 10n],
    ['%', 5n, 0n, null],
    ['%', MIN, MAX, MAX - 1n],
    ['%', MAX, MAX, 0n],
  ];
  for (const [op, a, b, want] of cases) {
    assert.equal(await bench.scalar(op, [column('long', a), column('long', b)], 'long'), want, `${a} ${op} ${b}`);
    assert.equal(await bench.scalar(op, [column('long', a), long(b)], 'long'), want, `${a} ${op} ${b}, constant`);
  }
  assert.equal(await bench.scalar('+', [column('int', 2147483647n), column('int', 1n)], 'int'), -2147483648);
  assert.equal(await bench.scalar('neg', [column('long', MIN)], 'long'), MIN);
});

test('reals follow IEEE, decimals are exact', async () => {
  assert.equal(await bench.scalar('/', [real(1), column('long', 0n)], 'real'), Infinity);
  assert.ok(Number.isNaN(await bench.scalar('/', [column('real', 0), column('real', 0)], 'real')));
  assert.equal(await bench.scalar('+', [value('decimal', '0.1'), column('decimal', '0.2')], 'decimal'), '0.3');
  assert.equal(
    await bench.scalar('/', [column('decimal', '1'), column('decimal', '3')], 'decimal'),
    `0.${'3'.repeat(34)}`,
  );
  assert.equal(
    await bench.scalar('<', [column('decimal', '9'), column('decimal', '10')], 'bool'),
    true,
    'by value, not as text',
  );
  assert.equal(await bench.scalar('==', [column('decimal', '1.50'), column('real', 1.5)], 'bool'), true);
});

test('datetimes and timespans', async () => {
  assert.equal(
    await bench.scalar('-', [datetime('2024-03-01'), column('datetime', ticks('2024-02-28'))], 'timespan'),
    span('2d'),
  );
  assert.equal(
    await bench.scalar('+', [column('datetime', ticks('2024-02-28')), timespan('1.5d')], 'datetime'),
    ticks('2024-02-29 12:00'),
  );
  assert.equal(
    await bench.scalar('-', [column('datetime', ticks('0001-01-01')), timespan('1s')], 'datetime'),
    null,
    'before year 1 is nothing',
  );
  assert.equal(await bench.scalar('*', [timespan('1h'), real(1.5)], 'timespan'), span('90m'));
  assert.equal(await bench.scalar('/', [timespan('1h'), column('timespan', span('30m'))], 'real'), 2);
  assert.equal(await bench.scalar('/', [timespan('1h'), long(4)], 'timespan'), span('15m'));
  assert.equal(await bench.scalar('%', [timespan('-1h'), timespan('45m')], 'timespan'), span('30m'));
});

test('dynamic operands take the type of the other side', async () => {
  assert.equal(await bench.scalar('==', [dyn({}), str('{}')], 'bool'), true);
  assert.equal(await bench.scalar('==', [column('dynamic', '"a"'), str('a')], 'bool'), true);
  assert.equal(await bench.scalar('>', [column('dynamic', '5'), long(4)], 'bool'), true);
  assert.equal(await bench.scalar('+', [column('dynamic', '5'), long(4)], 'long'), 9n);
  assert.equal(
    await bench.scalar('==', [column('bool', true), column('string', 'True')], 'bool'),
    true,
    '_IsBillable == "True"',
  );
});

test('and, or, not in three values', async () => {
  const bool = (v: boolean | null) => column('bool', v);
  assert.equal(await bench.scalar('and', [bool(null), bool(false)], 'bool'), false);
  assert.equal(await bench.scalar('and', [bool(null), bool(true)], 'bool'), null);
  assert.equal(await bench.scalar('or', [bool(null), bool(true)], 'bool'), true);
  assert.equal(await bench.scalar('not', [bool(null)], 'bool'), null);
});

test('terms end where letters and digits end', async () => {
  const cases: [string, string, string, boolean][] = [
    ['has', 'abc def', 'ABC', true],
    ['has', 'abcdef', 'abc', false],
    ['has', 'abc_def', 'abc', true],
    ['has', 'x/admin', '/admin', true],
    ['has', 'x/administrator', '/admin', false],
    ['has', 'naïve', 'na', false],
    ['has', 'a', '', true],
    ['has_cs', 'North America', 'america', false],
    ['hasprefix', 'North America', 'ame', true],
    ['hasprefix', 'North America', 'merica', false],
    ['hassuffix', 'North America', 'ICA', true],
    ['hassuffix', 'North America', 'ame', false],
    ['contains', 'Abc', 'BC', true],
    ['contains_cs', 'Abc', 'BC', false],
    ['startswith', 'Abc', 'aB', true],
    ['endswith_cs', 'Abc', 'BC', false],
    ['!has', 'abcdef', 'abc', true],
    ['!contains', 'x', 'y', true],
    ['has', 'a.b+c', 'b+c', true],
    ['has', 'abc abcd abc', 'abcd', true],
    ['has', 'abcabc abc', 'abc', true],
  ];
  for (const [op, text, needle, want] of cases) {
    assert.equal(
      await bench.scalar(op, [column('string', text), str(needle)], 'bool'),
      want,
      `'${text}' ${op} '${needle}'`,
    );
    assert.equal(
      await bench.scalar(op, [column('string', text), column('string', needle)], 'bool'),
      want,
      `'${text}' ${op} '${needle}' of the row`,
    );
  }
});

test('has_any, has_all and has_any_index over literals and arrays', async () => {
  const text = column('string', 'the quick brown fox');
  assert.equal(await bench.scalar('has_any', [text, str('slow'), str('FOX')], 'bool'), true);
  assert.equal(await bench.scalar('has_any', [text, dyn(['slow', 'bro'])], 'bool'), false);
  assert.equal(await bench.scalar('has_any', [text, dyn(['a', 'b', 'c', 'd', 'quick'])], 'bool'), true);
  assert.equal(await bench.scalar('has_any', [text, column('dynamic', '["slow","quick"]')], 'bool'), true);
  assert.equal(await bench.scalar('has_all', [text, dyn(['quick', 'fox'])], 'bool'), true);
  assert.equal(await bench.scalar('has_all', [text, str('quick'), str('dog')], 'bool'), false);
  assert.equal(await bench.scalar('has_any_index', [text, dyn(['dog', 'fox'])], 'long'), 1n);
});

test('membership: null is in nothing, arrays are taken apart', async () => {
  assert.equal(await bench.scalar('in', [column('long', null), long(1)], 'bool'), false);
  assert.equal(await bench.scalar('!in', [column('long', null), long(1)], 'bool'), true);
  assert.equal(await bench.scalar('in', [column('string', 'a'), str('A'), str('a')], 'bool'), true);
  assert.equal(await bench.scalar('in~', [column('string', 'a'), dyn(['B', 'A'])], 'bool'), true);
  assert.equal(await bench.scalar('in', [column('long', 2n), dyn([1, 2])], 'bool'), true);
  assert.equal(await bench.scalar('in', [column('long', 2n), column('dynamic', '[1,2]')], 'bool'), true);
  assert.equal(await bench.scalar('!in~', [column('string', 'x'), column('dynamic', '["X"]')], 'bool'), false);
  assert.equal(await bench.scalar('=~', [column('string', 'ABC'), str('abc')], 'bool'), true);
});

test('between holds both ends; a datetime may end a timespan later', async () => {
  const inside = (type: KqlType, x: LiteralValue, low: LiteralValue, high: LiteralValue) =>
    bench.scalar('between', [column(type, x), value(type, low), value(type, high)], 'bool');
  assert.equal(await inside('long', 5n, 5n, 9n), true);
  assert.equal(await inside('long', 10n, 5n, 9n), false);
  assert.equal(
    await bench.scalar(
      'between',
      [column('datetime', ticks('2024-01-02')), datetime('2024-01-01'), timespan('1d')],
      'bool',
    ),
    true,
  );
  assert.equal(await bench.scalar('!between', [column('long', null), long(1), long(2)], 'bool'), null);
});

test('paths and elements: a JSON null is no value, steps in a row are one path', async () => {
  const bag = column('dynamic', '{"a":{"b":[10,null,"x"]},"odd \\"key":1,"a.b":2}');
  const step = async (of: typeof bag, key: Parameters<typeof dyn>[0] | typeof bag) =>
    bench.scalar(
      'path',
      [of, typeof key === 'object' && key !== null && 'sql' in key ? (key as typeof bag) : str(String(key))],
      'dynamic',
    );
  assert.equal(await step(bag, 'a'), '{"b":[10,null,"x"]}');
  assert.equal(await step(bag, 'a.b'), '2', 'a key with a dot is one key');
  assert.equal(await step(bag, 'odd "key'), '1');
  const list = column('dynamic', '[10,null,"x"]');
  assert.equal(await bench.scalar('element', [list, long(0)], 'dynamic'), '10');
  assert.equal(await bench.scalar('element', [list, long(1)], 'dynamic'), null);
  assert.equal(await bench.scalar('element', [list, long(-1)], 'dynamic'), '"x"');
  assert.equal(await bench.scalar('element', [list, column('long', 2n)], 'dynamic'), '"x"');
  assert.equal(await bench.scalar('element', [list, long(9)], 'dynamic'), null);
  assert.equal(await bench.scalar('isempty', [NULL('dynamic')], 'bool'), true);
});

test('operands may be aggregates and subqueries, as deep as one likes', async () => {
  const max = { sql: SQL`max(c)`, type: 'long' } as const,
    sub = { sql: select({ items: [SQL`7::BIGINT`] }), type: 'long' } as const;
  const from = 'FROM (VALUES (1::BIGINT), (5::BIGINT)) t(c)';
  for (const [op, want] of [
    ['+', 12n],
    ['-', -2n],
    ['*', 35n],
    ['/', 0n],
    ['%', 5n],
  ] as const)
    assert.equal(await bench.scalar(op, [max, sub], 'long', from), want, op);
  assert.equal(await bench.scalar('==', [max, sub], 'bool', from), false);
  let nested: SqlExpr = max;
  for (let i = 0; i < 12; i++)
    nested = { sql: findScalar('+')!.emit([nested, long(i)], CONTEXT, 'long'), type: 'long' };
  assert.ok(nested.sql.size < 10_000, `${nested.sql.size} characters: no operand is repeated`);
  assert.equal(await bench.scalar('+', [nested, long(1)], 'long', from), 5n + 66n + 1n);
});
