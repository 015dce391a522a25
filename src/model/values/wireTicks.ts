/** The result of `readWireTicks`, as the two halves of the 64-bit number: no object and no bigint per cell. */
export const READ = { low: 0, high: 0 };

const WORD = 4_294_967_296;
/** A day is 201 times 2^32 ticks and these more. */
const DAY_HIGH = 201,
  DAY_LOW = 711_573_504;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `yyyy-MM-ddThh:mm:ss[.f{1,7}]Z`, the form the query API writes, into `READ`: ticks since year 1. False for
 * anything else, which `parseDatetime` may still know.
 */
export function readWireTicks(text: string): boolean {
  const { length } = text;
  if (length < 20 || length > 28 || text.charCodeAt(10) !== 84 || text.charCodeAt(length - 1) !== 90) return false;
  if (
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58
  )
    return false;
  const year = two(text, 0) * 100 + two(text, 2),
    month = two(text, 5),
    day = two(text, 8);
  const hour = two(text, 11),
    minute = two(text, 14),
    second = two(text, 17);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > MONTH_DAYS[month - 1]! && !(leap && month === 2 && day === 29)) return false;
  let fraction = 0;
  if (length > 20) {
    if (text.charCodeAt(19) !== 46 || length < 22) return false;
    for (let i = 20, unit = 1_000_000; i < length - 1; i++, unit /= 10) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return false;
      fraction += digit * unit;
    }
  }
  // Days by the proleptic Gregorian calendar, counted in years that begin in March.
  const shifted = month <= 2 ? year - 1 : year;
  const century = Math.floor(shifted / 100),
    dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = shifted * 365 + Math.floor(shifted / 4) - century + Math.floor(century / 4) + dayOfYear - 306;
  const low = days * DAY_LOW + (hour * 3_600 + minute * 60 + second) * 10_000_000 + fraction;
  READ.low = low % WORD;
  READ.high = days * DAY_HIGH + Math.floor(low / WORD);
  return true;
}

/** Two digits as a number; NaN where they are none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48,
    ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
