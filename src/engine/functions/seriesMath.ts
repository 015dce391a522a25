import { arrayOf } from './arrays.ts';
import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { scripted } from './define.ts';
import { dynamicValue, jsonNumber, jsonText, type Json } from './json.ts';

type Physical = PhysicalValue | undefined;

/** A series as doubles, null where an element is no number; undefined where the value is no array. */
export function seriesOf(value: Physical): (number | null)[] | undefined {
  return arrayOf(value)?.map((item) => jsonNumber(item) ?? null);
}

/** The numbers of a series; undefined where one of them is missing (most statistics are null then). */
export function numbersOf(value: Physical): number[] | undefined {
  const series = seriesOf(value);
  return series && series.every((item) => item !== null) ? series.map(Number) : undefined;
}

const isNumber = (value: Json): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

/** One function of each element; what is no number becomes null. */
function unary(name: string, call: (x: number) => number, onLong?: (x: bigint) => bigint): ScalarFunction[] {
  return scripted(name, { params: ['dynamic'], returns: 'dynamic' }, (value) => {
    const items = arrayOf(value);
    return items
      ? jsonText(
          items.map((item) =>
            typeof item === 'bigint' && onLong ? onLong(item) : isNumber(item) ? call(Number(item)) : null,
          ),
        )
      : null;
  });
}

/** Two series element by element; a single number stands for a series of it, a missing element gives null. */
function binary(name: string, combine: (x: number | bigint, y: number | bigint) => Json): ScalarFunction[] {
  return scripted(name, { params: ['dynamic', 'dynamic'], returns: 'dynamic' }, (a, b) => {
    const x = dynamicValue(a),
      y = dynamicValue(b);
    if (!Array.isArray(x) && !Array.isArray(y)) return null;
    const at = (value: Json, i: number) => (Array.isArray(value) ? (value[i] ?? null) : value);
    const length = Math.max(Array.isArray(x) ? x.length : 0, Array.isArray(y) ? y.length : 0);
    return jsonText(
      Array.from({ length }, (_, i) => {
        const p = at(x, i),
          q = at(y, i);
        return isNumber(p) && isNumber(q) ? combine(p, q) : null;
      }),
    );
  });
}

/** Longs stay long as far as they go; with a real, all is real. */
function arithmetic(
  name: string,
  real: (x: number, y: number) => number,
  whole?: (x: bigint, y: bigint) => bigint,
): ScalarFunction[] {
  return binary(name, (x, y) => {
    if (!whole || typeof x !== 'bigint' || typeof y !== 'bigint') return real(Number(x), Number(y));
    const result = whole(x, y);
    return BigInt.asIntN(64, result) === result ? result : real(Number(x), Number(y));
  });
}

const comparison = (name: string, test: (x: number, y: number) => boolean) =>
  binary(name, (x, y) => test(Number(x), Number(y)));

/** The sum of the products of elements at the same place; `y` counts as 0 beyond its end. */
export const dot = (x: readonly number[], y: readonly number[]) =>
  x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
const magnitude = (x: readonly number[]) => Math.sqrt(dot(x, x));

/**
 * Two series for a dot product: the longer one cut, a number repeated over the length of the other, pairs with a
 * missing number left out; undefined where nothing is.
 */
function pairsOf(a: Physical, b: Physical): [number[], number[]] | undefined {
  const x = seriesOf(a),
    y = seriesOf(b),
    single = (value: Physical) => jsonNumber(dynamicValue(value)) ?? null;
  if ((!x && !y) || x?.length === 0 || y?.length === 0) return undefined;
  const length = Math.min(x?.length ?? Infinity, y?.length ?? Infinity),
    p = single(a),
    q = single(b);
  if ((!x && p === null) || (!y && q === null)) return undefined;
  const both = Array.from({ length }, (_, i) => [x ? x[i] : p, y ? y[i] : q] as const).filter(
    (pair): pair is [number, number] => typeof pair[0] === 'number' && typeof pair[1] === 'number',
  );
  return [both.map((pair) => pair[0]), both.map((pair) => pair[1])];
}

/** A series, or a number repeated over the length of the other. */
function pairOf(a: Physical, b: Physical): [number[], number[]] | undefined {
  const single = (value: Physical) => jsonNumber(dynamicValue(value));
  const x = numbersOf(a),
    y = numbersOf(b),
    p = single(a),
    q = single(b);
  if (x && y) return x.length === y.length ? [x, y] : undefined;
  if (x && q !== undefined) return [x, x.map(() => q)];
  return y && p !== undefined ? [y.map(() => p), y] : undefined;
}

function pearson(x: readonly number[], y: readonly number[]): number {
  const n = x.length,
    mx = x.reduce((s, v) => s + v, 0) / n,
    my = y.reduce((s, v) => s + v, 0) / n;
  const dx = x.map((v) => v - mx),
    dy = y.map((v) => v - my);
  return dot(dx, dy) / Math.sqrt(dot(dx, dx) * dot(dy, dy));
}

interface Stats {
  readonly min: number;
  readonly minIndex: number;
  readonly max: number;
  readonly maxIndex: number;
  readonly avg: number;
  readonly variance: number;
  readonly sum: number;
  readonly length: number;
}

