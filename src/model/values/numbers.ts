/** The ends of a long. */
export const INT64_MAX = 9_223_372_036_854_775_807n;
/** The least value of a long. */
export const INT64_MIN = -9_223_372_036_854_775_808n;
/** The greatest int. */
export const INT32_MAX = 2_147_483_647n;
/** The least int. */
export const INT32_MIN = -2_147_483_648n;

/** A whole number of 64 bits in decimal or 0x form; undefined for anything else or beyond them. */
export function parseLong(text: string): bigint | undefined {
  return parseWhole(text, 64);
}

/** As `parseLong`, of 32 bits. */
export function parseInt32(text: string): bigint | undefined {
  return parseWhole(text, 32);
}

function parseWhole(text: string, bits: 32 | 64): bigint | undefined {
  const match = /^\s*([-+]?)(0x[0-9a-f]+|\d+)\s*$/i.exec(text);
  if (!match) return undefined;
  const size = BigInt(match[2]!);
  // Hexadecimal digits without a sign are the bits themselves: 0xFFFFFFFFFFFFFFFF is -1.
  if (match[1] === '' && /^0x/i.test(match[2]!) && BigInt.asUintN(bits, size) === size)
    return BigInt.asIntN(bits, size);
  const value = match[1] === '-' ? -size : size;
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

/** Whether a whole number fits an int. */
export function fitsInt(value: bigint): boolean {
  return BigInt.asIntN(32, value) === value;
}

/** A double: digits with or without point and exponent, `nan`, `inf`, `infinity`, 0x; undefined where it is none. */
export function parseReal(text: string): number | undefined {
  const bare = text.trim();
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(bare)) return Number(bare);
  const word = /^([-+]?)(nan|inf|infinity)$/i.exec(bare);
  if (word) return /nan/i.test(word[2]!) ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  const hex = /^[-+]?0x/i.test(bare) ? parseLong(bare) : undefined;
  return hex === undefined ? undefined : Number(hex);
}

/**
 * A double as the service writes it in text: the shortest digits that read back, always with a point or an exponent
 * (`1.0`, `1e30`).
 */
export function formatReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value).replace('e+', 'e');
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The whole part of a double as a long; undefined where it has none or does not fit. */
export function truncateToLong(value: number): bigint | undefined {
  if (!Number.isFinite(value)) return undefined;
  const whole = BigInt(Math.trunc(value));
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}
