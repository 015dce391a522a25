import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { callJs, scalar, scripted } from './define.ts';
import { canonicalText, dynamicValue, jsonText, type Json } from './json.ts';
import { fitLine } from './seriesFit.ts';
import { dot, numbersOf, seriesOf } from './seriesMath.ts';

type Physical = PhysicalValue | undefined;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b),
    middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Linear between the neighbours in rank. */
function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q,
    below = Math.floor(place),
    low = sorted[below] ?? 0;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}

/**
 * The most significant period of at least 4 and at most half the points: the first clear peak of the autocorrelation of
 * the detrended series, if it reaches the threshold; 0 where there is none.
 */
function detectPeriod(y: readonly number[], threshold: number): number {
  const n = y.length,
    fit = fitLine(y).fit,
    d = y.map((v, i) => v - (fit[i] ?? 0)),
    power = dot(d, d);
  if (n < 8 || power <= 1e-12 * dot(y, y)) return 0;
  const shared = Array.from({ length: (n >> 1) + 2 }, (_, lag) => dot(d.slice(lag), d.slice(0, n - lag)) / power);
  const score = shared.map((value, lag) => (value * n) / (n - lag));
  // The second condition keeps noise out: at long lags few points make a high score by chance.
  const peaks = score.flatMap((value, lag) =>
    lag >= 4 &&
    lag < n / 2 &&
    value >= threshold &&
    (shared[lag] ?? 0) >= 0.4 &&
    value >= (score[lag - 1] ?? 1) &&
    value > (score[lag + 1] ?? 1)
      ? [lag]
      : [],
  );
  const best = Math.max(...peaks.map((lag) => score[lag] ?? 0));
  return peaks.find((lag) => (score[lag] ?? 0) >= best - 0.1) ?? 0;
}

/** Seasonality as the functions take it: -1 detects, a positive number is the period, anything else is none. */
function periodOf(y: readonly number[], seasonality: number, threshold: number): number {
  return seasonality === -1 ? detectPeriod(y, threshold) : seasonality > 0 ? seasonality : 0;
}

/** The median of the learning points of each phase, over the whole length. */
function seasonal(y: readonly number[], learn: number, period: number): number[] {
  if (period === 0) return y.map(() => 0);
  const phases = Array.from({ length: Math.min(period, learn) }, (_, phase) =>
    median(y.slice(0, learn).filter((__, i) => i % period === phase)),
  );
  return y.map((_, i) => phases[i % period] ?? 0);
}

interface Parts {
  readonly baseline: number[];
  readonly seasonal: number[];
  readonly trend: number[];
  readonly residual: number[];
}

/** Seasonal part, then the trend of what is left, then the rest; the last `test` points are not learnt from. */
function decompose(
  y: readonly number[],
  seasonality: number,
  trendKind: string,
  test: number,
  threshold: number,
): Parts | undefined {
  const learn = y.length - test;
  if (learn < 1 || test < 0 || !['avg', 'linefit', 'none'].includes(trendKind)) return undefined;
  const season = seasonal(y, learn, periodOf(y.slice(0, learn), seasonality, threshold));
  const rest = y.slice(0, learn).map((v, i) => v - (season[i] ?? 0));
  const line = fitLine(rest),
    average = mean(rest);
  const trend = y.map((_, i) =>
    trendKind === 'linefit' ? line.interception + line.slope * (i + 1) : trendKind === 'avg' ? average : 0,
  );
  const baseline = season.map((s, i) => s + (trend[i] ?? 0));
  return { baseline, seasonal: season, trend, residual: y.map((v, i) => v - (baseline[i] ?? 0)) };
}

/**
 * Tukey's fences as scores: how far beyond the percentiles, in ranges between them. The wider range of 10 to 90 percent
 * is scaled so that 1.5 means of a normal distribution what it means from 25 to 75; the factor is the one the real
 * engine's scores show.
 */
const CTUKEY_FACTOR = 2.772605605507915;

