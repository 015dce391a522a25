import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { LiteralValue } from '../../../src/kql/literal.ts';
import { findAggregate } from '../../../src/engine/functions/registry.ts';
import { Bench, dyn, long, real, span, ticks } from './evaluate.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

const over = (
  name: string,
  type: KqlType,
  cells: readonly LiteralValue[],
  result: KqlType = type,
  constants = [] as Parameters<Bench['aggregate']>[3],
) =>
  bench.aggregate(
    name,
    [type],
    cells.map((cell) => [cell]),
    constants,
    result,
  );

test('nothing at all: counts and sums are 0, an average is NaN, lists are empty, the rest is null', async () => {
  for (const [name, want, result] of [
    ['count', 0n, 'long'],
    ['sum', 0n, 'long'],
    ['dcount', 0n, 'long'],
    ['min', null, 'long'],
    ['stdev', 0, 'real'],
    ['make_list', '[]', 'dynamic'],
    ['make_set', '[]', 'dynamic'],
    ['take_any', null, 'long'],
  ] as const) {
    assert.equal(await over(name, 'long', [], result), want, name);
  }
  assert.ok(Number.isNaN(await over('avg', 'long', [], 'real')));
  assert.equal(await over('max', 'string', [], 'string'), '');
});

test('nulls are passed over', async () => {
  const cells = [4n, null, 1n, 4n];
  for (const [name, want, result] of [
    ['count', 4n, 'long'],
    ['sum', 9n, 'long'],
    ['avg', 3, 'real'],
    ['min', 1n, 'long'],
    ['max', 4n, 'long'],
    ['dcount', 2n, 'long'],
    ['make_list', '[4,1,4]', 'dynamic'],
    ['make_set', '[4,1]', 'dynamic'],
    ['make_list_with_nulls', '[4,null,1,4]', 'dynamic'],
    ['take_any', 4n, 'long'],
  ] as const) {
    assert.equal(await over(name, 'long', cells, result), want, name);
  }
});

test('predicates', async () => {
  const rows = [
    [1n, true],
    [2n, false],
    [3n, null],
    [5n, true],
  ] as const;
  for (const [name, want, result] of [
    ['sumif', 6n, 'long'],
    ['avgif', 3, 'real'],
    ['maxif', 5n, 'long'],
    ['dcountif', 2n, 'long'],
    ['make_list_if', '[1,5]', 'dynamic'],
    ['variancepif', 4, 'real'],
  ] as const) {
    assert.equal(await bench.aggregate(name, ['long', 'bool'], rows, [], result), want, name);
  }
  assert.equal(
    await bench.aggregate(
      'countif',
      ['bool'],
      rows.map(([, p]) => [p]),
    ),
    2n,
  );
});

test('sums wrap, ticks are averaged exactly, decimals stay exact', async () => {
  assert.equal(await over('sum', 'long', [2n ** 63n - 1n, 1n]), -(2n ** 63n));
  assert.equal(
    await over('avg', 'datetime', [ticks('2024-01-01'), ticks('2024-01-01 00:00:00.0000003')]),
    ticks('2024-01-01 00:00:00.0000001'),
  );
  assert.equal(await over('sum', 'timespan', [span('1h'), span('30m')]), span('90m'));
  assert.equal(await over('sum', 'decimal', ['0.1', '0.2']), '0.3');
  assert.equal(await over('max', 'decimal', ['9', '10']), '10');
});

test('spread', async () => {
  const cells = [1n, 2n, 3n, 4n, 5n];
  for (const [name, want] of [
    ['variance', 2.5],
    ['variancep', 2],
    ['stdevp', Math.SQRT2],
  ] as const)
    assert.equal(await over(name, 'long', cells, 'real'), want, name);
  assert.equal(
    await bench.aggregate(
      'covariance',
      ['real', 'real'],
      [
        [1, 14],
        [2, 10],
        [3, 17],
        [4, 20],
        [5, 50],
      ],
      [],
      'real',
    ),
    20.5,
  );
});

