const QUOTE = 34,
  COMMA = 44,
  COLON = 58,
  OPEN_BRACKET = 91,
  BACKSLASH = 92,
  CLOSE_BRACKET = 93,
  OPEN_BRACE = 123,
  CLOSE_BRACE = 125;

/** From here on a double no longer tells neighbouring integers apart; JSON.parse gives no less for one above 2^53. */
const LIMIT = 2 ** 53;

/** Whether a number may be another than the text said: its magnitude is 2^53 or more. */
export function isInexact(value: unknown): boolean {
  return typeof value === 'number' && (value >= LIMIT || value <= -LIMIT);
}

/** How deep a cell lies: in the rows of a table of a whole answer, or in rows alone. */
const DEPTH = { answer: 5, rows: 2 } as const;

/**
 * The source text of every cell that is a number, an array or an object, in the order of the text: what JSON.parse
 * makes of them has lost digits. `text` is valid JSON (it was parsed before): a whole answer, or a table's rows alone.
 * One pass over the characters; strings are jumped over, so digits and brackets inside them never count.
 */
export function findBareCells(text: string, what: 'answer' | 'rows'): string[] {
  const cellDepth = DEPTH[what];
  const found: string[] = [];
  let depth = 0,
    tables = what === 'rows',
    rows = tables,
    inRow = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const start = i;
      i = endOfString(text, i);
      if (what === 'answer' && (depth === 1 || depth === 3) && isKey(text, i)) {
        const key = text.slice(start + 1, i);
        if (depth === 1) tables = key === 'tables';
        else rows = key === 'rows';
      }
    } else if (depth === cellDepth && inRow && startsBare(c)) {
      const end = endOfBare(text, i);
      found.push(text.slice(i, end));
      i = end - 1;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      // What stands in the place of a row and is none has no cells.
      if (++depth === cellDepth) inRow = tables && rows && c === OPEN_BRACKET;
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) depth--;
  }
  return found;
}

/** Compact JSON of the same value: no blanks, no escapes that need not be, and every number as it was written. */
export function compactJson(text: string): string {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[ \t\r\n]+/g, (token) =>
    token[0] !== '"' ? '' : token.includes('\\') ? JSON.stringify(JSON.parse(token)) : token,
  );
}

/** Whether an array, an object or a number begins here: true, false and null begin otherwise. */
function startsBare(c: number): boolean {
  return c === OPEN_BRACE || c === OPEN_BRACKET || c === 45 || (c >= 48 && c <= 57);
}

/** Behind the array, object or number that begins at `start`. */
function endOfBare(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = endOfString(text, i);
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (c === COMMA || c <= 32)) return i;
  }
  return text.length;
}

/** Whether the string that ends at `end` is a key: a colon comes behind it. */
function isKey(text: string, end: number): boolean {
  let i = end + 1;
  while (text.charCodeAt(i) <= 32) i++;
  return text.charCodeAt(i) === COLON;
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
