import { AppError } from '../base/errors.ts';
import type { TimeRange } from '../model/timeRange.ts';
import { parseTimeRange } from '../model/timeRangeText.ts';

/** The time range of `--timespan`; what is not given the query says. Throws `input.timespan`. */
export function parseTimespanOption(text: string | undefined): TimeRange {
  if (text === undefined) return { kind: 'inQuery' };
  const range = parseTimeRange(text);
  if (range === 'reversed') throw new AppError('input.timespan', '--timespan ends before it begins.');
  if (range === 'unreadable')
    throw new AppError(
      'input.timespan',
      `--timespan is a duration (30m, 24h, 7d, PT1H) or two times (2024-01-01/2024-01-02), not "${text.slice(0, 60)}".`,
    );
  return range;
}
