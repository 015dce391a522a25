import { parseDatetime } from '../../model/values/datetime.ts';
import { epochMs } from '../../model/values/ticks.ts';

/** A range of time, ms since 1970; an end that is missing is open. */
export interface TimeRange {
  readonly from?: number;
  readonly to?: number;
}

const DURATION =
  /^P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const MS = [365 * 86_400_000, 30 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000];

/** An ISO 8601 duration in ms (a year of 365 days, a month of 30); undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (!match || match.slice(1).every((part) => part === undefined)) return undefined;
  return MS.reduce((sum, ms, index) => sum + ms * Number(match[index + 1] ?? 0), 0);
}

/** `PT1H` (until now), `start/end`, `start/duration`, `duration/end`; undefined where it is none of them. */
export function parseTimespan(text: string, now: number): TimeRange | undefined {
  const [first, second, ...more] = text.trim().split('/');
  if (more.length || first === undefined) return undefined;
  if (second === undefined) {
    const duration = parseDuration(first);
    return duration === undefined ? undefined : { from: now - duration, to: now };
  }
  const [startDuration, endDuration] = [parseDuration(first), parseDuration(second)];
  const start = startDuration === undefined ? parseTime(first) : undefined;
  const end = endDuration === undefined ? parseTime(second) : undefined;
  if (startDuration !== undefined && end !== undefined) return { from: end - startDuration, to: end };
  if (start !== undefined && endDuration !== undefined) return { from: start, to: start + endDuration };
  return start === undefined || end === undefined ? undefined : { from: start, to: end };
}

function parseTime(text: string): number | undefined {
  const ticks = /^\s*\d{4}-\d{2}/.test(text) ? parseDatetime(text) : undefined;
  return ticks === undefined ? undefined : epochMs(ticks);
}

/** What lies in every range given; an empty one where they do not meet. */
export function intersect(ranges: readonly TimeRange[]): TimeRange | undefined {
  if (ranges.length === 0) return undefined;
  const from = Math.max(...ranges.map((range) => range.from ?? -Infinity));
  const to = Math.min(...ranges.map((range) => range.to ?? Infinity));
  return { from, to: Math.max(from, to) };
}
