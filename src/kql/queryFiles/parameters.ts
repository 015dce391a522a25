import { KQL_TYPES } from '../../model/kqlType.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { parseLiteral, parseString } from '../literal.ts';
import type { LiteralValue } from '../literal.ts';
import { literalText } from '../print/literals.ts';
import { codeStart, scan } from '../scan.ts';
import type { Declaration, QueryParameter } from './queryFile.ts';

const OTHER_NAMES: Readonly<Record<string, KqlType>> = {
  boolean: 'bool',
  double: 'real',
  date: 'datetime',
  time: 'timespan',
  uuid: 'guid',
  uniqueid: 'guid',
};
/** Longer declarations are left to the service. */
const MAX_DECLARATION = 20_000;
const HEAD = /^\s*([A-Za-z_]\w{0,99})\s*:\s*([A-Za-z]+)\s*/;

/** `name:type` or `name:type = literal`, and what follows it; undefined where it is no such thing. */
export function parseParameter(
  text: string,
): { readonly parameter: QueryParameter; readonly rest: string } | undefined {
  const head = text.length > MAX_DECLARATION ? undefined : HEAD.exec(text);
  const type = head ? typeNamed(head[2]!) : undefined;
  if (!head || !type) return undefined;
  const name = head[1]!;
  const rest = text.slice(head[0].length);
  if (!rest.startsWith('=')) return { parameter: { name, type }, rest: rest.trim() };
  const from = codeStart(rest, 1);
  const end = literalEnd(rest, from);
  const fallback = parseDefault(type, rest.slice(from, end));
  return fallback === undefined ? undefined : { parameter: { name, type, fallback }, rest: rest.slice(end).trim() };
}

function typeNamed(word: string): KqlType | undefined {
  const name = word.toLowerCase();
  return (
    KQL_TYPES.find((known) => known === name) ?? (Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined)
  );
}

