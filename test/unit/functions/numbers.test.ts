import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { SqlExpr } from '../../../src/engine/functions/contract.ts';
import { Bench, column, dyn, long, NULL, real, str, value } from './evaluate.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

const near = async (name: string, args: readonly SqlExpr[], want: number) => {
  const got = await bench.scalar(name, args, 'real');
  assert.ok(
    typeof got === 'number' && (Object.is(got, want) || Math.abs(got - want) <= 1e-12 * Math.max(1, Math.abs(want))),
    `${name}: ${got}, want ${want}`,
  );
};
const equal = async (name: string, args: readonly SqlExpr[], type: KqlType, want: unknown) =>
  assert.equal(await bench.scalar(name, args, type), want, name);

test('rounding goes half away from zero', async () => {
  for (const [x, places, want] of [
    [2.15, 1, 2.2],
    [2.5, 0, 3],
    [-2.5, 0, -3],
    [-50.55, -2, -100],
    [21.5, -1, 20],
    [2.98765, 3, 2.988],
  ] as const)
    await near('round', [real(x), long(places)], want);
  await equal('round', [value('decimal', '2.345'), long(2)], 'decimal', '2.35');
  await equal('ceiling', [real(-1.1)], 'real', -1);
});

test('functions of one number: null of null, and of what the engine says has none', async () => {
  await near('log', [real(5)], Math.log(5));
  for (const name of ['log', 'log2', 'log10']) await equal(name, [real(-1)], 'real', null);
  await near('sqrt', [real(-1)], Number.NaN);
  for (const name of ['acos', 'asin']) await equal(name, [real(1.01)], 'real', null);
  await near('log', [real(0)], Number.NEGATIVE_INFINITY);
  await near('sqrt', [real(Number.NaN)], Number.NaN);
  await near('cot', [real(1)], 0.6420926159343306);
  await near('gamma', [real(5)], 24);
  await near('gamma', [real(0.5)], Math.sqrt(Math.PI));
  await near('loggamma', [real(5)], 3.1780538303479458);
  await near('erf', [real(0.5)], 0.5204998778130465);
  await near('beta_cdf', [real(0.9), real(10), real(20)], 0.9999999999999593);
  await near('beta_pdf', [real(0.5), real(10), real(20)], 0.746176019310951);
  await near(
    'beta_cdf',
    [real(Number(await bench.scalar('beta_inv', [real(0.1), real(10), real(20)], 'real'))), real(10), real(20)],
    0.1,
  );
  await equal('exp', [NULL('real')], 'real', null);
  await equal('abs', [column('long', -(2n ** 63n))], 'long', -(2n ** 63n));
  await equal('isnan', [real(Number.NaN)], 'bool', true);
});

test('bits', async () => {
  await equal('binary_xor', [long(5), long(3)], 'long', 6n);
  await equal('binary_not', [long(100)], 'long', -101n);
  await equal('binary_shift_left', [long(1), long(63)], 'long', -(2n ** 63n));
  await equal('binary_shift_right', [long(-8), long(1)], 'long', -4n);
  await equal('bitset_count_ones', [long(-1)], 'long', 64n);
});

test('least, greatest, bytes and units', async () => {
  await equal('max_of', [long(1), NULL('long'), long(3)], 'long', 3n);
  await equal('min_of', [real(1.5), long(2)], 'real', 1.5);
  await equal('format_bytes', [long(20010332), long(2)], 'string', '19.08 MB');
  await equal('format_bytes', [long(20010332), long(0), str('KB')], 'string', '19541 KB');
  await near('convert_energy', [real(1.2), str('Joule'), str('BritishThermalUnit')], 0.0011373805443759806);
  await near('convert_speed', [real(1.2), str('MeterPerSecond'), str('CentimeterPerHour')], 432000);
  await assert.rejects(
    bench.scalar('convert_length', [real(1), str('Meter'), str('Mile')], 'real'),
    /unit 'Mile'/,
    'whose size the real engine rounds',
  );
});