test('percentiles are values by nearest rank, also with weights', async () => {
  const cells = Array.from({ length: 15 }, (_, i) => BigInt(i + 1));
  for (const [percentage, want] of [
    [0, 1n],
    [10, 2n],
    [50, 8n],
    [95, 15n],
    [100, 15n],
  ] as const)
    assert.equal(await over('percentile', 'long', cells, 'long', [long(percentage)]), want, `${percentage}`);
  assert.equal(await over('percentiles_array', 'long', cells, 'dynamic', [dyn([10, 50])]), '[2,8]');
  const weighted = [
    [10n, 8n],
    [20n, 6n],
    [30n, 3n],
    [40n, 1n],
  ] as const;
  assert.equal(
    await bench.aggregate(
      'percentilesw_array',
      ['long', 'long'],
      weighted,
      [long(50), long(75), real(99.9)],
      'dynamic',
    ),
    '[20,20,40]',
  );
  assert.ok(findAggregate('percentiles')?.columns);
});

test('lists and sets of arrays take their elements; limits count', async () => {
  const cells = ['["a","b"]', '["b",1.0]', null, '"c"'];
  assert.equal(await over('make_list', 'dynamic', cells), '["a","b","b",1.0,null,"c"]');
  assert.equal(await over('make_set', 'dynamic', cells), '["a","b",1.0,"c"]');
  assert.equal(await over('make_list', 'string', ['x', '', 'y'], 'dynamic', [long(2)]), '["x",""]');
  assert.equal(
    await over('make_list', 'datetime', [ticks('2024-01-01')], 'dynamic'),
    '["2024-01-01T00:00:00.0000000Z"]',
  );
  assert.equal(await over('make_list', 'real', [1, Number.NaN], 'dynamic'), '[1.0,"NaN"]');
  assert.equal(await over('make_bag', 'dynamic', ['{"a":1}', '{"a":2,"b":3}', '5'], 'dynamic'), '{"a":1,"b":3}');
  assert.equal(
    await over('buildschema', 'dynamic', ['{"x":1,"y":3.5}', '{"x":"s","z":[1]}', '{"y":{"w":"q"}}'], 'dynamic'),
    '{"x":["long","string"],"y":[{"w":"string"},"double"],"z":{"`indexer`":"long"}}',
  );
});

test('sketches merge and count', async () => {
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => BigInt(from + i));
  const [a, b] = [
    await over('hll', 'long', numbers(1, 10), 'dynamic'),
    await over('hll', 'long', numbers(6, 20), 'dynamic'),
  ];
  const merged = await over('hll_merge', 'dynamic', [a as string, b as string]);
  assert.equal(await bench.scalar('dcount_hll', [dyn(String(merged))], 'long'), 20n);
  const many = await bench.scalar(
    'dcount_hll',
    [dyn(String(await over('hll', 'long', numbers(1, 20000), 'dynamic')))],
    'long',
  );
  assert.ok(Math.abs(Number(many) - 20000) < 600, `${many}`);
  const digest = dyn(String(await over('tdigest', 'long', numbers(1, 100), 'dynamic')));
  assert.equal(await bench.scalar('percentile_tdigest', [digest, long(95)], 'real'), 95);
  assert.equal(await bench.scalar('percentrank_tdigest', [digest, long(20)], 'real'), 20);
});

test('arg_max keeps rows whose value is null', async () => {
  assert.equal(
    await bench.aggregate(
      'arg_max',
      ['long', 'string'],
      [
        [1n, 'a'],
        [3n, 'c'],
        [2n, 'b'],
      ],
      [],
      'string',
    ),
    'c',
  );
  assert.equal(
    await bench.aggregate(
      'arg_min',
      ['long', 'long'],
      [
        [1n, null],
        [3n, 3n],
      ],
    ),
    null,
  );
});
