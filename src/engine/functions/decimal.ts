/** An exact decimal: `digits` times ten to the power of `-scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const PRECISION = 34;
const abs = (value: bigint) => (value < 0n ? -value : value);

/** Reads the text form, exponents included; undefined where it is no number. */
function read(text: string): Decimal | undefined {
  const match = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,4}))?\s*$/.exec(text);
  if (!match || !(match[2] || match[3])) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** Canonical digits: no exponent, no zeros at the end, rounded half to even at 34 digits. */
function write(value: Decimal): string {
  let { digits, scale } = value;
  const excess = abs(digits).toString().length - PRECISION;
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

function divideRounding(a: bigint, b: bigint): bigint {
  const quotient = a / b,
    rest = abs(a % b) * 2n,
    divisor = abs(b);
  const up = rest > divisor || (rest === divisor && quotient % 2n !== 0n);
  return up ? quotient + (a < 0n !== b < 0n ? -1n : 1n) : quotient;
}

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

/** The canonical text of a decimal written in any way; null where it is none. */
export function parseDecimal(text: string): string | null {
  const value = read(text);
  return value ? write(value) : null;
}

/** `a op b` on canonical texts; null where either is none or the divisor is zero. */
export function decimalArithmetic(op: '+' | '-' | '*' | '/' | '%', aText: string, bText: string): string | null {
  const a = read(aText),
    b = read(bText);
  if (!a || !b) return null;
  const [x, y, scale] = align(a, b);
  switch (op) {
    case '+':
      return write({ digits: x + y, scale });
    case '-':
      return write({ digits: x - y, scale });
    case '*':
      return write({ digits: a.digits * b.digits, scale: a.scale + b.scale });
    case '/': {
      if (y === 0n) return null;
      const shift = Math.max(0, PRECISION + 2 - (abs(x).toString().length - abs(y).toString().length));
      return write({ digits: divideRounding(x * 10n ** BigInt(shift), y), scale: shift });
    }
    case '%':
      return y === 0n ? null : write({ digits: ((x % y) + abs(y)) % abs(y), scale });
  }
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareDecimals(aText: string, bText: string): number {
  const a = read(aText),
    b = read(bText);
  if (!a || !b) return 0;
  const [x, y] = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Rounds half away from zero to `places` digits after the point (negative: before it). */
export function roundDecimal(text: string, places: number): string | null {
  const value = read(text);
  if (!value) return null;
  if (places >= value.scale) return write(value);
  const unit = 10n ** BigInt(value.scale - places);
  const whole = ((abs(value.digits) + unit / 2n) / unit) * (value.digits < 0n ? -1n : 1n);
  return write(places >= 0 ? { digits: whole, scale: places } : { digits: whole * 10n ** BigInt(-places), scale: 0 });
}

/** The whole part. */
export function truncateDecimal(text: string): bigint | null {
  const value = read(text);
  return value ? value.digits / 10n ** BigInt(value.scale) : null;
}
