/** Ticks of 100 ns in each unit of time. Instants are ticks since 0001-01-01T00:00:00Z, spans are ticks alone. */
export const TICKS = {
  microsecond: 10n,
  millisecond: 10_000n,
  second: 10_000_000n,
  minute: 600_000_000n,
  hour: 36_000_000_000n,
  day: 864_000_000_000n,
} as const;

/** Ticks of 1970-01-01. */
export const EPOCH_TICKS = 621_355_968_000_000_000n;
/** Ticks of 9999-12-31T23:59:59.9999999, the last datetime. */
export const MAX_DATETIME_TICKS = 3_155_378_975_999_999_999n;
/** Milliseconds from year 1 to 1970. */
export const EPOCH_MS = 62_135_596_800_000;

const DAY_MS = 86_400_000;

/** Whether an instant lies within the years 1 to 9999. */
export function isDatetime(ticks: bigint): boolean {
  return ticks >= 0n && ticks <= MAX_DATETIME_TICKS;
}

/** The instant of whole milliseconds since 1970 (what the clock says); fractions of one are dropped. */
export function ticksOfMs(ms: number): bigint {
  return BigInt(Math.floor(ms)) * TICKS.millisecond + EPOCH_TICKS;
}

/** An instant as milliseconds since 1970, with their fraction as far as a double holds it. */
export function epochMs(ticks: bigint): number {
  // Ticks since year 1 as one double would be right to 128 of them only.
  return Number(ticks / TICKS.millisecond) - EPOCH_MS + Number(ticks % TICKS.millisecond) / 10_000;
}

/** Ticks of midnight of a calendar date (proleptic Gregorian, month from 1); undefined where there is no such date. */
export function dateTicks(year: number, month: number, day: number): bigint | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  // Date.UTC takes a year below 100 for one of the 20th century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return EPOCH_TICKS + BigInt(date.getTime() / DAY_MS) * TICKS.day;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The calendar date of an instant, month from 1. */
export function dateParts(ticks: bigint): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(Number(ticks / TICKS.day - EPOCH_TICKS / TICKS.day) * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
