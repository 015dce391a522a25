import { DECIMAL_DIGITS, divideRounding, readDecimal, writeDecimal } from '../../model/values/decimal.ts';
import type { Decimal } from '../../model/values/decimal.ts';

const abs = (value: bigint) => (value < 0n ? -value : value);

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

/** `a op b` on canonical texts; null where either is none or the divisor is zero. */
export function decimalArithmetic(op: '+' | '-' | '*' | '/' | '%', aText: string, bText: string): string | null {
  const a = readDecimal(aText),
    b = readDecimal(bText);
  if (!a || !b) return null;
  const [x, y, scale] = align(a, b);
  switch (op) {
    case '+':
      return writeDecimal({ digits: x + y, scale });
    case '-':
      return writeDecimal({ digits: x - y, scale });
    case '*':
      return writeDecimal({ digits: a.digits * b.digits, scale: a.scale + b.scale });
    case '/': {
      if (y === 0n) return null;
      const shift = Math.max(0, DECIMAL_DIGITS + 2 - (abs(x).toString().length - abs(y).toString().length));
      return writeDecimal({ digits: divideRounding(x * 10n ** BigInt(shift), y), scale: shift });
    }
    case '%':
      return y === 0n ? null : writeDecimal({ digits: ((x % y) + abs(y)) % abs(y), scale });
  }
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareDecimals(aText: string, bText: string): number {
  const a = readDecimal(aText),
    b = readDecimal(bText);
  if (!a || !b) return 0;
  const [x, y] = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Rounds half away from zero to `places` digits after the point (negative: before it). */
export function roundDecimal(text: string, places: number): string | null {
  const value = readDecimal(text);
  if (!value) return null;
  if (places >= value.scale) return writeDecimal(value);
  const unit = 10n ** BigInt(value.scale - places);
  const whole = ((abs(value.digits) + unit / 2n) / unit) * (value.digits < 0n ? -1n : 1n);
  return writeDecimal(
    places >= 0 ? { digits: whole, scale: places } : { digits: whole * 10n ** BigInt(-places), scale: 0 },
  );
}

/** The whole part. */
export function truncateDecimal(text: string): bigint | null {
  const value = readDecimal(text);
  return value ? value.digits / 10n ** BigInt(value.scale) : null;
}
