import { INT64_MAX, INT64_MIN } from './numbers.ts';
import { TICKS } from './ticks.ts';

/** Ticks in one of each unit, as a fraction: of a nanosecond there are a hundred in a tick. */
const UNITS: readonly (readonly [RegExp, bigint, bigint])[] = [
  [/^d(ays?)?$/, TICKS.day, 1n],
  [/^h(rs?|ours?)?$/, TICKS.hour, 1n],
  [/^m(ins?|inutes?)?$/, TICKS.minute, 1n],
  [/^s(ecs?|econds?)?$/, TICKS.second, 1n],
  [/^(ms|millis?|millisec|milliseconds?)$/, TICKS.millisecond, 1n],
  [/^(micros?|microsec|microseconds?)$/, TICKS.microsecond, 1n],
  [/^(nanos?|nanosec|nanoseconds?)$/, 1n, 100n],
  [/^ticks?$/, 1n, 1n],
];

/**
 * A span in ticks; undefined where the text is none or does not fit 64 bits. Reads `[-][d.]hh:mm[:ss[.f]]` (also with
 * `d:` before a whole clock), a number with a unit (`1.5h`, `15 seconds`), and a whole number of days. A fraction
 * without a unit is no span: the service's `totimespan('1.5')` is null. Parts of a tick are dropped.
 */
export function parseTimespan(text: string): bigint | undefined {
  const bare = text.trim();
  const clock = /^([-+]?)(?:(\d+)(?:\.|:(?=\d{1,2}:\d{1,2}:\d)))?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?$/.exec(
    bare,
  );
  if (clock) return clockTicks(clock);
  const amount = /^([-+]?)(\d+)(?:\.(\d+))?\s*([a-z]*)$/.exec(bare.toLowerCase());
  if (!amount) return undefined;
  const [, sign, whole = '', fraction = '', word = ''] = amount;
  const unit = word === '' && fraction === '' ? UNITS[0] : UNITS.find(([name]) => name.test(word));
  if (!unit) return undefined;
  // Scaled as a whole number, not as a double: exact for the digits people write.
  return signed(sign, (BigInt(whole + fraction) * unit[1]) / (unit[2] * 10n ** BigInt(fraction.length)));
}

function clockTicks(match: RegExpExecArray): bigint | undefined {
  const [, sign, days = '0', hours, minutes, seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const clock = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return signed(
    sign,
    BigInt(days) * TICKS.day + BigInt(clock) * TICKS.second + BigInt(fraction.slice(0, 7).padEnd(7, '0')),
  );
}

function signed(sign: string | undefined, size: bigint): bigint | undefined {
  const ticks = sign === '-' ? -size : size;
  return ticks >= INT64_MIN && ticks <= INT64_MAX ? ticks : undefined;
}

/** `[-][d.]hh:mm:ss[.fffffff]`: days where there are any, a fraction of seven digits where there is one. */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size / TICKS.day;
  const fraction = size % TICKS.second;
  const seconds = Number((size / TICKS.second) % 86_400n);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const behind = fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : '';
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${behind}`;
}