/** Sample statistics of a series; undefined where there is nothing to take them of. */
function statsOf(value: Physical, ignore: Physical): Stats | undefined {
  const all = seriesOf(value);
  const usable = all
    ?.map((x, i) => ({ x, i }))
    .filter((one): one is { x: number; i: number } => one.x !== null && Number.isFinite(one.x));
  if (!all || !usable || usable.length === 0 || (usable.length < all.length && ignore !== true)) return undefined;
  const sum = usable.reduce((total, { x }) => total + x, 0),
    avg = sum / usable.length;
  const least = usable.reduce((best, one) => (one.x < best.x ? one : best)),
    most = usable.reduce((best, one) => (one.x > best.x ? one : best));
  const variance =
    usable.length > 1 ? usable.reduce((total, { x }) => total + (x - avg) ** 2, 0) / (usable.length - 1) : 0;
  return { min: least.x, minIndex: least.i, max: most.x, maxIndex: most.i, avg, variance, sum, length: usable.length };
}

const number = (call: (x: number[]) => number) => (value: Physical) => {
  const x = numbersOf(value);
  return x ? call(x) : null;
};

/** Functions, operators, comparisons and statistics that work on series element by element. */
export const seriesMathFunctions: readonly ScalarFunction[] = [
  ...unary('series_abs', Math.abs, (x) => (x < 0n ? -x : x)),
  ...unary('series_sign', Math.sign),
  ...unary('series_exp', Math.exp),
  ...unary('series_log', Math.log),
  ...unary('series_ceiling', Math.ceil),
  ...unary('series_floor', Math.floor),
  ...unary('series_sin', Math.sin),
  ...unary('series_cos', Math.cos),
  ...unary('series_tan', Math.tan),
  ...unary('series_asin', Math.asin),
  ...unary('series_acos', Math.acos),
  ...unary('series_atan', Math.atan),
  ...arithmetic(
    'series_add',
    (x, y) => x + y,
    (x, y) => x + y,
  ),
  ...arithmetic(
    'series_subtract',
    (x, y) => x - y,
    (x, y) => x - y,
  ),
  ...arithmetic(
    'series_multiply',
    (x, y) => x * y,
    (x, y) => x * y,
  ),
  ...arithmetic('series_divide', (x, y) => x / y),
  ...arithmetic('series_pow', (x, y) => x ** y),
  ...comparison('series_greater', (x, y) => x > y),
  ...comparison('series_greater_equals', (x, y) => x >= y),
  ...comparison('series_less', (x, y) => x < y),
  ...comparison('series_less_equals', (x, y) => x <= y),
  ...comparison('series_equals', (x, y) => x === y),
  ...comparison('series_not_equals', (x, y) => x !== y),
  ...scripted(
    'series_sum',
    { params: ['dynamic'], returns: 'real' },
    number((x) => x.reduce((sum, v) => sum + v, 0)),
  ),
  ...scripted(
    'series_product',
    { params: ['dynamic'], returns: 'real' },
    number((x) => x.reduce((product, v) => product * v, 1)),
  ),
  ...scripted('series_magnitude', { params: ['dynamic'], returns: 'real' }, number(magnitude)),
  ...scripted('series_dot_product', { params: ['dynamic', 'dynamic'], returns: 'real' }, (a, b) => {
    const pair = pairsOf(a, b);
    return pair ? dot(...pair) : null;
  }),
  ...scripted('series_pearson_correlation', { params: ['dynamic', 'dynamic'], returns: 'real' }, (a, b) => {
    const pair = pairOf(a, b);
    return pair ? pearson(...pair) : null;
  }),
  ...scripted(
    'series_cosine_similarity',
    { params: ['dynamic', 'dynamic', 'real', 'real'], optional: 2, returns: 'real' },
    (a, b, m1, m2) => {
      const pair = pairsOf(a, b);
      return pair
        ? dot(...pair) /
            ((typeof m1 === 'number' ? m1 : magnitude(pair[0])) * (typeof m2 === 'number' ? m2 : magnitude(pair[1])))
        : null;
    },
  ),
  ...scripted(
    'series_stats',
    { params: ['dynamic', 'bool'], optional: 1, returns: 'dynamic', tuple: true },
    (value, ignore) => {
      const s = statsOf(value, ignore);
      return jsonText(
        s
          ? [s.min, BigInt(s.minIndex), s.max, BigInt(s.maxIndex), s.avg, Math.sqrt(s.variance), s.variance]
          : Array<null>(7).fill(null),
      );
    },
  ),
  ...scripted(
    'series_stats_dynamic',
    { params: ['dynamic', 'bool'], optional: 1, returns: 'dynamic' },
    (value, ignore) => {
      const s = statsOf(value, ignore);
      return s
        ? jsonText(
            new Map<string, Json>([
              ['min', s.min],
              ['min_idx', BigInt(s.minIndex)],
              ['max', s.max],
              ['max_idx', BigInt(s.maxIndex)],
              ['avg', s.avg],
              ['stdev', Math.sqrt(s.variance)],
              ['variance', s.variance],
              ['sum', s.sum],
              ['len', BigInt(s.length)],
            ]),
          )
        : null;
    },
  ),
];
