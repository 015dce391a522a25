import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jsonText, parseJson } from '../../../src/engine/functions/json.ts';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { PhysicalValue, SqlExpr } from '../../../src/engine/functions/contract.ts';
import type { LiteralValue } from '../../../src/kql/literal.ts';
import { printSql } from '../../../src/engine/sql/expression.ts';
import { Bench, column, datetime, dyn, long, NULL, real, span, str, ticks, timespan, value } from './evaluate.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

async function all(cases: readonly (readonly [string, readonly SqlExpr[], PhysicalValue, KqlType?])[]): Promise<void> {
  for (const [name, args, want, type = 'dynamic'] of cases)
    assert.equal(
      await bench.scalar(name, args, type),
      want,
      `${name}(${args.map((arg) => printSql(arg.sql)).join(', ')})`,
    );
}

test('JSON keeps what JavaScript would lose: longs, the point of reals, the order of keys', () => {
  const text = '{"2":9223372036854775807,"1":[1.0,-0.5,1e30,"\\u00e9\\n"],"e":{},"n":null}';
  assert.equal(
    jsonText(parseJson(text) ?? null),
    '{"2":9223372036854775807,"1":[1.0,-0.5,1e30,"é\\n"],"e":{},"n":null}',
  );
  for (const bad of [
    '',
    '{',
    '[1,]',
    '{"a":NaN}',
    "{'a':1}",
    '01',
    '1 2',
    '"a',
    'nul',
    `${'['.repeat(600)}${']'.repeat(600)}`,
  ])
    assert.equal(parseJson(bad), undefined, bad.slice(0, 20));
});

test('parse_json: what is no JSON is a string, nothing is null', () =>
  all([
    ['parse_json', [str(' { "a" : 1.50 } ')], '{"a":1.5}'],
    ['parse_json', [str('abc')], '"abc"'],
    ['parse_json', [str('')], null],
    ['parse_json', [str('null')], null],
    ['parse_json', [column('string', '[1,]')], '"[1,]"'],
    ['parse_json', [column('string', '[NaN]')], '"[NaN]"'],
    ['parse_json', [dyn('"{}"')], '"{}"'],
    ['extract_json', [str("$.a[1]['b c']"), str('{"a":[0,{"b c":7}]}')], '7', 'string'],
    ['dynamic_to_json', [dyn('{"b":1,"a":{"d":1,"c":2}}')], '{"a":{"c":2,"d":1},"b":1}', 'string'],
  ]));

