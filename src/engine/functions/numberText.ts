const INT64_MAX = 9223372036854775807n,
  INT64_MIN = -9223372036854775808n;

/**
 * A double as the engine writes it: the shortest digits that read back, always with a point or an exponent (`1.0`,
 * `1e30`).
 */
export function formatReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value).replace('e+', 'e');
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A whole number in decimal or 0x form; null for anything else or beyond int64. */
export function parseLong(text: string): bigint | null {
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)\s*$/.exec(text);
  if (!match) return null;
  const digits = match[2] ?? '';
  const hex = /^0[xX]/.test(digits);
  const magnitude = BigInt(digits);
  const value = match[1] === '-' ? -magnitude : magnitude;
  if (hex && value > INT64_MAX) return value <= 0xffffffffffffffffn ? BigInt.asIntN(64, value) : null;
  return value <= INT64_MAX && value >= INT64_MIN ? value : null;
}

/** A real number; null where the text is none. */
export function parseReal(text: string): number | null {
  const trimmed = text.trim();
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const word = trimmed.toLowerCase();
  if (word === 'nan') return Number.NaN;
  if (/^[+]?inf(inity)?$/.test(word)) return Number.POSITIVE_INFINITY;
  if (/^-inf(inity)?$/.test(word)) return Number.NEGATIVE_INFINITY;
  const hex = /^[-+]?0x/.test(word) ? parseLong(trimmed) : null;
  return hex === null ? null : Number(hex);
}

/** "true", "false" in any case, or a whole number (anything but 0 is true). */
export function parseBool(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  const number = parseLong(word);
  return number === null ? null : number !== 0n;
}

/**
 * A GUID in any of the usual dressings, as 32 lower-case digits with dashes; what comes after its digits is not looked
 * at.
 */
export function parseGuid(text: string): string | null {
  const match = /^\s*[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})/i.exec(text);
  return match ? match.slice(1).join('-').toLowerCase() : null;
}

/** The whole part of a double as a long; null where it has none or does not fit. */
export function truncateToLong(value: number): bigint | null {
  if (!Number.isFinite(value)) return null;
  const whole = BigInt(Math.trunc(value));
  return whole <= INT64_MAX && whole >= INT64_MIN ? whole : null;
}

export function fitsInt(value: bigint): boolean {
  return value >= -2147483648n && value <= 2147483647n;
}
