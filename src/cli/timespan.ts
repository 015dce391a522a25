import { AppError } from '../base/errors.ts';
import type { TimeRange } from '../model/timeRange.ts';
import { formatDatetimeMs, parseDatetime } from '../model/values/datetime.ts';

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 };

/**
 * `24h`, `30m`, `7d`, `PT1H`, `P1DT12H`, or two times `2024-01-01/2024-01-02T12:00:00Z`. What is not given the query
 * says. Throws `input.timespan`.
 */
export function parseTimespanOption(text: string | undefined): TimeRange {
  if (text === undefined) return { kind: 'inQuery' };
  const wrong = (): AppError =>
    new AppError(
      'input.timespan',
      `--timespan is a duration (30m, 24h, 7d, PT1H) or two times (2024-01-01/2024-01-02), not "${text.slice(0, 60)}".`,
    );
  const short = /^(\d{1,6})([mhdw])$/i.exec(text);
  if (short) return last(Number(short[1]) * MINUTES[short[2]!.toLowerCase()]!, wrong);
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/i.exec(text);
  if (iso && text.length > 2 && !/T$/i.test(text)) {
    const [weeks, days, hours, minutes] = iso.slice(1).map((part) => Number(part ?? 0));
    return last(weeks! * 10_080 + days! * 1440 + hours! * 60 + minutes!, wrong);
  }
  const [from, to, more] = text.split('/');
  if (from === undefined || to === undefined || more !== undefined) throw wrong();
  const [begin, end] = [toIso(from, wrong), toIso(to, wrong)];
  if (begin >= end) throw new AppError('input.timespan', '--timespan ends before it begins.');
  return { kind: 'between', from: begin, to: end };
}

function last(minutes: number, wrong: () => AppError): TimeRange {
  if (!(minutes > 0)) throw wrong();
  return { kind: 'last', minutes };
}

function toIso(text: string, wrong: () => AppError): string {
  const ticks = /^\d{4}-/.test(text) ? parseDatetime(text) : undefined;
  if (ticks === undefined) throw wrong();
  return formatDatetimeMs(ticks);
}