function outliers(series: readonly (number | null)[], kind: 'tukey' | 'ctukey'): number[] {
  const sorted = series
    .filter((value) => value !== null && !Number.isNaN(value))
    .map(Number)
    .sort((a, b) => a - b);
  const [low, high, factor] =
    kind === 'tukey'
      ? [quantile(sorted, 0.25), quantile(sorted, 0.75), 1]
      : [quantile(sorted, 0.1), quantile(sorted, 0.9), CTUKEY_FACTOR];
  return series.map((value) => {
    if (value === null) return 0;
    const beyond = value > high ? value - high : value < low ? value - low : 0;
    return beyond === 0 ? 0 : (beyond / (high - low)) * factor;
  });
}

const kindOf = (value: Physical) =>
  value === undefined || value === '' || value === null
    ? 'ctukey'
    : value === 'tukey' || value === 'ctukey'
      ? value
      : undefined;
const numberOr = (value: Physical, fallback: number) =>
  value === undefined || value === null ? fallback : Number(value);
const textOr = (value: Physical, fallback: string) =>
  typeof value === 'string' && value !== '' ? value.toLowerCase() : fallback;
const nothing = (columns: number): Json => Array<null>(columns).fill(null);

/** Series as baseline, seasonal part, trend and residual; what that foretells, and the anomalies and outliers in it. */
export const seriesDecomposeFunctions: readonly ScalarFunction[] = [
  ...scripted('series_seasonal', { params: ['dynamic', 'long'], optional: 1, returns: 'dynamic' }, (value, period) => {
    const y = numbersOf(value);
    return y ? jsonText(seasonal(y, y.length, periodOf(y, numberOr(period, -1), 0.7))) : null;
  }),
  ...scripted(
    'series_decompose',
    { params: ['dynamic', 'long', 'string', 'long', 'real'], optional: 4, returns: 'dynamic', tuple: true },
    (value, seasonality, trend, test, threshold) => {
      const y = numbersOf(value),
        parts =
          y &&
          decompose(y, numberOr(seasonality, -1), textOr(trend, 'avg'), numberOr(test, 0), numberOr(threshold, 0.6));
      return jsonText(parts ? [parts.baseline, parts.seasonal, parts.trend, parts.residual] : nothing(4));
    },
  ),
  ...scripted(
    'series_decompose_anomalies',
    {
      params: ['dynamic', 'real', 'long', 'string', 'long', 'string', 'real'],
      optional: 6,
      returns: 'dynamic',
      tuple: true,
    },
    (value, limit, seasonality, trend, test, method, threshold) => {
      const y = numbersOf(value),
        kind = kindOf(method);
      const parts =
        y && decompose(y, numberOr(seasonality, -1), textOr(trend, 'avg'), numberOr(test, 0), numberOr(threshold, 0.6));
      if (!parts || !kind) return jsonText(nothing(3));
      const scores = outliers(parts.residual, kind),
        edge = numberOr(limit, 1.5);
      return jsonText([scores.map((score) => (score > edge ? 1n : score < -edge ? -1n : 0n)), scores, parts.baseline]);
    },
  ),
  ...scripted(
    'series_decompose_forecast',
    { params: ['dynamic', 'long', 'long', 'string', 'real'], optional: 3, returns: 'dynamic' },
    (value, points, seasonality, trend, threshold) => {
      const y = seriesOf(value)?.map((v) => v ?? 0);
      const parts =
        y &&
        decompose(
          y,
          numberOr(seasonality, -1),
          textOr(trend, 'linefit'),
          numberOr(points, 0),
          numberOr(threshold, 0.6),
        );
      return parts ? jsonText(parts.baseline) : null;
    },
  ),
  ...scalar('series_outliers', (args, ctx) => {
    const percentiles = [
      [args[3], 10],
      [args[4], 90],
    ] as const;
    // Only the other kind has percentiles of its own.
    if (args[1]?.literal !== 'tukey' && percentiles.some(([arg, usual]) => arg && Number(arg.literal) !== usual))
      ctx.refuse('series_outliers() with percentiles other than 10 and 90');
    return callJs(
      ctx,
      'kql_series_outliers',
      args.slice(0, 3),
      ['dynamic', 'string', 'dynamic'],
      'dynamic',
      (value, method, ignore) => {
        const kind = kindOf(method),
          ignored = canonicalText(dynamicValue(ignore));
        const series = seriesOf(value)?.map((v) => (v === null || canonicalText(v) === ignored ? null : v));
        return series && kind ? jsonText(outliers(series, kind)) : null;
      },
    );
  }),
];
