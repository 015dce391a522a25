import type { KqlType } from '../model/kqlType.ts';

/**
 * A literal's value: bool boolean; int, long, datetime, timespan bigint (ticks of 100 ns, datetimes since year 1); real
 * number; the rest text.
 */
export type LiteralValue = boolean | bigint | number | string | null;

const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;
/** Ticks of 1970-01-01. */
export const EPOCH_TICKS = 621_355_968_000_000_000n;
/** Ticks of 9999-12-31T23:59:59.9999999, the last datetime. */
export const MAX_DATETIME_TICKS = 3_155_378_975_999_999_999n;

/**
 * The value of a literal token as written (`5`, `0x1F`, `real(nan)`, `datetime(2020-01-01)`, `1.5h`, `@'a\b'`),
 * undefined where it has none.
 * The generated parser's own values are wrong for hexadecimal, NaN and fractions of a millisecond, so the text is read
 * here.
 */
export function parseLiteral(type: KqlType, text: string): LiteralValue | undefined {
  if (type === 'string') return parseString(text);
  const inner = /^[a-z0-9_]+\s*\(\s*([\s\S]*?)\s*\)$/i.exec(text)?.[1];
  const body = unquote(inner ?? text.trim());
  if (inner !== undefined && /^null$/i.test(body)) return null;
  switch (type) {
    case 'bool':
      return /^(true|1)$/i.test(body) ? true : /^(false|0)$/i.test(body) ? false : undefined;
    case 'int':
    case 'long':
      return parseInteger(body, type);
    case 'real':
      return parseReal(body);
    case 'decimal':
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(body) ? body : undefined;
    // The service reads a literal date with spaces about its hyphens.
    case 'datetime':
      return parseDatetime(body.replace(/^(\s*\d{4})\s*-\s*(\d{1,2})\s*-\s*(\d{1,2})(?=\s*$)/, '$1-$2-$3'));
    case 'timespan':
      return parseTimespan(body);
    case 'guid':
      return parseGuid(body);
    case 'dynamic':
      return undefined;
  }
}

function unquote(text: string): string {
  return text.length >= 2 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0] ? text.slice(1, -1) : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
/** A string token: quoted, verbatim (`@`), multi-line (three backticks or tildes), hidden (`h`). */
export function parseString(text: string): string | undefined {
  const bare = /^[hH]/.test(text) ? text.slice(1) : text;
  if (bare.startsWith('```') || bare.startsWith('~~~'))
    return bare.slice(3, bare.endsWith(bare.slice(0, 3)) ? -3 : undefined);
  const verbatim = bare.startsWith('@');
  const quoted = verbatim ? bare.slice(1) : bare;
  const quote = quoted[0];
  if (quote !== '"' && quote !== "'") return undefined;
  const body = quoted.slice(1, quoted.endsWith(quote) && quoted.length > 1 ? -1 : undefined);
  if (verbatim) return body.replaceAll(quote + quote, quote);
  return body.replace(
    /\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g,
    (whole, escape: string) => {
      if (/^[uUx]./.test(escape)) return String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
      if (/^[0-7]{2,3}$/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
      return ESCAPES[escape] ?? whole;
    },
  );
}

function parseInteger(text: string, type: 'int' | 'long'): bigint | undefined {
  const match = /^([-+]?)\s*(0x[0-9a-f]+|\d+)$/i.exec(text);
  if (!match) return undefined;
  const size = BigInt(match[2]!);
  const value = match[1] === '-' ? -size : size;
  const bits = type === 'int' ? 32 : 64;
  // A hexadecimal literal may set the sign bit.
  const fitted = /^0x/i.test(match[2]!) ? BigInt.asIntN(bits, value) : value;
  return BigInt.asIntN(bits, fitted) === fitted ? fitted : undefined;
}

function parseReal(text: string): number | undefined {
  const named = /^([-+]?)(nan|inf|infinity)$/i.exec(text);
  if (named) return /nan/i.test(named[2]!) ? Number.NaN : named[1] === '-' ? -Infinity : Infinity;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A guid in any of the usual writings, as lower-case text with dashes. */
export function parseGuid(text: string): string | undefined {
  const digits = text
    .trim()
    .replace(/^[{(]|[)}]$/g, '')
    .replaceAll('-', '')
    .toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits)
    ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined;
}

const UNITS: readonly (readonly [RegExp, bigint])[] = [
  [/^(d|days?)$/i, TICKS_PER_DAY],
  [/^(h|hrs?|hours?)$/i, 36_000_000_000n],
  [/^(m|mins?|minutes?)$/i, 600_000_000n],
  [/^(s|secs?|seconds?)$/i, TICKS_PER_SECOND],
  [/^(ms|millis?|milliseconds?)$/i, 10_000n],
  [/^(micros?|microseconds?)$/i, 10n],
  [/^(nanos?|nanoseconds?)$/i, 0n],
  [/^(ticks?)$/i, 1n],
];
/** A timespan in ticks: `1.5h`, `-3d`, `[-][d.]hh:mm[:ss[.fffffff]]`, or a bare number of days. */
export function parseTimespan(text: string): bigint | undefined {
  const clock =
    /^([-+]?)(?:(\d+)(?:\.|:(?=\d{1,2}:\d{1,2}:\d)))?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(
      text.trim(),
    );
  if (clock) {
    const [, sign, days, hours, minutes, seconds, fraction] = clock;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined;
    const ticks =
      BigInt(days ?? 0) * TICKS_PER_DAY +
      (BigInt(hours!) * 3600n + BigInt(minutes!) * 60n + BigInt(seconds ?? 0)) * TICKS_PER_SECOND +
      BigInt((fraction ?? '').padEnd(7, '0'));
    return sign === '-' ? -ticks : ticks;
  }
  const match = /^([-+]?)(\d+)(?:\.(\d+))?\s*([a-z]*)$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = match[4] === '' ? TICKS_PER_DAY : UNITS.find(([name]) => name.test(match[4]!))?.[1];
  if (unit === undefined) return undefined;
  const fraction = match[3] ?? '';
  const scaled = BigInt(match[2]! + fraction) * (unit === 0n ? 1n : unit);
  const divisor = 10n ** BigInt(fraction.length) * (unit === 0n ? 100n : 1n);
  const ticks = (scaled + divisor / 2n) / divisor;
  return match[1] === '-' ? -ticks : ticks;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/**
 * A datetime in ticks since year 1, UTC: ISO 8601 and its shortenings, `MM/dd/yyyy`, RFC 822 and RFC 850 dates;
 * undefined where there is none.
 */
export function parseDatetime(text: string): bigint | undefined {
  const bare = text.trim();
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:(?:[T ]|\s+)(.+))?)?)?$/i.exec(bare);
  if (iso) return assemble(iso[1]!, iso[2] ?? '1', iso[3] ?? '1', iso[4]);
  const compact = /^(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?$/.exec(bare);
  if (compact)
    return assemble(
      compact[1]!,
      compact[2]!,
      compact[3]!,
      compact[4] === undefined ? undefined : `${compact[4]}:${compact[5]}:${compact[6] ?? '00'}`,
    );
  const parts =
    /^(\d{4}),\s*(\d{1,2}),\s*(\d{1,2})(?:,\s*(\d{1,2}))?(?:,\s*(\d{1,2}))?(?:,\s*(\d{1,2}(?:\.\d+)?))?$/.exec(bare);
  if (parts)
    return assemble(parts[1]!, parts[2]!, parts[3]!, `${parts[4] ?? '0'}:${parts[5] ?? '0'}:${parts[6] ?? '0'}`);
  const american = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\s+(.+))?$/.exec(bare);
  if (american) return assemble(american[3]!, american[1]!, american[2]!, american[4]);
  const yearFirst = /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?:[T\s]+(.+))?$/.exec(bare);
  if (yearFirst) return assemble(yearFirst[1]!, yearFirst[2]!, yearFirst[3]!, yearFirst[4]);
  const worded = /^(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]([a-z]{3,9})[\s-](\d{2,4})(?:\s+(.+))?$/i.exec(bare);
  const wordedFirst = worded
    ? null
    : /^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\s+(\d{1,2}),?\s+(\d{4})(?:\s+(.+))?$/i.exec(bare);
  const [day, name, year, rest] = worded
    ? worded.slice(1)
    : wordedFirst
      ? [wordedFirst[2], wordedFirst[1], wordedFirst[3], wordedFirst[4]]
      : [];
  if (day === undefined || name === undefined || year === undefined) return undefined;
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? undefined : assemble(year.length === 2 ? `20${year}` : year, String(month), day, rest);
}