test('conversions: null where they fail, whole parts, ticks', async () => {
  const cases: readonly (readonly [KqlType, LiteralValue, KqlType, PhysicalValue])[] = [
    ['string', '12', 'long', 12n],
    ['string', ' 0x1F ', 'long', 31n],
    ['string', '1.5', 'long', null],
    ['string', '9223372036854775808', 'long', null],
    ['string', '3000000000', 'int', null],
    ['string', '1e3', 'real', 1000],
    ['string', 'TRUE', 'bool', true],
    ['string', '2', 'bool', true],
    ['string', 'yes', 'bool', null],
    ['string', '{74be27DE-1e4e-49d9-b579-fe0b331d3642}', 'guid', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['string', '1.02:03:04', 'timespan', span('1.02:03:04')],
    ['real', -2.7, 'long', -2n],
    ['real', Number.NaN, 'long', null],
    ['real', 2.5, 'string', '2.5'],
    ['real', 1, 'string', '1.0'],
    ['long', 5n, 'bool', true],
    ['bool', true, 'string', 'True'],
    ['bool', null, 'string', ''],
    ['long', 3000000000n, 'int', -1294967296],
    ['datetime', 621355968000000000n, 'long', 621355968000000000n],
    ['long', 621355968000000000n, 'datetime', ticks('1970-01-01')],
    ['long', -1n, 'datetime', null],
    ['decimal', '2.50', 'real', 2.5],
    ['decimal', '-2.5', 'long', -2n],
    ['real', 0.1, 'decimal', '0.1'],
    ['dynamic', '"7"', 'long', 7n],
    ['dynamic', '2.7', 'long', 2n],
    ['dynamic', 'true', 'long', 1n],
    ['dynamic', '{"a":1.0}', 'string', '{"a":1.0}'],
    ['dynamic', '"x"', 'string', 'x'],
    ['dynamic', null, 'string', ''],
    ['dynamic', '"2024-01-02"', 'datetime', ticks('2024-01-02')],
    ['dynamic', '[1]', 'long', null],
    ['dynamic', '"1.5"', 'real', 1.5],
    ['dynamic', '-3', 'real', -3],
    ['string', 'a"b', 'dynamic', '"a\\"b"'],
    ['real', Number.POSITIVE_INFINITY, 'dynamic', '"Infinity"'],
    ['real', 2, 'dynamic', '2.0'],
    ['timespan', span('1h'), 'dynamic', '"01:00:00"'],
  ];
  const names: Record<KqlType, string> = {
    bool: 'tobool',
    int: 'toint',
    long: 'tolong',
    real: 'todouble',
    decimal: 'todecimal',
    string: 'tostring',
    datetime: 'todatetime',
    timespan: 'totimespan',
    guid: 'toguid',
    dynamic: 'coalesce',
  };
  for (const [from, literal, to, want] of cases) {
    for (const make of [value, column])
      assert.equal(await bench.scalar(names[to], [make(from, literal)], to), want, `${names[to]}(${from} ${literal})`);
  }
});

test('arrays', () =>
  all([
    ['array_length', [dyn([1, 'a'])], 2n, 'long'],
    ['array_length', [dyn({ a: 1 })], null, 'long'],
    ['array_concat', [dyn([1]), dyn([2, 3])], '[1,2,3]'],
    ['array_reverse', [dyn([1, 2])], '[2,1]'],
    ['array_rotate_left', [dyn([1, 2, 3]), long(-1)], '[3,1,2]'],
    ['array_rotate_right', [dyn([1, 2, 3]), long(4)], '[3,1,2]'],
    ['array_shift_left', [dyn([1, 2, 3]), long(2), long(0)], '[3,0,0]'],
    ['array_shift_right', [dyn([1, 2, 3]), long(1)], '[null,1,2]'],
    ['array_slice', [dyn([1, 2, 3, 4]), long(1), long(2)], '[2,3]'],
    ['array_slice', [dyn([1, 2, 3, 4]), long(-3), long(-2)], '[2,3]'],
    ['array_split', [dyn([1, 2, 3, 4, 5]), dyn([1, -2])], '[[1],[2,3],[4,5]]'],
    ['array_index_of', [dyn(['a', 'b', 'a']), str('a'), long(1)], 2n, 'long'],
    ['array_index_of', [dyn([1]), str('1')], -1n, 'long'],
    ['array_sum', [dyn([1, 2.5])], 3.5, 'real'],
    ['array_iff', [dyn([true, 0, null]), str('y'), dyn([1, 2, 3])], '["y",2,null]'],
    ['array_sort_asc', [dyn([3, 'b', null, 1.5, 'a'])], '[1.5,3,"a","b",null]'],
    ['array_sort_desc', [dyn([1, null, 2]), value('bool', false)], '[null,2,1]'],
    ['array_sort_asc', [dyn([2, 1]), dyn(['a', 'b']), dyn(['x'])], '[[1,2],["b","a"],null]'],
    ['zip', [dyn([1, 2]), dyn(['a'])], '[[1,"a"],[2,null]]'],
    ['repeat', [str('a'), long(2)], '["a","a"]'],
    ['range', [long(1), long(8), long(3)], '[1,4,7]'],
    ['range', [long(3), long(1), long(-1)], '[3,2,1]'],
    ['range', [real(0), real(1), real(0.5)], '[0.0,0.5,1.0]'],
    ['range', [timespan('1h'), timespan('3h')], '["01:00:00","02:00:00","03:00:00"]'],
    [
      'range',
      [datetime('2024-01-01'), datetime('2024-01-02'), timespan('1d')],
      '["2024-01-01T00:00:00.0000000Z","2024-01-02T00:00:00.0000000Z"]',
    ],
  ]));

test('bags', () =>
  all([
    [
      'bag_pack',
      [str('a"b'), long(1), str('n'), NULL('long'), str('s'), column('string', '')],
      '{"a\\"b":1,"n":null,"s":""}',
    ],
    ['pack_array', [long(1), timespan('2s'), dyn({ a: 1 })], '[1,"00:00:02",{"a":1}]'],
    ['pack_array', [], '[]'],
    ['bag_keys', [dyn({ b: 1, a: 2 })], '["b","a"]'],
    ['bag_keys', [dyn([])], null],
    ['bag_has_key', [dyn({ a: { b: null } }), str('$.a.b')], true, 'bool'],
    ['bag_merge', [dyn({ a: 1 }), dyn({ a: 2, b: 3 })], '{"a":1,"b":3}'],
    ['bag_remove_keys', [dyn({ a: 1, b: { c: 1, d: 2 } }), dyn(['a', '$.b.c', 'z'])], '{"b":{"d":2}}'],
    ['bag_set_key', [dyn({ a: 1 }), str('$.b.c'), long(2)], '{"a":1,"b":{"c":2}}'],
    ['bag_zip', [dyn(['a', 1, 'b']), dyn([1])], '{"a":1,"b":null}'],
    ['treepath', [dyn({ l: [1, { x: 'y' }], m: 1 })], "[\"['l']\",\"['l'][0]\",\"['l'][0]['x']\",\"['m']\"]"],
    ['gettype', [dyn({ a: 1 })], 'dictionary', 'string'],
    ['gettype', [real(1)], 'real', 'string'],
  ]));

test('sets compare by value', () =>
  all([
    ['set_union', [dyn([1, 2, 2]), dyn([2, 3])], '[1,2,3]'],
    ['set_intersect', [dyn([1, 2, 1]), dyn([2, 1])], '[1,2]'],
    ['set_difference', [dyn([1, 2, 3, 3]), dyn([1])], '[2,3]'],
    ['set_has_element', [dyn([{ a: 1, b: 2 }]), dyn('{"b":2,"a":1}')], true, 'bool'],
    ['set_equals', [dyn([1, 2]), dyn([2, 1, 1])], true, 'bool'],
    ['jaccard_index', [dyn([1, 2, 3]), dyn([1, 2, 3, 4])], 0.75, 'real'],
  ]));
