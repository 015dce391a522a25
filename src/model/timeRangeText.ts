import type { TimeRange } from './timeRange.ts';
import { formatDatetimeMs, parseDatetime } from './values/datetime.ts';

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 };
/** Longest duration that is taken: a hundred years, so that every end of it is a time. */
const MOST_MINUTES = 52_560_000;

/**
 * `24h`, `30m`, `7d`, `PT1H`, `P1DT12H`, or two times `2024-01-01/2024-01-02T12:00:00Z`. `reversed` for two times of
 * which the second is not the later one, `unreadable` for everything else.
 */
export function parseTimeRange(text: string): TimeRange | 'unreadable' | 'reversed' {
  const short = /^(\d{1,6})([mhdw])$/i.exec(text);
  if (short) return last(Number(short[1]) * MINUTES[short[2]!.toLowerCase()]!);
  const iso = /^P(?:(\d{1,8})W)?(?:(\d{1,8})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,8})M)?)?$/i.exec(text);
  if (iso && text.length > 2 && !/T$/i.test(text)) {
    const [weeks, days, hours, minutes] = iso.slice(1).map((part) => Number(part ?? 0));
    return last(weeks! * 10_080 + days! * 1440 + hours! * 60 + minutes!);
  }
  const [from, to, more] = text.split('/');
  if (from === undefined || to === undefined || more !== undefined) return 'unreadable';
  const [begin, end] = [toIso(from), toIso(to)];
  if (begin === undefined || end === undefined) return 'unreadable';
  return begin >= end ? 'reversed' : { kind: 'between', from: begin, to: end };
}

function last(minutes: number): TimeRange | 'unreadable' {
  return minutes > 0 && minutes <= MOST_MINUTES ? { kind: 'last', minutes } : 'unreadable';
}

function toIso(text: string): string | undefined {
  const ticks = /^\d{4}-/.test(text) ? parseDatetime(text) : undefined;
  return ticks === undefined ? undefined : formatDatetimeMs(ticks);
}

/** `Last 24 hours`, `2026-01-01 to 2026-01-31`, `Set in query`. */
export function timeRangeLabel(range: TimeRange): string {
  if (range.kind === 'inQuery') return 'Set in query';
  if (range.kind === 'between') return `${shortTime(range.from)} to ${shortTime(range.to)}`;
  const [count, unit] =
    range.minutes % 1440 === 0 && range.minutes > 1440
      ? [range.minutes / 1440, 'day']
      : range.minutes % 60 === 0
        ? [range.minutes / 60, 'hour']
        : [range.minutes, 'minute'];
  return `Last ${count === 1 ? '' : `${count} `}${unit}${count === 1 ? '' : 's'}`;
}

function shortTime(iso: string): string {
  return iso
    .replace(/T00:00(:00(\.0+)?)?Z$/, '')
    .replace('T', ' ')
    .replace(/:00(\.0+)?Z$/, '');
}
