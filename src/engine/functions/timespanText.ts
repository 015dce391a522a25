/** Ticks of 100 ns in each unit of time. */
export const TICKS = {
  microsecond: 10n,
  millisecond: 10_000n,
  second: 10_000_000n,
  minute: 600_000_000n,
  hour: 36_000_000_000n,
  day: 864_000_000_000n,
} as const;

const INT64_MAX = 9223372036854775807n,
  INT64_MIN = -9223372036854775808n;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^d(ays?)?$/, 864e9],
  [/^h(r|rs|ours?)?$/, 36e9],
  [/^m(in|ins|inutes?)?$/, 6e8],
  [/^s(ec|ecs|econds?)?$/, 1e7],
  [/^(ms|millis?|milliseconds?)$/, 1e4],
  [/^(micros?|microseconds?)$/, 10],
  [/^(nanos?|nanoseconds?)$/, 0.01],
  [/^ticks?$/, 1],
];

/**
 * A timespan as ticks from `[-][d.]hh:mm[:ss[.f]]`, a number with a unit (`1.5h`), or a number of days; null for
 * anything else.
 */
export function parseTimespan(text: string): bigint | null {
  const trimmed = text.trim().toLowerCase();
  const clock = /^(-?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/.exec(trimmed);
  if (clock) return clockTicks(clock);
  const withUnit = /^(-?\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(trimmed);
  if (!withUnit) return null;
  const [, number = '', unit = ''] = withUnit;
  const size = unit === '' ? (number.includes('.') ? undefined : 864e9) : UNITS.find(([name]) => name.test(unit))?.[1];
  return size === undefined ? null : scaled(number, size);
}

function clockTicks(match: RegExpExecArray): bigint | null {
  const [, sign, days, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const ticks =
    BigInt(days ?? 0) * TICKS.day +
    BigInt(hours) * TICKS.hour +
    BigInt(minutes) * TICKS.minute +
    BigInt(seconds) * TICKS.second +
    BigInt(fraction.slice(0, 7).padEnd(7, '0'));
  return inRange(sign ? -ticks : ticks);
}

/** Exact for the digits people write: the number is scaled as a whole number, not as a double. */
function scaled(number: string, ticksPerUnit: number): bigint | null {
  const [whole = '0', fraction = ''] = number.replace('-', '').split('.');
  const digits = BigInt(whole + fraction),
    scale = 10n ** BigInt(fraction.length);
  const ticks = ticksPerUnit < 1 ? digits / (scale * 100n) : (digits * BigInt(ticksPerUnit)) / scale;
  return inRange(number.startsWith('-') ? -ticks : ticks);
}

function inRange(ticks: bigint): bigint | null {
  return ticks <= INT64_MAX && ticks >= INT64_MIN ? ticks : null;
}

/** `[-][d.]hh:mm:ss[.fffffff]` */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size / TICKS.day,
    fraction = size % TICKS.second;
  const two = (value: bigint) => String(value).padStart(2, '0');
  return (
    `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${two((size / TICKS.hour) % 24n)}:${two((size / TICKS.minute) % 60n)}:${two((size / TICKS.second) % 60n)}` +
    (fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : '')
  );
}