/** A literal of a type; another word before its brackets is a function, which is no value yet. */
function parseTyped(type: KqlType, text: string): LiteralValue | undefined {
  const word = /^(\w+)\s*\(/.exec(text)?.[1];
  return word === undefined || typeNamed(word) === type ? parseLiteral(type, text) : undefined;
}

/** Where a literal ends: a string, or a word with what is in the brackets behind it. */
function literalEnd(text: string, from: number): number {
  const { spans, brackets } = scan(text);
  const string = spans.find(({ kind, start }) => kind === 'string' && start >= from && start <= from + 2);
  if (string && /^[hH]?@?$/.test(text.slice(from, string.start))) return string.end;
  const word = /^[-+\w.:]*\s*/.exec(text.slice(from))![0];
  // Behind a number, brackets are words about it, or its choices.
  const bracket =
    /^[a-z]/i.test(word) && brackets.find(({ open }) => open === from + word.length && text[open] === '(');
  return bracket ? bracket.close + 1 : from + word.trimEnd().length;
}

function parseDefault(type: KqlType, text: string): LiteralValue | undefined {
  if (text === '') return undefined;
  if (type === 'string') return parseString(text);
  if (type !== 'dynamic') return parseTyped(type, text);
  const inner = /^dynamic\s*\(([\s\S]*)\)$/.exec(text)?.[1];
  return inner === undefined ? undefined : parseJson(inner);
}

function parseJson(text: string): LiteralValue | undefined {
  try {
    JSON.parse(text);
    return text.trim() === 'null' ? null : text.trim();
  } catch {
    return undefined;
  }
}

/**
 * The value that a person gives for a parameter: a text as it is, JSON for dynamic, else what a literal of the type can
 * be, with or without its type (`7`, `long(7)`, `36h`, `2024-01-01`). Undefined where it is none.
 */
export function parseParameterValue(type: KqlType, text: string): LiteralValue | undefined {
  if (type === 'string') return text;
  return type === 'dynamic' ? parseJson(text) : parseTyped(type, text.trim());
}

/**
 * The value that a person gives for a parameter, as `parseParameterValue` reads it; undefined where it is none of its
 * type, or none of its choices.
 */
export function valueFor({ type, choices }: QueryParameter, text: string): LiteralValue | undefined {
  const value = parseParameterValue(type, text);
  return value !== undefined && choices !== undefined && !choices.includes(value) ? undefined : value;
}

/** A value as a person would give it, so that `parseParameterValue` reads the same: `7`, `36h`, `2024-01-01`, JSON. */
export function valueText(type: KqlType, value: LiteralValue): string {
  if (type === 'string' || type === 'dynamic')
    return value === null ? (type === 'string' ? '' : 'null') : String(value);
  const text = literalText(type, value);
  const inner = /^\w+\((.*)\)$/.exec(text)?.[1];
  return inner !== undefined && Object.is(parseParameterValue(type, inner), value) ? inner : text;
}

/** The sentence that says what a parameter takes: its type with an example, or its choices. */
export function takes({ type, choices }: QueryParameter): string {
  if (choices) return `one of ${choices.map((one) => valueText(type, one)).join(', ')}`;
  return `${oneOf(type)}${EXAMPLES[type] === undefined ? '' : `, such as ${EXAMPLES[type]}`}`;
}

/** `an int`, `a guid`. */
export function oneOf(type: KqlType): string {
  return `${type === 'int' ? 'an' : 'a'} ${type}`;
}

const EXAMPLES: Readonly<Partial<Record<KqlType, string>>> = {
  bool: 'true',
  int: '7',
  long: '7',
  real: '0.5',
  decimal: '0.5',
  datetime: '2024-01-31 or 2024-01-31T14:30',
  timespan: '30m, 1d or 1.12:00:00',
  guid: '74be27de-1e4e-49d9-b579-fe0b331d3642',
  dynamic: '["a", "b"]',
};

/**
 * The choices in brackets that the words of a parameter begin with (`[low, high] How severe`), each a value of its
 * type, and the words behind. `choices` is empty where a value is none of the type.
 */
export function readChoices(
  type: KqlType,
  words: string,
): { readonly choices?: readonly LiteralValue[]; readonly rest: string } {
  const list = /^\[([^[\]]{0,2000})\]\s*/.exec(words);
  if (!list) return { rest: words };
  const texts = list[1]!.split(',').map((text) => text.trim());
  const values = texts.map((text) =>
    type === 'string' ? (parseString(text) ?? text) : parseParameterValue(type, text),
  );
  const choices = values.flatMap((value) => (value === undefined ? [] : [value]));
  return { choices: choices.length === texts.length ? [...new Set(choices)] : [], rest: words.slice(list[0].length) };
}

/**
 * The first `declare query_parameters(...)` of a query. Undefined where there is none, or where one of its parameters
 * cannot be read: the statement is then the service's alone.
 */
export function findDeclaration(text: string): Declaration | undefined {
  if (!/\bdeclare\s+query_parameters\b/.test(text)) return undefined;
  const { spans, separators, brackets } = scan(text);
  for (const start of [-1, ...separators].map((at) => codeStart(text, at + 1))) {
    const head = /^declare\s+query_parameters\s*\(/.exec(text.slice(start, start + 200));
    const bracket = head && brackets.find(({ open }) => open === start + head[0].length - 1);
    if (!bracket) continue;
    if (bracket.close - start > MAX_DECLARATION) return undefined;
    const parameters: QueryParameter[] = [];
    for (const part of partsOf(text, bracket, spans, brackets)) {
      const read = parseParameter(part);
      if (!read || read.rest !== '' || parameters.some(({ name }) => name === read.parameter.name)) return undefined;
      parameters.push(read.parameter);
    }
    return { start, length: bracket.close + 1 - start, parameters };
  }
  return undefined;
}

/**
 * What a stored function takes, from the text between its brackets. `unread` are those that cannot be asked for as
 * values, such as tables; undefined where the brackets do not match.
 */
export function parseSignature(
  text: string,
): { readonly parameters: readonly QueryParameter[]; readonly unread: readonly string[] } | undefined {
  const whole = `(${text})`;
  if (whole.length > MAX_DECLARATION) return undefined;
  const { spans, brackets } = scan(whole);
  const bracket = brackets.find(({ open, close }) => open === 0 && close === whole.length - 1);
  if (!bracket) return undefined;
  const parts = partsOf(whole, bracket, spans, brackets)
    .map((part) => part.trim())
    .filter(Boolean);
  const read = parts.map((part) => {
    const one = parseParameter(part);
    return one?.rest === '' ? one.parameter : part;
  });
  return {
    parameters: read.filter((one) => typeof one !== 'string'),
    unread: read.filter((one) => typeof one === 'string'),
  };
}

/** What commas part between two brackets, comments left out. */
function partsOf(
  text: string,
  { open, close }: { readonly open: number; readonly close: number },
  spans: ReturnType<typeof scan>['spans'],
  brackets: ReturnType<typeof scan>['brackets'],
): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = open + 1; i < close;) {
    const span = spans.find(({ start }) => start === i);
    const inner = brackets.find((bracket) => bracket.open === i);
    const end = span ? span.end : inner ? inner.close + 1 : i + 1;
    if (end === i + 1 && text[i] === ',') {
      parts.push(part);
      part = '';
    } else if (span?.kind !== 'comment') part += text.slice(i, end);
    i = end;
  }
  return [...parts, part];
}
