/** JSON whose whole numbers keep all their digits: JSON.parse would round those beyond 2^53. */

const DIGITS = /^\u0000#-?\d+$/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const WRITTEN = /"\\u0000#(-?\d+)"/g;

/**
 * Parses JSON; a whole number of 16 digits or more becomes a marked text that `digitsOf` reads and `writeExact` writes
 * as the number.
 */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(TOKEN, (token) =>
      token.length < 16 || /[".eE]/.test(token) ? token : `"${String.raw`\u0000`}#${token}"`,
    ),
  );
}
/** The digits of a number that JSON.parse would have rounded; undefined for any other value. */
export function digitsOf(value: unknown): string | undefined {
  return typeof value === 'string' && DIGITS.test(value) ? value.slice(2) : undefined;
}
/** The JSON text of a value of `parseExact`. */
export function writeExact(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(String.raw`"\u0000#`) ? text.replace(WRITTEN, '$1') : text;
}
