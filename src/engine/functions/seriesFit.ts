import { AppError } from '../../base/errors.ts';
import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { scripted } from './define.ts';
import { dynamicValue, jsonText, type Json } from './json.ts';
import { numbersOf } from './seriesMath.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** Sample variance; 0 of fewer than two values. */
const variance = (values: readonly number[]) => {
  const m = mean(values);
  return values.length < 2 ? 0 : sum(values.map((v) => (v - m) ** 2)) / (values.length - 1);
};

/**
 * A straight line through a series: how well it fits (`rsquare`, 1 at best), `slope` per element, the variances of the
 * series and of what is left beside the line, its height before the first element, and its values (`fit`).
 */
export interface Line {
  readonly rsquare: number;
  readonly slope: number;
  readonly variance: number;
  readonly rvariance: number;
  readonly interception: number;
  readonly fit: number[];
}

/** Least squares over the positions 1, 2, 3...: the interception is where the line passes before the first element. */
export function fitLine(y: readonly number[]): Line {
  const n = y.length,
    mx = (n + 1) / 2,
    my = mean(y);
  const sxx = sum(y.map((_, i) => (i + 1 - mx) ** 2)),
    sxy = sum(y.map((v, i) => (i + 1 - mx) * (v - my)));
  const slope = n > 1 ? sxy / sxx : 0,
    interception = my - slope * mx;
  const fit = y.map((_, i) => interception + slope * (i + 1));
  const total = variance(y),
    rest = variance(y.map((v, i) => v - (fit[i] ?? 0)));
  return { rsquare: total === 0 ? 0 : 1 - rest / total, slope, variance: total, rvariance: rest, interception, fit };
}

/**
 * Coefficients of the least squares polynomial, from the constant up (normal equations on centred x, so that they stay
 * well-conditioned).
 */
