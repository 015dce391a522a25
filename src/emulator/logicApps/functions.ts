import { freshGuid } from '../ids.ts';
import { TemplateFault } from './expression.ts';
import type { Json } from '../expressionReader.ts';

type Pure = (args: readonly Json[]) => Json;

/** Characters that concat(), string() and base64() may make, and a text with expressions in it. */
const LONGEST_TEXT = 131_072;

/** A text that was put together, or the service's refusal of one so long. */
export function bounded(text: string, name: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  throw new TemplateFault(
    `The template language function '${name}' result of ${text.length} characters exceeds the limit of ${LONGEST_TEXT}.`,
    'ExpressionEvaluationLimitExceeded',
  );
}

/** A value as part of a text. */
export function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object'
    ? JSON.stringify(value)
    : typeof value === 'boolean'
      ? value
        ? 'True'
        : 'False'
      : String(value);
}

function badParameter(name: string): TemplateFault {
  return new TemplateFault(
    `The template language function '${name}' was invoked with a parameter that is not valid. The value cannot be converted to the target type.`,
    'InvalidTemplate',
  );
}

function listOf(name: string, value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new TemplateFault(
    `The template language function '${name}' expects its parameter to be an array. The provided value is of type '${typeof value}'.`,
  );
}

function numberOf(name: string, value: Json | undefined): number {
  if (typeof value === 'number') return value;
  throw badParameter(name);
}

function same(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Functions that need nothing but their arguments. What is not here, nor a reference, is refused by name. */
export const PURE_FUNCTIONS: Readonly<Record<string, Pure>> = {
  concat: (args) => bounded(args.map(textOf).join(''), 'concat'),
  string: ([value = null]) => bounded(typeof value === 'string' ? value : JSON.stringify(value), 'string'),
  int: ([value]) => {
    const number = typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) throw badParameter('int');
    return number;
  },
  json: ([value]) => {
    if (typeof value !== 'string') return value ?? null;
    try {
      return JSON.parse(value) as Json;
    } catch {
      throw badParameter('json');
    }
  },
  guid: () => freshGuid(),
  equals: ([a = null, b = null]) => same(a, b),
  not: ([value]) => value !== true,
  and: (args) => args.every((value) => value === true),
  or: (args) => args.includes(true),
  greater: ([a, b]) => numberOf('greater', a) > numberOf('greater', b),
  greaterorequals: ([a, b]) => numberOf('greaterOrEquals', a) >= numberOf('greaterOrEquals', b),
  less: ([a, b]) => numberOf('less', a) < numberOf('less', b),
  lessorequals: ([a, b]) => numberOf('lessOrEquals', a) <= numberOf('lessOrEquals', b),
  add: ([a, b]) => numberOf('add', a) + numberOf('add', b),
  sub: ([a, b]) => numberOf('sub', a) - numberOf('sub', b),
  length: ([value]) => (typeof value === 'string' ? value.length : listOf('length', value).length),
  empty: ([value = null]) =>
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0),
  first: ([value]) => (typeof value === 'string' ? (value[0] ?? '') : (listOf('first', value)[0] ?? null)),
  last: ([value]) => (typeof value === 'string' ? (value.at(-1) ?? '') : (listOf('last', value).at(-1) ?? null)),
  take: ([value, count]) => listOf('take', value).slice(0, numberOf('take', count)),
  skip: ([value, count]) => listOf('skip', value).slice(numberOf('skip', count)),
  coalesce: (args) => args.find((value) => value !== null) ?? null,
  createarray: (args) => [...args],
};
