/**
 * From here on a double no longer tells neighbouring integers apart; JSON.parse gives no less for any integer above
 * 2^53.
 */
const LIMIT = 2 ** 53;

const QUOTE = 34,
  BACKSLASH = 92,
  MINUS = 45,
  DOT = 46,
  PLUS = 43,
  ZERO = 48,
  NINE = 57,
  LOWER_E = 101,
  UPPER_E = 69,
  OPEN_BRACE = 123,
  OPEN_BRACKET = 91,
  CLOSE_BRACE = 125,
  CLOSE_BRACKET = 93;

/** Whether a number may be another than the text said: its magnitude is 2^53 or more. */
export function isInexact(value: unknown): boolean {
  return typeof value === 'number' && (value >= LIMIT || value <= -LIMIT);
}

/**
 * The source text of every number of magnitude 2^53 or more, under the top-level key `key` where one is given, in the
 * order of the text. `text` is valid JSON (it was parsed before). One pass over the characters: strings are skipped, so
 * digits inside them never count.
 */
export function findLargeNumbers(text: string, key?: string): string[] {
  const found: string[] = [];
  const wanted = `"${key}"`;
  let depth = 0,
    inside = key === undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const start = i;
      i = endOfString(text, i);
      // A key, not a value: at depth 1 of an object the two differ by the colon behind them.
      if (key !== undefined && depth === 1 && i - start < 64 && /^\s*:/.test(text.slice(i + 1, i + 64)))
        inside = text.slice(start, i + 1) === wanted;
    } else if (c === MINUS || (c >= ZERO && c <= NINE)) {
      const start = i;
      let plain = true;
      for (i++; ; i++) {
        const d = text.charCodeAt(i);
        if (d >= ZERO && d <= NINE) continue;
        if (d !== DOT && d !== LOWER_E && d !== UPPER_E && d !== PLUS && d !== MINUS) break;
        plain = false;
      }
      if (inside && (i - start >= 16 || !plain)) {
        const digits = text.slice(start, i);
        if (isInexact(Number(digits))) found.push(digits);
      }
      i--;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) depth--;
  }
  return found;
}

/**
 * The closing quote of the string that opens at `start`. Jumps from quote to quote, which is memchr, and counts the
 * backslashes before it.
 */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
}