function fitPolynomial(x: readonly number[], y: readonly number[], degree: number): number[] | undefined {
  const size = degree + 1,
    rows = Array.from({ length: size }, (_, r) => [
      ...Array.from({ length: size }, (__, c) => sum(x.map((v) => v ** (r + c)))),
      sum(x.map((v, i) => v ** r * (y[i] ?? 0))),
    ]);
  for (let c = 0; c < size; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, _, k) => (Math.abs(rows[c + k]?.[c] ?? 0) > Math.abs(rows[best]?.[c] ?? 0) ? c + k : best), c);
    const top = rows[pivot];
    if (!top || Math.abs(top[c] ?? 0) < 1e-300) return undefined;
    [rows[c], rows[pivot]] = [top, rows[c] ?? []];
    for (let r = 0; r < size; r++) {
      const row = rows[r];
      if (r === c || !row) continue;
      const factor = (row[c] ?? 0) / (top[c] ?? 1);
      for (let k = c; k <= size; k++) row[k] = (row[k] ?? 0) - factor * (top[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}

/** A polynomial in u = (x - shift) / scale written out in x. */
function expand(coefficients: readonly number[], shift: number, scale: number): number[] {
  let powers = [1];
  const out = coefficients.map(() => 0);
  for (const coefficient of coefficients) {
    for (const [i, p] of powers.entries()) out[i] = (out[i] ?? 0) + coefficient * p;
    powers = [...powers, 0].map((_, i) => ((powers[i - 1] ?? 0) - shift * (powers[i] ?? 0)) / scale);
  }
  return out;
}

interface Polynomial {
  readonly rsquare: number;
  readonly coefficients: number[];
  readonly variance: number;
  readonly rvariance: number;
  readonly fit: number[];
}

function polynomial(y: readonly number[], x: readonly number[], degree: number): Polynomial | undefined {
  const shift = mean(x),
    scale = Math.max(...x.map((v) => Math.abs(v - shift))) || 1;
  const u = x.map((v) => (v - shift) / scale);
  const inner = fitPolynomial(u, y, degree);
  if (!inner) return undefined;
  const fit = u.map((v) => inner.reduceRight((value, c) => value * v + c, 0));
  const total = variance(y),
    rest = variance(y.map((v, i) => v - (fit[i] ?? 0)));
  return {
    rsquare: total === 0 ? 0 : 1 - rest / total,
    coefficients: expand(inner, shift, scale).reverse(),
    variance: total,
    rvariance: rest,
    fit,
  };
}

/** The discrete Fourier transform of a complex series, by its definition; the inverse divides by the length. */
function transform(re: readonly number[], im: readonly number[], inverse: boolean): [number[], number[]] {
  const n = re.length,
    turn = ((inverse ? 2 : -2) * Math.PI) / n,
    scale = inverse ? n : 1;
  const cos = re.map((_, i) => Math.cos(turn * i)),
    sin = re.map((_, i) => Math.sin(turn * i));
  const at = (k: number, part: 0 | 1) =>
    re.reduce((total, x, i) => {
      const w = (i * k) % n,
        c = cos[w] ?? 0,
        s = sin[w] ?? 0,
        y = im[i] ?? 0;
      return total + (part === 0 ? x * c - y * s : x * s + y * c);
    }, 0) / scale;
  return [re.map((_, k) => at(k, 0)), re.map((_, k) => at(k, 1))];
}

const MAX_TRANSFORM = 4096;

const fourier = (name: string, inverse: boolean) =>
  scripted(
    name,
    { params: ['dynamic', 'dynamic'], optional: 1, returns: 'dynamic', tuple: true },
    (real, imaginary) => {
      const re = numbersOf(real),
        im = imaginary === undefined ? re?.map(() => 0) : numbersOf(imaginary);
      if (re && re.length > MAX_TRANSFORM)
        throw new AppError(
          'query.unsupported',
          `${name}() of more than ${MAX_TRANSFORM} numbers is not supported by the local engine.`,
        );
      return jsonText(re && im && re.length === im.length ? transform(re, im, inverse) : missing(2));
    },
  );

const missing = (count: number): Json => Array<null>(count).fill(null);

function polynomialOf(...args: (PhysicalValue | undefined)[]): Polynomial | undefined {
  const [y, x, degree] = args;
  const values = numbersOf(y),
    positions = dynamicValue(x) === null ? values?.map((_, i) => i + 1) : numbersOf(x);
  const power = degree === undefined ? 1 : Number(degree);
  if (
    !values ||
    !positions ||
    positions.length !== values.length ||
    !(power >= 1 && power <= 16) ||
    values.length <= power
  )
    return undefined;
  return polynomial(values, positions, power);
}

/** A line or a polynomial through a series, and the Fourier transform and its inverse. */
export const seriesFitFunctions: readonly ScalarFunction[] = [
  ...scripted('series_fit_line', { params: ['dynamic'], returns: 'dynamic', tuple: true }, (value) => {
    const y = numbersOf(value),
      line = y && y.length > 0 ? fitLine(y) : undefined;
    return jsonText(
      line ? [line.rsquare, line.slope, line.variance, line.rvariance, line.interception, line.fit] : missing(6),
    );
  }),
  ...scripted('series_fit_line_dynamic', { params: ['dynamic'], returns: 'dynamic' }, (value) => {
    const y = numbersOf(value),
      line = y && y.length > 0 ? fitLine(y) : undefined;
    return line
      ? jsonText(
          new Map<string, Json>([
            ['rsquare', line.rsquare],
            ['slope', line.slope],
            ['variance', line.variance],
            ['rvariance', line.rvariance],
            ['interception', line.interception],
            ['line_fit', line.fit],
          ]),
        )
      : null;
  }),
  ...fourier('series_fft', false),
  ...fourier('series_ifft', true),
  ...scripted(
    'series_fit_poly',
    { params: ['dynamic', 'dynamic', 'long'], optional: 2, returns: 'dynamic', tuple: true },
    (...args) => {
      const p = polynomialOf(...args);
      return jsonText(p ? [p.rsquare, p.coefficients, p.variance, p.rvariance, p.fit] : missing(5));
    },
  ),
];