function assemble(
  yearText: string,
  monthText: string,
  dayText: string,
  clockText: string | undefined,
): bigint | undefined {
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)];
  if (
    year < 1 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > new Date(Date.UTC(year < 100 ? year + 400 : year, month, 0)).getUTCDate()
  )
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const clock = clockText === undefined ? 0n : parseClock(clockText.trim());
  if (clock === undefined) return undefined;
  const ticks = BigInt(date.getTime()) * 10_000n + EPOCH_TICKS + clock;
  return ticks < 0n || ticks > MAX_DATETIME_TICKS ? undefined : ticks;
}

function parseClock(text: string): bigint | undefined {
  const match =
    /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,:](\d+))?)?)?\s*(AM|PM)?\s*(Z|UTC|GMT|[-+]\d{1,2}(?::?\d{2})?)?$/i.exec(
      text,
    );
  if (!match || (match[2] === undefined && match[5] === undefined && match[6] === undefined)) return undefined;
  const [, hourText, minuteText, secondText, fraction, half, zone] = match;
  let hours = Number(hourText);
  if (half) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  }
  const [minutes, seconds] = [Number(minuteText ?? 0), Number(secondText ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const offset = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(zone ?? '');
  const shift = offset ? BigInt(Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * (offset[1] === '-' ? 1n : -1n) : 0n;
  return (
    (BigInt(hours * 3600 + minutes * 60 + seconds) + shift * 60n) * TICKS_PER_SECOND +
    BigInt((fraction ?? '').slice(0, 7).padEnd(7, '0'))
  );
}

/** Ticks as ISO text with seven digits and Z. */
export function formatDatetime(ticks: bigint): string {
  const sinceEpoch = ticks - EPOCH_TICKS;
  const seconds =
    (sinceEpoch - (((sinceEpoch % TICKS_PER_SECOND) + TICKS_PER_SECOND) % TICKS_PER_SECOND)) / TICKS_PER_SECOND;
  const fraction = (sinceEpoch - seconds * TICKS_PER_SECOND).toString().padStart(7, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
/** Ticks as `[-][d.]hh:mm:ss[.fffffff]`. */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const two = (n: bigint): string => n.toString().padStart(2, '0');
  const [days, seconds, fraction] = [
    size / TICKS_PER_DAY,
    (size / TICKS_PER_SECOND) % 86_400n,
    size % TICKS_PER_SECOND,
  ];
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction > 0n ? `.${fraction.toString().padStart(7, '0')}` : ''}`;
}
