import { AppError } from '../../base/errors.ts';
import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { scripted } from './define.ts';
import { jsonText, type Json } from './json.ts';
import { fitLine, type Line } from './seriesFit.ts';
import { numbersOf } from './seriesMath.ts';

interface TwoLines {
  readonly rsquare: number;
  readonly split: number;
  readonly variance: number;
  readonly rvariance: number;
  readonly fit: number[];
  readonly left: Line;
  readonly right: Line;
}

/**
 * What is left of `y` beside its line, for every start of `y`: element `n` is of its first `n` elements. In one pass,
 * on shifted values.
 */
function leftovers(y: readonly number[]): Float64Array {
  const rest = new Float64Array(y.length + 1);
  let mx = 0,
    my = 0,
    sxx = 0,
    sxy = 0,
    syy = 0;
  for (const [i, v] of y.entries()) {
    const n = i + 1,
      dx = i - mx,
      dy = v - my;
    mx += dx / n;
    my += dy / n;
    sxx += dx * (i - mx);
    sxy += dx * (v - my);
    syy += dy * (v - my);
    rest[n] = n < 3 ? 0 : Math.max(0, syy - (sxy * sxy) / sxx);
  }
  return rest;
}

/**
 * The first split whose lines leave least, each side of at least `least` elements; undefined where there is none, or
 * another is as good.
 */
function bestSplit(left: Float64Array, right: Float64Array, least: number, slack: number): number | undefined {
  const n = left.length - 1;
  const at = (split: number): number => (left[split] ?? 0) + (right[n - split] ?? 0);
  let best = least;
  for (let split = least + 1; split <= n - least; split++) if (at(split) < at(best)) best = split;
  for (let split = least; split <= n - least; split++)
    if (split !== best && at(split) <= at(best) + slack) return undefined;
  return best <= n - least ? best : undefined;
}

const refused = (why: string): never => {
  throw new AppError('query.unsupported', `series_fit_2lines() ${why}. Leave such series out with where.`);
};

/**
 * The two lines that leave least of the series. The documentation does not say how short a side may be, nor what is
 * chosen among equals, nor how a constant series is answered: where the answer would hang on that it is refused.
 */
function twoLines(y: readonly number[]): TwoLines {
  if (y.length < 6)
    return refused('of a series of fewer than six numbers is not certain, and is not supported by the local engine');
  const left = leftovers(y),
    right = leftovers(y.toReversed());
  const whole = fitLine(y);
  if (whole.variance === 0)
    return refused('of a constant series is not certain, and is not supported by the local engine');
  const slack = 1e-12 * whole.variance * y.length;
  const [split, ...others] = [3, 2, 1].map((least) => bestSplit(left, right, least, slack));
  if (split === undefined || others.some((other) => other !== split))
    return refused(
      'of a series whose best split is not certain (another is as good, or leaves fewer than three numbers on a side) is not supported by the local engine',
    );
  const lines = [fitLine(y.slice(0, split)), fitLine(y.slice(split))] as const;
  const fit = [...lines[0].fit, ...lines[1].fit];
  const rvariance = fitLine(y.map((v, i) => v - (fit[i] ?? 0))).variance;
  return {
    rsquare: 1 - rvariance / whole.variance,
    split,
    variance: whole.variance,
    rvariance,
    fit,
    left: lines[0],
    right: lines[1],
  };
}

const found = (value: PhysicalValue | undefined): TwoLines | undefined => {
  const y = numbersOf(value);
  return y && y.length > 0 ? twoLines(y) : undefined;
};
const side = (line: Line): [string, number][] => [
  ['rsquare', line.rsquare],
  ['slope', line.slope],
  ['interception', line.interception],
  ['variance', line.variance],
  ['rvariance', line.rvariance],
];

/** series_fit_2lines() and its form that gives a bag: the series as two lines, split where they fit best. */
export const seriesTwoLinesFunctions: readonly ScalarFunction[] = [
  ...scripted('series_fit_2lines', { params: ['dynamic'], returns: 'dynamic', tuple: true }, (value) => {
    const two = found(value);
    const numbers: Json[] = two
      ? [
          two.rsquare,
          BigInt(two.split),
          two.variance,
          two.rvariance,
          two.fit,
          ...[...side(two.right), ...side(two.left)].map(([, number]) => number),
        ]
      : Array<null>(15).fill(null);
    return jsonText(numbers);
  }),
  ...scripted('series_fit_2lines_dynamic', { params: ['dynamic'], returns: 'dynamic' }, (value) => {
    const two = found(value);
    return two
      ? jsonText(
          new Map<string, Json>([
            ['rsquare', two.rsquare],
            ['split_idx', BigInt(two.split)],
            ['variance', two.variance],
            ['rvariance', two.rvariance],
            ['line_fit', two.fit],
            ['right', new Map<string, Json>(side(two.right))],
            ['left', new Map<string, Json>(side(two.left))],
          ]),
        )
      : null;
  }),
];
