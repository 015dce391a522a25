import { dateTicks, EPOCH_MS, isDatetime, TICKS } from './ticks.ts';

/** The months as English writes them, in lower case. */
export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const WEEKDAY = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?`;
/** The time of day behind a date, whatever it says: `clockTicks` reads it. */
const CLOCK = String.raw`(?:[T\s]\s*(?<clock>\S.*))?`;
const FORMS: readonly RegExp[] = [
  String.raw`(?<year>\d{4})\s*-\s*(?<month>\d{1,2})\s*-\s*(?<day>\d{1,2})${CLOCK}`,
  String.raw`(?<year>\d{4})([/.])(?<month>\d{1,2})\2(?<day>\d{1,2})${CLOCK}`,
  String.raw`(?<month>\d{1,2})[/-](?<day>\d{1,2})[/-](?<year>\d{4})${CLOCK}`,
  String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:[T ]?(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d(?:\.\d+)?)?Z?)?`,
  String.raw`(?<year>\d{4}),\s*(?<month>\d{1,2}),\s*(?<day>\d{1,2})(?:,\s*(?<hour>\d{1,2}))?(?:,\s*(?<minute>\d{1,2}))?(?:,\s*(?<second>\d{1,2}(?:\.\d+)?))?`,
  String.raw`${WEEKDAY}(?<day>\d{1,2})[ -](?<name>[a-z]{3,9})[ -](?<year>\d{4}|\d{2})${CLOCK}`,
  String.raw`${WEEKDAY}(?<name>[a-z]{3,9})\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})${CLOCK}`,
  String.raw`(?<year>\d{4})(?:-(?<month>\d{1,2}))?`,
].map((form) => new RegExp(`^\\s*${form}\\s*$`, 'i'));

/**
 * An instant in ticks since year 1, UTC; undefined where the text is none. Reads ISO 8601 and its shortenings (an
 * offset is applied), RFC 822 and RFC 850, month/day/year, dates with points, slashes, spaces or commas between their
 * parts. The documentation has one list of formats for `datetime()` and `todatetime()`
 * (learn.microsoft.com/kusto/query/scalar-data-types/datetime), so there is nothing to choose between the two here.
 */
export function parseDatetime(text: string): bigint | undefined {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups) return fromGroups(groups);
  }
  return undefined;
}

function fromGroups(groups: Readonly<Record<string, string | undefined>>): bigint | undefined {
  const { name, clock, hour = '0', minute = '0', second = '0' } = groups;
  const month = name === undefined ? Number(groups.month ?? 1) : monthNamed(name);
  const date = dateTicks(yearOf(groups.year ?? ''), month, Number(groups.day ?? 1));
  const time = clockTicks(clock?.trimEnd() ?? `${hour}:${minute}:${second}`);
  if (date === undefined || time === undefined) return undefined;
  return isDatetime(date + time) ? date + time : undefined;
}

/** A year of two digits is one of 1950 to 2049, as .NET's invariant calendar has it. */
function yearOf(digits: string): number {
  const year = Number(digits);
  return digits.length > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
}

/** 1 to 12 of a name or its beginning; 0 where there is none. */
function monthNamed(name: string): number {
  return MONTHS.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;
}

/** Ticks since midnight UTC, negative or beyond a day where an offset moves them; undefined where it is no time. */
function clockTicks(text: string): bigint | undefined {
  const match =
    /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,:](\d+))?)?)?\s*(AM|PM)?\s*(?:Z|UTC|GMT|([-+])(\d{1,2})(?::?(\d{2}))?)?$/i.exec(
      text,
    );
  if (!match || /^\d+$/.test(text)) return undefined;
  const [, hourText, minuteText = '0', secondText = '0', digits = '', half, sign, offsetHours, offsetMinutes] = match;
  const fraction = digits.slice(0, 7).padEnd(7, '0');
  let hours = Number(hourText);
  if (half) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  }
  const [minutes, seconds] = [Number(minuteText), Number(secondText)];
  // ISO 8601: 24:00 is the end of a day.
  const ends = hours === 24 && minutes === 0 && seconds === 0 && Number(fraction) === 0;
  if ((hours > 23 && !ends) || minutes > 59 || seconds > 59) return undefined;
  const offset = sign === undefined ? 0 : Number(offsetHours) * 60 + Number(offsetMinutes ?? 0);
  // .NET reads no other offsets: 14 hours at most (learn.microsoft.com/dotnet/api/system.datetimeoffset), 59 minutes.
  if (offset > 14 * 60 || Number(offsetMinutes ?? 0) > 59) return undefined;
  const whole = hours * 3600 + minutes * 60 + seconds + offset * (sign === '-' ? 60 : -60);
  return BigInt(whole) * TICKS.second + BigInt(fraction);
}

/** `2024-01-31T23:59:59.1230000Z`: always seven digits, as `tostring()` and the engine's answers have it. */
export function formatDatetime(ticks: bigint): string {
  return `${millisecondsText(ticks)}${String(ticks % TICKS.millisecond).padStart(4, '0')}Z`;
}

/** `2024-01-31T23:59:59.123Z`: no zeros behind the fraction, none for whole seconds, as Log Analytics answers. */
export function formatDatetimeShort(ticks: bigint): string {
  const text = millisecondsText(ticks);
  const fraction = `${text.slice(20)}${String(ticks % TICKS.millisecond).padStart(4, '0')}`.replace(/0+$/, '');
  return `${text.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** `2024-01-31T23:59:59.123Z`: milliseconds and no more, for who takes ISO text as JavaScript writes it. */
export function formatDatetimeMs(ticks: bigint): string {
  return `${millisecondsText(ticks)}Z`;
}

/** ISO text to the millisecond, without a zone. */
function millisecondsText(ticks: bigint): string {
  return new Date(Number(ticks / TICKS.millisecond) - EPOCH_MS).toISOString().slice(0, 23);
}
