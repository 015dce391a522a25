/**
 * A regular expression as RE2 reads it, with another one for text beyond ASCII where the classes of the two dialects
 * differ there.
 */
export interface Re2Pattern {
  readonly re2: string;
  readonly beyondAscii?: string;
}

const SPACES = String.raw`\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`;
/** What stands inside brackets for Kusto's classes, which are Unicode's (regex.md); RE2's are ASCII. */
const CLASSES: Readonly<Record<string, string>> = {
  d: String.raw`\p{Nd}`,
  w: String.raw`\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200c}\x{200d}`,
  s: SPACES,
};

/**
 * Where the bracket that opens at `start` ends, and whether something inside means one thing here and another in RE2.
 */
function bracketAt(pattern: string, start: number): { readonly end: number; readonly foreign: boolean } {
  let i = start + 1;
  if (pattern[i] === '^') i++;
  const first = i;
  let foreign = false;
  for (; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') i++;
    else if (char === ']' && i > first) return { end: i, foreign };
    else if (char === '[') {
      const named = /^\[:\^?\w+:\]/.exec(pattern.slice(i))?.[0];
      if (named) i += named.length - 1;
      else foreign ||= closes(pattern, start);
    } else if (
      (char === '&' || char === '~' || (char === '-' && i > first)) &&
      pattern[i + 1] === char &&
      pattern[i + 2] !== ']'
    )
      foreign = true;
  }
  return { end: i, foreign };
}

/**
 * Whether the bracket at `start` ends where brackets inside it count. Where it does not, RE2's reading, in which they
 * are characters, is the only one there is.
 */
function closes(pattern: string, start: number): boolean {
  let depth = 0;
  for (let i = start; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '[') depth++;
    else if (pattern[i] === ']' && --depth === 0) return true;
  }
  return false;
}

/**
 * The inside of a bracket with Kusto's classes; undefined where RE2 cannot say it (a class that excludes, among
 * others).
 */
function insideBracket(inside: string): string | undefined {
  let possible = true;
  const text = inside.replace(/\\(?:[pP](?:\{[^}]*\}|.)|[\s\S])/g, (escape) => {
    if (/^\\[WSD]$/.test(escape)) possible = escape === '\\D';
    return escape === '\\D' ? String.raw`\P{Nd}` : escape.length === 2 ? (CLASSES[escape[1] ?? ''] ?? escape) : escape;
  });
  return possible ? text : undefined;
}

/**
 * Kusto's regular expression (the syntax of Rust's regex crate) for RE2: named groups, code points, and the classes \d,
 * \w, \s as Unicode has them.
 * `undefined` with a reason in words where the two would read it differently.
 */
export function toRe2(pattern: string): Re2Pattern | { readonly foreign: string } {
  let re2 = '',
    beyond = '';
  const both = (text: string): void => {
    re2 += text;
    beyond += text;
  };
  for (let i = 0; i < pattern.length; i++) {
    const rest = pattern.slice(i);
    if (pattern[i] === '\\') {
      const point = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[uU]\{([0-9a-fA-F]+)\})/.exec(rest);
      const quoted = /^\\Q[\s\S]*?(?:\\E|$)/.exec(rest)?.[0] ?? /^\\[pPx]\{[^}]*\}/.exec(rest)?.[0];
      const char = pattern[i + 1] ?? '';
      if (/^\\(?:C|[bB]\{)/.test(rest)) return { foreign: `the escape '${rest.slice(0, 2)}'` };
      if (point) {
        both(`\\x{${(point[1] ?? point[2] ?? point[3] ?? '').replace(/^0+(?=.)/, '')}}`);
        i += point[0].length - 1;
        continue;
      }
      if (quoted) {
        both(quoted);
        i += quoted.length - 1;
        continue;
      }
      const inside = CLASSES[char.toLowerCase()];
      re2 += `\\${char}`;
      beyond += inside ? `[${char === char.toLowerCase() ? '' : '^'}${inside}]` : `\\${char}`;
      i++;
    } else if (pattern[i] === '[') {
      const { end, foreign } = bracketAt(pattern, i);
      if (foreign) return { foreign: 'a class inside a class' };
      const whole = pattern.slice(i, end + 1);
      re2 += whole;
      beyond += insideBracket(whole) ?? whole;
      i = end;
    } else if (/^\(\?<[A-Za-z_]/.test(rest)) {
      both('(?P<');
      i += 2;
    } else both(pattern[i] ?? '');
  }
  return re2 === beyond ? { re2 } : { re2, beyondAscii: beyond };
}
