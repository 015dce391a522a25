import type { KqlType } from '../model/kqlType.ts';
import { parseBool } from '../model/values/bool.ts';
import { parseDatetime } from '../model/values/datetime.ts';
import { parseDecimal } from '../model/values/decimal.ts';
import { parseGuid } from '../model/values/guid.ts';
import { INT64_MAX, INT64_MIN, parseInt32, parseLong, parseReal } from '../model/values/numbers.ts';
import { MAX_DATETIME_TICKS } from '../model/values/ticks.ts';
import { parseTimespan } from '../model/values/timespan.ts';

/**
 * A literal's value: bool boolean; int, long, datetime, timespan bigint (ticks of 100 ns, datetimes since year 1); real
 * number; the rest text.
 */
export type LiteralValue = boolean | bigint | number | string | null;

/**
 * `datetime(max)`, `long(min)`: words a literal alone knows; Microsoft's parser gives them these values, `todatetime()`
 * and its kin do not read them.
 */
const ENDS: Readonly<Partial<Record<KqlType, { readonly min: LiteralValue; readonly max: LiteralValue }>>> = {
  int: { min: -2_147_483_648n, max: 2_147_483_647n },
  long: { min: INT64_MIN, max: INT64_MAX },
  real: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
  datetime: { min: 0n, max: MAX_DATETIME_TICKS },
  timespan: { min: INT64_MIN, max: INT64_MAX },
};

/**
 * The value of a literal token as written (`5`, `0x1F`, `real(nan)`, `datetime(2020-01-01)`, `1.5h`, `@'a\b'`),
 * undefined where it has none. The generated parser's own values are wrong for hexadecimal, NaN and fractions of a
 * millisecond, so the text is read by the grammar of values.
 */
export function parseLiteral(type: KqlType, text: string): LiteralValue | undefined {
  if (type === 'string') return parseString(text);
  const inner = /^[a-z0-9_]+\s*\(\s*([\s\S]*?)\s*\)$/i.exec(text)?.[1];
  const body = unquote(inner ?? text.trim());
  if (inner !== undefined && /^null$/i.test(body)) return null;
  if (inner !== undefined && (body === 'min' || body === 'max')) return ENDS[type]?.[body];
  switch (type) {
    case 'bool':
      return parseBool(body);
    case 'int':
      return parseInt32(body);
    case 'long':
      return parseLong(body);
    case 'real':
      return parseReal(body);
    case 'decimal':
      return parseDecimal(body);
    case 'datetime':
      return parseDatetime(body);
    case 'timespan':
      return parseTimespan(body);
    case 'guid':
      return parseGuid(body);
    case 'dynamic':
      return undefined;
  }
}

function unquote(text: string): string {
  return text.length >= 2 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0] ? text.slice(1, -1) : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
/** A string token: quoted, verbatim (`@`), multi-line (three backticks or tildes), hidden (`h`). */
export function parseString(text: string): string | undefined {
  const bare = /^[hH]/.test(text) ? text.slice(1) : text;
  if (bare.startsWith('```') || bare.startsWith('~~~'))
    return bare.slice(3, bare.endsWith(bare.slice(0, 3)) ? -3 : undefined);
  const verbatim = bare.startsWith('@');
  const quoted = verbatim ? bare.slice(1) : bare;
  const quote = quoted[0];
  if (quote !== '"' && quote !== "'") return undefined;
  const body = quoted.slice(1, quoted.endsWith(quote) && quoted.length > 1 ? -1 : undefined);
  if (verbatim) return body.replaceAll(quote + quote, quote);
  return body.replace(
    /\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g,
    (whole, escape: string) => {
      if (/^[uUx]./.test(escape)) return String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
      if (/^[0-7]{2,3}$/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
      return ESCAPES[escape] ?? whole;
    },
  );
}
