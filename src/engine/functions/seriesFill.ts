import { arrayOf } from './arrays.ts';
import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { scripted } from './define.ts';
import { canonicalText, dynamicValue, jsonNumber, jsonText, type Json } from './json.ts';
import { dot, numbersOf } from './seriesMath.ts';

type Physical = PhysicalValue | undefined;

/** Tells the elements to fill: null, or the placeholder given. */
function missing(placeholder: Physical): (item: Json) => boolean {
  const wanted = canonicalText(dynamicValue(placeholder));
  return (item) => canonicalText(item) === wanted;
}

function forward(items: Json[], isMissing: (item: Json) => boolean): Json[] {
  let last: Json | undefined;
  return items.map((item) => (isMissing(item) ? (last ?? item) : (last = item)));
}

/**
 * Between two numbers the line through them (cut off to whole numbers where all are whole); at the edges the nearest
 * number.
 */
function linear(items: Json[], isMissing: (item: Json) => boolean, edges: boolean, constant: Json): Json[] {
  const known = items.flatMap((item, i) => (isMissing(item) || jsonNumber(item) === undefined ? [] : [i]));
  if (known.length === 0) return items.map((item) => (isMissing(item) ? constant : item));
  const whole = known.every((i) => typeof items[i] === 'bigint');
  const at = (i: number) => jsonNumber(items[i]) ?? 0;
  return items.map((item, i) => {
    if (!isMissing(item)) return item;
    const before = known.findLast((k) => k < i),
      after = known.find((k) => k > i);
    if (before === undefined || after === undefined) return edges ? (items[before ?? after ?? 0] ?? null) : item;
    const value = at(before) + ((at(after) - at(before)) * (i - before)) / (after - before);
    return whole ? BigInt(Math.trunc(value)) : value;
  });
}

/** A weighted window over the last elements, or around the element; before the start there are zeros. */
function fir(series: number[], weights: number[], normalize: boolean, center: boolean): number[] {
  const total = normalize ? weights.reduce((sum, w) => sum + w, 0) : 1;
  const ahead = center ? Math.floor((weights.length - 1) / 2) : 0;
  return series.map(
    (_, i) =>
      dot(
        weights,
        weights.map((__, k) => series[i + ahead - k] ?? 0),
      ) / total,
  );
}

/** y[i] = (sum of b[k] x[i-k] - sum of a[k] y[i-k], k > 0) / a[0] */
function iir(series: number[], b: number[], a: number[]): number[] {
  const y: number[] = [];
  for (let i = 0; i < series.length; i++) {
    const fed = b.reduce((sum, w, k) => sum + w * (series[i - k] ?? 0), 0),
      back = a.slice(1).reduce((sum, w, k) => sum + w * (y[i - k - 1] ?? 0), 0);
    y.push((fed - back) / (a[0] ?? Number.NaN));
  }
  return y;
}

const map = (value: Physical, change: (items: Json[]) => Json[]) => {
  const items = arrayOf(value);
  return items ? jsonText(change(items)) : null;
};

/** Missing elements of a series filled (forward, backward, by a line, with a constant), and digital filters over it. */
export const seriesFillFunctions: readonly ScalarFunction[] = [
  ...scripted(
    'series_fill_forward',
    { params: ['dynamic', 'dynamic'], optional: 1, returns: 'dynamic' },
    (value, placeholder) => map(value, (items) => forward(items, missing(placeholder))),
  ),
  ...scripted(
    'series_fill_backward',
    { params: ['dynamic', 'dynamic'], optional: 1, returns: 'dynamic' },
    (value, placeholder) => map(value, (items) => forward(items.toReversed(), missing(placeholder)).reverse()),
  ),
  ...scripted(
    'series_fill_const',
    { params: ['dynamic', 'dynamic', 'dynamic'], optional: 1, returns: 'dynamic' },
    (value, constant, placeholder) => {
      const isMissing = missing(placeholder),
        fill = dynamicValue(constant);
      return map(value, (items) => items.map((item) => (isMissing(item) ? fill : item)));
    },
  ),
  ...scripted(
    'series_fill_linear',
    { params: ['dynamic', 'dynamic', 'bool', 'dynamic'], optional: 3, returns: 'dynamic' },
    (value, placeholder, edges, constant) =>
      map(value, (items) =>
        linear(items, missing(placeholder), edges !== false, constant === undefined ? 0 : dynamicValue(constant)),
      ),
  ),
  ...scripted(
    'series_fir',
    { params: ['dynamic', 'dynamic', 'bool', 'bool'], optional: 2, returns: 'dynamic' },
    (value, filter, normalize, center) => {
      const series = numbersOf(value),
        weights = numbersOf(filter);
      if (!series || !weights || weights.length === 0) return null;
      const negative = weights.some((weight) => weight < 0);
      if (normalize === true && negative) return null;
      return jsonText(fir(series, weights, typeof normalize === 'boolean' ? normalize : !negative, center === true));
    },
  ),
  ...scripted(
    'series_iir',
    { params: ['dynamic', 'dynamic', 'dynamic'], returns: 'dynamic' },
    (value, numerators, denominators) => {
      const series = numbersOf(value),
        b = numbersOf(numerators),
        a = numbersOf(denominators);
      return series && b && a && a[0] !== undefined && a[0] !== 0 ? jsonText(iir(series, b, a)) : null;
    },
  ),
];
