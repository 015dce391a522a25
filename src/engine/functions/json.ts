import { formatReal, INT64_MAX, INT64_MIN } from '../../model/values/numbers.ts';

/**
 * JSON as Kusto's dynamic sees it: whole numbers (long) are bigint, the rest (real) number; a bag keeps the order of
 * its keys.
 */
export type Json = null | boolean | bigint | number | string | Json[] | JsonBag;
/** A property bag: its keys in the order they were written, each once. */
export type JsonBag = Map<string, Json>;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*"/y;
const MAX_DEPTH = 512;

class Parser {
  private at = 0;
  private depth = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  whole(): Json {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) throw new SyntaxError('text after the value');
    return value;
  }

  private space(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.at++;
    }
  }

  private value(): Json {
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.bag());
      case '[':
        return this.nested(() => this.array());
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new SyntaxError('nested too deep');
    this.at++;
    const value = read();
    this.depth--;
    return value;
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new SyntaxError('not a value');
    this.at += word.length;
    return value;
  }

  private number(): Json {
    NUMBER.lastIndex = this.at;
    const digits = NUMBER.exec(this.text)?.[0];
    if (digits === undefined) throw new SyntaxError('not a value');
    this.at += digits.length;
    if (/[.eE]/.test(digits)) return Number(digits);
    if (digits.length < 16) return BigInt(digits);
    const whole = BigInt(digits);
    return whole <= INT64_MAX && whole >= INT64_MIN ? whole : Number(digits);
  }

  private string(): string {
    const start = this.at;
    PLAIN.lastIndex = start + 1;
    const plain = PLAIN.exec(this.text);
    if (plain) {
      this.at = PLAIN.lastIndex;
      return this.text.slice(start + 1, this.at - 1);
    }
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    this.at = end + 1;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private array(): Json[] {
    const items: Json[] = [];
    this.space();
    if (this.take(']')) return items;
    do items.push(this.value());
    while (this.next(']'));
    return items;
  }

  private bag(): JsonBag {
    const bag: JsonBag = new Map();
    this.space();
    if (this.take('}')) return bag;
    do {
      this.space();
      if (this.text[this.at] !== '"') throw new SyntaxError('not a key');
      const key = this.string();
      this.space();
      if (!this.take(':')) throw new SyntaxError('no colon');
      bag.set(key, this.value());
    } while (this.next('}'));
    return bag;
  }

  private take(mark: string): boolean {
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private next(close: string): boolean {
    this.space();
    if (this.take(',')) return true;
    if (this.take(close)) return false;
    throw new SyntaxError('no comma');
  }
}

/** The value of a JSON text; undefined where it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return new Parser(text).whole();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The value behind the physical form of a dynamic (SQL NULL is null). */
export function dynamicValue(physical: unknown): Json {
  return typeof physical === 'string' ? (parseJson(physical) ?? null) : null;
}

/** Compact JSON text; reals keep a point (`1.0`), reals JSON cannot say become strings. */
export function jsonText(value: Json): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? formatReal(value) : JSON.stringify(formatReal(value));
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      break;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`;
}

/** The physical form of a dynamic: its text, NULL for null. */
export function physicalDynamic(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : jsonText(value);
}

/** tostring() of a dynamic: a string without its quotes, null as "". */
export function jsonToString(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : jsonText(value);
}

/** Whether a value is a property bag, not an array or a single value. */
export function isBag(value: Json | undefined): value is JsonBag {
  return value instanceof Map;
}

/** Numbers of either kind as a double; undefined for anything else. */
export function jsonNumber(value: Json | undefined): number | undefined {
  return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
}

/** A text that is the same for equal values: keys sorted, a whole real written as the long of the same value. */
export function canonicalText(value: Json): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (isBag(value))
    return `{${[...value]
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`)
      .sort()
      .join(',')}}`;
  return jsonText(value);
}
