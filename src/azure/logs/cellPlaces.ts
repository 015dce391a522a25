const TAB = 9,
  LINE_FEED = 10,
  RETURN = 13,
  SPACE = 32,
  QUOTE = 34,
  PLUS = 43,
  COMMA = 44,
  MINUS = 45,
  DOT = 46,
  ZERO = 48,
  NINE = 57,
  OPEN_BRACKET = 91,
  BACKSLASH = 92,
  CLOSE_BRACKET = 93,
  LOWER_E = 101,
  LOWER_U = 117;
/** `"\/bfnrt`: what may stand behind a backslash, but for `u`. */
const ESCAPED = new Set([34, 92, 47, 98, 102, 110, 114, 116]);
const WORDS = [Buffer.from('null'), Buffer.from('true'), Buffer.from('false')];

/**
 * Where the cells of rows lie in their JSON text `[...],[...]`: start and end of each in `places`, row by row. The
 * number of rows, or undefined for what JSON.parse should look at instead: no JSON, a row that has not as many cells as
 * `columns` (one flag each: whether its cells are kept as text), a cell that is an array or an object, a number kept as
 * text, more rows than `places` has room for.
 */
export function findCells(
  bytes: Uint8Array,
  end: number,
  columns: readonly boolean[],
  places: Uint32Array,
): number | undefined {
  if (columns.length === 0) return undefined;
  let at = skipBlanks(bytes, 0, end),
    next = 0;
  for (let rows = 0; ; rows++) {
    if (bytes[at] !== OPEN_BRACKET || next + columns.length * 2 > places.length) return undefined;
    at++;
    for (let column = 0; column < columns.length; column++) {
      at = skipBlanks(bytes, at, end);
      const to = bytes[at] === QUOTE ? endOfText(bytes, at, end) : endOfScalar(bytes, at, end);
      if (to < 0 || (columns[column] && bytes[at]! <= NINE && bytes[at] !== QUOTE)) return undefined;
      places[next++] = at;
      places[next++] = to;
      at = skipBlanks(bytes, to, end);
      if (at >= end || bytes[at] !== (column === columns.length - 1 ? CLOSE_BRACKET : COMMA)) return undefined;
      at++;
    }
    at = skipBlanks(bytes, at, end);
    if (at >= end) return rows + 1;
    if (bytes[at] !== COMMA) return undefined;
    at = skipBlanks(bytes, at + 1, end);
  }
}

function skipBlanks(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const c = bytes[at]!;
    if (c !== SPACE && c !== LINE_FEED && c !== RETURN && c !== TAB) return at;
    at++;
  }
  return at;
}

/** Behind the closing quote of the string that opens at `start`; -1 where it is none. */
function endOfText(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const c = bytes[at]!;
    if (c === QUOTE) return at + 1;
    if (c < SPACE) return -1;
    if (c !== BACKSLASH) continue;
    const escaped = bytes[++at]!;
    if (escaped === LOWER_U) {
      if (!/^[0-9a-f]{4}$/i.test(String.fromCharCode(...bytes.subarray(at + 1, at + 5)))) return -1;
      at += 4;
    } else if (!ESCAPED.has(escaped)) return -1;
  }
  return -1;
}

/** Behind the number, null, true or false that begins at `start`; -1 where it is none. */
function endOfScalar(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (bytes[at] === MINUS) at++;
  const whole = at;
  at = endOfDigits(bytes, at, end);
  if (at === whole) return at === start ? endOfWord(bytes, start) : -1;
  if (bytes[whole] === ZERO && at > whole + 1) return -1;
  if (at < end && bytes[at] === DOT) {
    const fraction = at + 1;
    at = endOfDigits(bytes, fraction, end);
    if (at === fraction) return -1;
  }
  if (at < end && (bytes[at]! | 32) === LOWER_E) {
    at++;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
    const exponent = at;
    at = endOfDigits(bytes, exponent, end);
    if (at === exponent) return -1;
  }
  return at;
}

function endOfDigits(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++;
  return at;
}

function endOfWord(bytes: Uint8Array, start: number): number {
  for (const word of WORDS) {
    let i = 0;
    while (i < word.length && bytes[start + i] === word[i]) i++;
    if (i === word.length) return start + i;
  }
  return -1;
}