test('places on the Earth', async () => {
  await near(
    'geo_distance_2points',
    [real(-122.407628), real(47.578557), real(-118.275287), real(34.019056)],
    1546754.351973809,
  );
  await equal('geo_distance_2points', [real(300), real(1), real(1), real(1)], 'real', null);
  await equal('geo_point_to_geohash', [real(139.806115), real(35.554128), long(12)], 'string', 'xn76m27ty9g4');
  await equal(
    'geo_geohash_to_central_point',
    [str('sunny')],
    'dynamic',
    '{"type":"Point","coordinates":[42.47314453125,23.70849609375]}',
  );
  const square = dyn({
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ],
      [
        [4, 4],
        [6, 4],
        [6, 6],
        [4, 6],
        [4, 4],
      ],
    ],
  });
  for (const [lng, lat, want] of [
    [1, 1, true],
    [5, 5, false],
    [11, 5, false],
    [-170, -5, false],
  ] as const)
    await equal('geo_point_in_polygon', [real(lng), real(lat), square], 'bool', want);
  await equal(
    'geo_point_in_circle',
    [real(-122.143564), real(47.535677), real(-122.100896), real(47.527351), real(3500)],
    'bool',
    true,
  );
});

test('series: arithmetic, fills, filters, fits, outliers', async () => {
  const series = (name: string, args: readonly SqlExpr[], want: string) => equal(name, args, 'dynamic', want);
  await series('series_add', [dyn([1, 2]), dyn([3, null])], '[4,null]');
  await series('series_multiply', [dyn([1, 2.5]), long(2)], '[2,5.0]');
  await series('series_greater', [dyn([1, 2]), dyn([2, 1])], '[false,true]');
  await series('series_fill_forward', [dyn([null, 1, null])], '[null,1,1]');
  await series('series_fill_linear', [dyn([null, 1, null, null, 2])], '[1,1,1,1,2]');
  await series('series_fill_const', [dyn([-1, 2]), real(0), long(-1)], '[0.0,2]');
  await series('series_fir', [dyn([0, 0, 2, 2, 3]), dyn([1, -1])], '[0.0,0.0,2.0,0.0,1.0]');
  await series('series_iir', [dyn([1, 2, 3]), dyn([1]), dyn([1, -1])], '[1.0,3.0,6.0]');
  await near('series_dot_product', [dyn([1, 2, 4]), dyn([4, 2, 1])], 12);
  await near('series_pearson_correlation', [dyn([1, 2, 3]), dyn([2, 4, 6])], 1);
  const line = JSON.parse(
    String(await bench.scalar('series_fit_line', [dyn([2, 5, 6, 8, 11, 15, 17, 18, 25, 26, 30, 30])], 'dynamic')),
  ) as number[];
  assert.deepEqual(
    line.slice(0, 5).map((x) => Number(x.toFixed(3))),
    [0.983, 2.731, 98.629, 1.686, -1.667],
  );
  const scores = JSON.parse(
    String(
      await bench.scalar(
        'series_outliers',
        [dyn([-3, 2.4, 15, 3.9, 5, 6, 4.5, 5.2, 3, 4, 5, 16, 7, 5, 5, 4])],
        'dynamic',
      ),
    ),
  ) as number[];
  assert.deepEqual(
    scores.filter((x) => x !== 0).map((x) => Number(x.toFixed(6))),
    [-1.904079, -0.100215, 1.336195, 1.670244],
  );
});

test('seasons are medians of their phase; an outlier shows in what is left', async () => {
  const weeks = Array.from({ length: 35 }, (_, i) => [10, 12, 14, 20, 14, 4, 3][i % 7] ?? 0);
  weeks[17] = 30;
  const [flags, , baseline] = JSON.parse(
    String(await bench.scalar('series_decompose_anomalies', [dyn(weeks)], 'dynamic')),
  ) as number[][];
  assert.deepEqual(
    flags?.flatMap((flag, i) => (flag === 0 ? [] : [i])),
    [17],
  );
  assert.equal(Number(baseline?.[17]?.toFixed(3)), 20.286, 'the median of its weekday plus the mean of the rest');
  assert.equal(
    await bench.scalar('series_seasonal', [dyn([1, 3, 5, 1, 3, 5, 2, 4, 6]), long(3)], 'dynamic'),
    '[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]',
  );
});
