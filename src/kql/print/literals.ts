import type { KqlType } from '../../model/kqlType.ts';
import { formatDatetimeShort } from '../../model/values/datetime.ts';
import { formatReal, INT64_MIN } from '../../model/values/numbers.ts';
import { TICKS } from '../../model/values/ticks.ts';
import { formatTimespan } from '../../model/values/timespan.ts';
import type { LiteralValue } from '../literal.ts';

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
/** What may not stand in a text as it is: control, format (bidirectional, zero width) and lone surrogate characters. */
const UNSAFE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The inside of a quoted text: no control character, no line end, nothing that reorders what is shown. */
export function escaped(text: string, quote: '"' | "'"): string {
  return text.replace(UNSAFE, (c) => NAMED[c] ?? [...unitsOf(c)].join('')).replaceAll(quote, `\\${quote}`);
}
function* unitsOf(character: string): Iterable<string> {
  for (let i = 0; i < character.length; i++)
    yield `\\u${character.charCodeAt(i).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A text as a KQL literal; one with backslashes and nothing else to escape is verbatim, as regular expressions are. */
export function stringText(text: string): string {
  const plain = text.replaceAll('\\', '');
  return plain !== text && !text.includes('"') && escaped(plain, '"') === plain
    ? `@"${text}"`
    : `"${escaped(text, '"')}"`;
}

/** The name of a type in a literal: `long(5)`, `timespan(null)`. */
const NULLS: Readonly<Record<Exclude<KqlType, 'string'>, string>> = {
  bool: 'bool(null)',
  int: 'int(null)',
  long: 'long(null)',
  real: 'real(null)',
  decimal: 'decimal(null)',
  datetime: 'datetime(null)',
  timespan: 'timespan(null)',
  guid: 'guid(null)',
  dynamic: 'dynamic(null)',
};

/** A value of a type as KQL writes it, its type included. */
export function literalText(type: KqlType, value: LiteralValue): string {
  if (value === null) return type === 'string' ? '""' : NULLS[type];
  switch (type) {
    case 'string':
      return stringText(String(value));
    case 'bool':
      return value ? 'true' : 'false';
    case 'int':
      return `int(${value})`;
    case 'long':
      return value === INT64_MIN ? `long(${value})` : String(value);
    case 'real':
      return realText(Number(value));
    case 'decimal':
      return `decimal(${value})`;
    case 'datetime':
      return `datetime(${formatDatetimeShort(BigInt(value as bigint)).replace(/T00:00:00Z$/, '')})`;
    case 'timespan':
      return spanText(BigInt(value as bigint));
    case 'guid':
      return `guid(${value})`;
    case 'dynamic':
      return `dynamic(${jsonText(String(value))})`;
  }
}

function realText(value: number): string {
  if (Number.isNaN(value)) return 'real(nan)';
  if (!Number.isFinite(value)) return value > 0 ? 'real(+inf)' : 'real(-inf)';
  const text = formatReal(value);
  return text.includes('e') ? `real(${text})` : text;
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ['d', TICKS.day],
  ['h', TICKS.hour],
  ['m', TICKS.minute],
  ['s', TICKS.second],
  ['ms', TICKS.millisecond],
];
/** `15m` where a span is a whole number of a unit that people count in, else `time(1.02:03:04.5)`. */
function spanText(ticks: bigint): string {
  if (ticks === 0n) return '0s';
  const size = ticks < 0n ? -ticks : ticks;
  const unit = UNITS.find(([, of]) => size % of === 0n);
  const count = unit && size / unit[1];
  if (unit && count !== undefined && count < 10_000n) return `${ticks < 0n ? '-' : ''}${count}${unit[0]}`;
  return `time(${formatTimespan(ticks)})`;
}

/** The JSON of a dynamic value, its texts escaped as KQL's are; numbers keep their digits. */
function jsonText(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (token) => `"${escaped(JSON.parse(token) as string, '"')}"`);
}
