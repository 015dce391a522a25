/**
 * Times and spans for expectations: read and written here without the product's own parser, which is what is tested.
 * Both are ticks of 100 ns, times from 0001-01-01.
 */
const TICKS_OF_MS = 10_000n;
const TICKS_OF_EPOCH = 621_355_968_000_000_000n;

/** Ticks of `2024-02-29T12:34:56.1234567Z` and its shorter forms; the text itself where it is none. */
export function readTime(text: string): bigint | string {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?Z?$/.exec(text);
  if (!found) return text;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  // Years below 100 are not of the last century here.
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year, month - 1, day);
  return BigInt(date.getTime()) * TICKS_OF_MS + TICKS_OF_EPOCH + BigInt((found[7] ?? '').padEnd(7, '0'));
}

/** Ticks of `-1.02:03:04.5` and its shorter forms; the text itself where it is none. */
export function readSpan(text: string): bigint | string {
  const found = /^(-)?(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?$/.exec(text);
  if (!found) return text;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(2, 6).map((part) => Number(part ?? 0));
  const ticks =
    BigInt(((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 10_000_000n + BigInt((found[6] ?? '').padEnd(7, '0'));
  return found[1] ? -ticks : ticks;
}

/** A time as an answer of the engine has it, with seven digits: `2024-02-29T12:34:56.1234567Z`. */
export function writeTime(ticks: bigint): string {
  const sinceEpoch = ticks - TICKS_OF_EPOCH;
  const fraction = ((sinceEpoch % 10_000_000n) + 10_000_000n) % 10_000_000n;
  const seconds = new Date(Number((sinceEpoch - fraction) / TICKS_OF_MS)).toISOString().slice(0, 19);
  return `${seconds}.${String(fraction).padStart(7, '0')}Z`;
}

/** A span as an answer has it: `-1.02:03:04.5000000`, days and fraction only where there are any. */
export function writeSpan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const seconds = size / 10_000_000n;
  const two = (n: bigint): string => String(n).padStart(2, '0');
  const days = seconds / 86_400n;
  const clock = `${two((seconds / 3_600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const fraction = size % 10_000_000n;
  return [
    ticks < 0n ? '-' : '',
    days > 0n ? `${days}.` : '',
    clock,
    fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : '',
  ].join('');
}
