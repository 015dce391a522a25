import { TICKS } from './timespanText.ts';

/** Ticks of 1970-01-01, and the last tick of year 9999. */
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;
export const MAX_DATETIME_TICKS = 3_155_378_975_999_999_999n;

const DAY_MS = 86_400_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01 of a calendar date (proleptic Gregorian); undefined where there is no such date. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / DAY_MS;
}

function daysInMonth(year: number, month: number): number {
  return month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;
}

/** The calendar date of a tick count. */
export function dateParts(ticks: bigint): DateParts {
  const date = new Date(Number(ticks / TICKS.day - UNIX_EPOCH_TICKS / TICKS.day) * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Ticks of a date; undefined where there is no such date. */
export function dateTicks(year: number, month: number, day: number): bigint | undefined {
  const days = dayNumber(year, month, day);
  return days === undefined ? undefined : UNIX_EPOCH_TICKS + BigInt(days) * TICKS.day;
}

export function isDateTime(ticks: bigint): boolean {
  return ticks >= 0n && ticks <= MAX_DATETIME_TICKS;
}

/** `2022-01-31T23:59:59.1234567Z`, always with seven digits. */
export function formatDateTime(ticks: bigint): string {
  const { year, month, day } = dateParts(ticks);
  const two = (value: bigint | number) => String(value).padStart(2, '0');
  return (
    `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two((ticks / TICKS.hour) % 24n)}:${two((ticks / TICKS.minute) % 60n)}:` +
    `${two((ticks / TICKS.second) % 60n)}.${String(ticks % TICKS.second).padStart(7, '0')}Z`
  );
}

const TIME = String.raw`(?:(?:T|\s+)(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d+))?)?\s*(?<half>[AP]M)?\s*(?<zone>Z|UTC|GMT|[-+]\d{1,2}(?::?\d{2})?)?)?`;
const WEEKDAY = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?`;
const FORMS: readonly RegExp[] = [
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})${TIME}`,
  String.raw`(?<year>\d{4})/(?<month>\d{1,2})/(?<day>\d{1,2})${TIME}`,
  String.raw`(?<year>\d{4})\.(?<month>\d{1,2})\.(?<day>\d{1,2})${TIME}`,
  String.raw`(?<month>\d{1,2})[/-](?<day>\d{1,2})[/-](?<year>\d{4})${TIME}`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:[T ]?(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})(?:\.(?<fraction>\d+))?(?<zone>Z)?)?`,
  String.raw`${WEEKDAY}(?<day>\d{1,2})[ -](?<name>[a-z]{3,9})[ -](?<year>\d{4}|\d{2})${TIME}`,
  String.raw`${WEEKDAY}(?<name>[a-z]{3,9})\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})${TIME}`,
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})`,
  String.raw`(?<year>\d{4})`,
].map((form) => new RegExp(`^\\s*${form}\\s*$`, 'i'));

/**
 * A datetime as ticks, from ISO 8601 (an offset is applied), RFC 822, RFC 850, month/day/year and the sortable forms
 * that Kusto lists;
 * null for anything else.
 */
export function parseDateTime(text: string): bigint | null {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups) return fromGroups(groups);
  }
  return null;
}

function fromGroups(g: Record<string, string | undefined>): bigint | null {
  const month = g.name === undefined ? Number(g.month ?? 1) : MONTHS.indexOf(g.name.slice(0, 3).toLowerCase()) + 1;
  const short = Number(g.year);
  const year = g.year?.length === 2 ? (short < 50 ? 2000 + short : 1900 + short) : short;
  const date = dateTicks(year, month, Number(g.day ?? 1));
  if (date === undefined) return null;
  let hour = Number(g.hour ?? 0);
  if (g.half) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (g.half.toUpperCase() === 'PM' ? 12 : 0);
  }
  const minute = Number(g.minute ?? 0),
    second = Number(g.second ?? 0);
  const endOfDay = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59) return null;
  const ticks =
    date +
    BigInt(hour) * TICKS.hour +
    BigInt(minute) * TICKS.minute +
    BigInt(second) * TICKS.second +
    BigInt((g.fraction ?? '').slice(0, 7).padEnd(7, '0')) -
    zoneTicks(g.zone);
  return isDateTime(ticks) ? ticks : null;
}

function zoneTicks(zone: string | undefined): bigint {
  const match = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(zone ?? '');
  if (!match) return 0n;
  const minutes = BigInt(match[2] ?? 0) * 60n + BigInt(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * TICKS.minute;
}
