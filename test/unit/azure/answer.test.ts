import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, readRows } from '../../../src/azure/logs/answer.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { findBareCells } from '../../../src/azure/logs/bareCells.ts';

const one = (columns: [string, string][], rows: string, rest = '') =>
  readAnswer(
    `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns.map(([name, type]) => ({ name, type })))},"rows":${rows}}]${rest}}`,
  );

test('every type comes as the model says', () => {
  const { tables } = one(
    [
      ['b', 'bool'],
      ['i', 'int'],
      ['l', 'long'],
      ['r', 'real'],
      ['d', 'decimal'],
      ['s', 'string'],
      ['t', 'datetime'],
      ['ts', 'timespan'],
      ['g', 'guid'],
      ['dyn', 'dynamic'],
    ],
    '[[true,1,2,0.5,"12.345678901234567890","x","2026-11-22T08:00:00.1234567Z","1.02:03:04.5","00000000-0000-0000-0000-000000000001","{\\"a\\":1}"],[null,null,null,"NaN",null,null,null,null,null,null],[1,1,3,"-Infinity",7,"",null,null,null,{"a":[1,null]}]]',
  );
  assert.deepEqual(tables[0]?.rows, [
    [
      true,
      1,
      2,
      0.5,
      '12.345678901234567890',
      'x',
      '2026-11-22T08:00:00.1234567Z',
      '1.02:03:04.5',
      '00000000-0000-0000-0000-000000000001',
      '{"a":1}',
    ],
    [null, null, null, 'NaN', null, '', null, null, null, null],
    [true, 1, 3, '-Infinity', '7', '', null, null, null, '{"a":[1,null]}'],
  ]);
});

test('longs beyond 2^53 are exact, and nothing else changes', () => {
  const { tables } = one(
    [
      ['s', 'string'],
      ['l', 'long'],
      ['r', 'real'],
      ['m', 'long'],
    ],
    '[["9007199254740993 and [9007199254740995,",9007199254740993,1e300,9007199254740992],["\\\\\\"9007199254740997",-9223372036854775808,12345678901234567890,5],["",9223372036854775807,-1.5E+20,null]]',
    ',"statistics":{"query":{"ticks":9007199254740999}}',
  );
  assert.deepEqual(tables[0]?.rows, [
    ['9007199254740993 and [9007199254740995,', 9007199254740993n, 1e300, 9007199254740992n],
    ['\\"9007199254740997', -9223372036854775808n, Number('12345678901234567890'), 5],
    ['', 9223372036854775807n, -1.5e20, null],
  ]);
});

test('large numbers of other parts of the answer, before or after the tables, do not get in the way', () => {
  const body =
    '{"statistics":{"tables":[9007199254740999]},"x":["tables",9007199254740998],"tables":[{"columns":[{"name":"l","type":"long"}],"rows":[[9007199254740993]]}],"render":{"y":9007199254740997}}';
  assert.deepEqual(findBareCells(body, 'answer'), ['9007199254740993']);
  assert.deepEqual(readAnswer(body).tables[0]?.rows, [[9007199254740993n]]);
});

test('a dynamic, a decimal or a string that comes as bare JSON keeps its digits and the order of its keys', () => {
  const rows = String.raw`[[{"b": 9007199254740993, "1" : [1.10, 1e400, "a \" {\u0041 9007199254740995"]},12345678901234567890.10,9007199254740993,1],[ 1.10 , 7.0,[ 1, 2 ],9007199254740993],[{"OneApiErrors":[9007199254740999]},null,"x",null]]`;
  const want = [
    [
      String.raw`{"b":9007199254740993,"1":[1.10,1e400,"a \" {A 9007199254740995"]}`,
      '12345678901234567890.10',
      '9007199254740993',
      1,
    ],
    ['1.10', '7.0', '[1,2]', 9007199254740993n],
    ['{"OneApiErrors":[9007199254740999]}', null, 'x', null],
  ];
  const columns: [string, string][] = [
    ['o', 'dynamic'],
    ['d', 'decimal'],
    ['s', 'string'],
    ['l', 'long'],
  ];
  assert.deepEqual(one(columns, rows, ',"statistics":{"rows":[[9007199254740997,{"x":1}]]}').tables[0]?.rows, want);
  assert.deepEqual(
    readRows(
      rows,
      columns.map(([name, type]) => ({ name, type }) as Column),
    ),
    want,
  );
});

test('an empty body is an answer without tables', () => {
  assert.deepEqual(readAnswer(''), { tables: [], bytes: 0 });
  assert.deepEqual(readAnswer(' \r\n').tables, []);
});

test('a body that is cut off or is no answer is refused', () => {
  for (const body of ['{"tables":[{"name":"Pri', '<html></html>', '[]', 'null', '{"hello":1}'])
    assert.throws(() => readAnswer(body), SyntaxError, body);
});

test('duplicate column names stay as they came', () => {
  assert.deepEqual(
    one(
      [
        ['a', 'long'],
        ['a', 'string'],
      ],
      '[[1,"x"]]',
    ).tables[0]?.columns,
    [
      { name: 'a', type: 'long' },
      { name: 'a', type: 'string' },
    ],
  );
});

test('partial says partial and keeps the rows; render keeps what was set', () => {
  const answer = one(
    [['a', 'long']],
    '[[1]]',
    ',"error":{"code":"PartialError","message":"m","details":[{"code":"EngineError","innererror":{"code":"-2133196797","message":"E_QUERY_RESULT_SET_TOO_LARGE (64000000 bytes)","severity":2,"severityName":"Error"}}]},"render":{"visualization":"timechart","title":null,"yMin":"NaN","yMax":5,"series":null,"yColumns":["a","b"],"legend":"","kind":"stacked","accumulate":false}',
  );
  assert.equal(answer.partial?.code, 'query.truncated');
  assert.deepEqual(answer.tables[0]?.rows, [[1]]);
  assert.deepEqual(answer.render, { visualization: 'timechart', kind: 'stacked', yColumns: ['a', 'b'], yMax: 5 });
});

test('bytes are bytes, not characters', () => {
  assert.equal(one([['a', 'string']], '[["ä"]]').bytes, one([['a', 'string']], '[["ab"]]').bytes);
});
