/** An exact decimal: `digits` times ten to the power of `-scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Digits a decimal has at most. */
export const DECIMAL_DIGITS = 34;
const abs = (value: bigint) => (value < 0n ? -value : value);

/** Reads the text form, exponents included; undefined where it is no number. */
export function readDecimal(text: string): Decimal | undefined {
  const match = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,4}))?\s*$/.exec(text);
  if (!match || !(match[2] || match[3])) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** Canonical digits: no exponent, no zeros at the end, rounded half to even at 34 digits. */
export function writeDecimal(value: Decimal): string {
  let { digits, scale } = value;
  const excess = abs(digits).toString().length - DECIMAL_DIGITS;
  if (excess > 0 && scale > 0) {
    const drop = Math.min(excess, scale);
    digits = divideRounding(digits, 10n ** BigInt(drop));
    scale -= drop;
  }
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale--;
  }
  const text = abs(digits)
    .toString()
    .padStart(scale + 1, '0');
  const body = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
  return digits < 0n ? `-${body}` : body;
}

/** `a / b` rounded half to even. */
export function divideRounding(a: bigint, b: bigint): bigint {
  const quotient = a / b,
    rest = abs(a % b) * 2n,
    divisor = abs(b);
  const up = rest > divisor || (rest === divisor && quotient % 2n !== 0n);
  return up ? quotient + (a < 0n !== b < 0n ? -1n : 1n) : quotient;
}

/** The canonical text of a decimal written in any way; undefined where it is none. */
export function parseDecimal(text: string): string | undefined {
  const value = readDecimal(text);
  return value ? writeDecimal(value) : undefined;
}
