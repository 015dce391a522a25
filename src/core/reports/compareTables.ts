import type { CancelSignal } from '../../base/cancel.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Comparison } from '../../model/report.ts';
import type { LocalKqlPort } from '../../ports/reports.ts';
import { expectSeries, LEAST_LEARNT } from './expect.ts';

/** A table of a customer by day: those of the baseline, then the whole days of the period. */
export interface TableSeries {
  readonly customer: CustomerKey;
  readonly table: string;
  readonly values: readonly number[];
  /** The first place whose value is known, where those before it are not: no value there means nothing. */
  readonly knownFrom: number;
}

/** Others that must have the table before their median is told: of fewer it would be somebody's own number. */
export const LEAST_PEERS = 3;

/**
 * Compares every table with its own days before, and with the median of what became of the same table elsewhere; in
 * the order given, undefined where there are too few days to learn from.
 */
export async function compareTables(
  series: readonly TableSeries[],
  days: readonly string[],
  kql: LocalKqlPort,
  signal: CancelSignal,
): Promise<readonly (Comparison | undefined)[]> {
  const judged = days.length;
  if (judged === 0) return series.map(() => undefined);
  const firsts = series.map(({ values, knownFrom }) => {
    const first = values.findIndex((value, at) => at >= knownFrom && value > 0);
    return first === -1 ? values.length : first;
  });
  // A table's first day is rarely a whole one.
  const begins = firsts.map((first, at) => (first > series[at]!.knownFrom ? first + 1 : first));
  const learnt = (at: number): number => series[at]!.values.length - judged - begins[at]!;
  const judgeable = series.map((_, at) => at).filter((at) => learnt(at) >= LEAST_LEARNT);
  const told = await expectSeries(
    judgeable.map((at) => ({ values: series[at]!.values.slice(begins[at]), judged })),
    kql,
    signal,
  );
  const compared: (Comparison | undefined)[] = series.map(() => undefined);
  for (const [i, at] of judgeable.entries()) {
    const { expected, unusual } = told[i]!;
    compared[at] = {
      gb: sum(series[at]!.values.slice(-judged)),
      expectedGb: sum(expected),
      unusualDays: days.filter((_, day) => unusual[day]),
    };
  }
  for (const [at, { values, knownFrom }] of series.entries())
    // A table that begins within the period, where the days before are known: nothing was to be expected of it.
    if (
      firsts[at]! >= values.length - judged &&
      firsts[at]! < values.length &&
      values.length - judged - knownFrom >= LEAST_LEARNT
    )
      compared[at] = {
        gb: sum(values.slice(-judged)),
        expectedGb: 0,
        unusualDays: days.filter((_, day) => values[values.length - judged + day]! > 0),
      };
  return compared.map((one, at) => {
    if (!one) return undefined;
    const peers = medianOfOthers(at, series, compared);
    return { ...one, ...(peers === undefined ? {} : { peers }) };
  });
}

function medianOfOthers(
  own: number,
  series: readonly TableSeries[],
  compared: readonly (Comparison | undefined)[],
): number | undefined {
  const { customer, table } = series[own]!;
  const ratios = series
    .flatMap((other, at) => {
      const one = compared[at];
      return other.table === table && other.customer !== customer && one && one.expectedGb > 0
        ? [one.gb / one.expectedGb]
        : [];
    })
    .sort((a, b) => a - b);
  if (ratios.length < LEAST_PEERS) return undefined;
  const middle = ratios.length >> 1;
  return ratios.length % 2 === 1 ? ratios[middle]! : (ratios[middle - 1]! + ratios[middle]!) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
