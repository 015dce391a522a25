import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { LocalKqlPort } from '../../ports/reports.ts';

/** A series of days whose last ones are judged by those before. */
export interface JudgedSeries {
  readonly values: readonly number[];
  /** How many of the last values are judged. */
  readonly judged: number;
}

/** What the days before let expect of each judged value, and whether it is out of line. */
export interface Expectation {
  readonly expected: readonly number[];
  readonly unusual: readonly boolean[];
}

/** A series has to have so many days to learn from: two of each day of the week. */
export const LEAST_LEARNT = 14;

/**
 * A week is the season; the days that are judged are not learnt from; 1.5 is Tukey's fence, as the function has it by
 * default (learn.microsoft.com: series_decompose_anomalies()).
 */
const QUERY = `Series
| extend (Flags, Scores, Baseline) = series_decompose_anomalies(Values, 1.5, 7, "linefit", toint(Judged), "ctukey")
| project Id, Flags, Baseline
| order by Id asc`;

/** Judges series by `series_decompose_anomalies`, all of them by one query. Rejects as the port does. */
export async function expectSeries(
  series: readonly JudgedSeries[],
  kql: LocalKqlPort,
  signal: CancelSignal,
): Promise<readonly Expectation[]> {
  if (series.length === 0) return [];
  const { rows } = await kql.answer(
    QUERY,
    [
      {
        name: 'Series',
        columns: [
          { name: 'Id', type: 'long' },
          { name: 'Judged', type: 'long' },
          { name: 'Values', type: 'dynamic' },
        ],
        rows: series.map(({ values, judged }, id) => [id, judged, JSON.stringify(values)]),
      },
    ],
    signal,
  );
  return series.map(({ judged }, id) => {
    const [, flags, baseline] = rows[id] ?? [];
    const last = (cell: unknown): number[] => numbersOf(cell).slice(-judged);
    return {
      // Nobody receives less than nothing.
      expected: last(baseline).map((value) => Math.max(0, value)),
      unusual: last(flags).map((flag) => flag !== 0),
    };
  });
}

function numbersOf(cell: unknown): number[] {
  const list: unknown = typeof cell === 'string' ? JSON.parse(cell) : undefined;
  if (!Array.isArray(list)) throw new AppError('engine.failed', 'The series could not be judged.');
  return list.map(Number);
}
