import { createHash } from 'node:crypto';
import type { Json } from '../expressionReader.ts';
import { TemplateError } from './templateExpression.ts';

type TemplateFunction = (args: readonly Json[]) => Json;

/** Functions of the template language that need nothing but their arguments. What is not here is refused by name. */
export const PURE_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  concat: (args) => (Array.isArray(args[0]) ? (args as Json[][]).flat() : args.map(text).join('')),
  format: ([pattern, ...values]) =>
    text(pattern).replace(/\{(\d+)(?::[^}]*)?\}/g, (_all, index: string) => text(values[Number(index)])),
  tolower: ([value]) => text(value).toLowerCase(),
  toupper: ([value]) => text(value).toUpperCase(),
  trim: ([value]) => text(value).trim(),
  replace: ([value, from, to]) => text(value).replaceAll(text(from), text(to)),
  substring: ([value, start, length]) =>
    text(value).substring(Number(start), length === undefined ? undefined : Number(start) + Number(length)),
  split: ([value, by]) =>
    Array.isArray(by)
      ? text(value).split(new RegExp(by.map((one) => text(one).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')))
      : text(value).split(text(by)),
  join: ([list, by]) => (list as Json[]).map(text).join(text(by)),
  startswith: ([value, part]) => text(value).toLowerCase().startsWith(text(part).toLowerCase()),
  endswith: ([value, part]) => text(value).toLowerCase().endsWith(text(part).toLowerCase()),
  indexof: ([value, part]) => text(value).toLowerCase().indexOf(text(part).toLowerCase()),
  padleft: ([value, width, fill]) => text(value).padStart(Number(width), fill === undefined ? ' ' : text(fill)),
  string: ([value]) => (typeof value === 'string' ? value : JSON.stringify(value)),
  int: ([value]) => Math.trunc(Number(value)),
  bool: ([value]) => (typeof value === 'string' ? value.toLowerCase() === 'true' || value === '1' : Boolean(value)),
  json: ([value]) => JSON.parse(text(value)) as Json,
  length: ([value]) =>
    typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value as object).length,
  empty: ([value]) =>
    value === null ||
    value === undefined ||
    (typeof value === 'object' ? Object.keys(value).length === 0 : value === ''),
  contains: ([value, item]) =>
    Array.isArray(value)
      ? value.some((one) => same(one, item!))
      : typeof value === 'string'
        ? value.includes(text(item))
        : text(item).toLowerCase() in lowerKeys(value!),
  first: ([value]) => (value as string | Json[])[0] ?? null,
  last: ([value]) => (value as string | Json[]).at(-1) ?? null,
  skip: ([value, count]) => (value as string | Json[]).slice(Number(count)),
  take: ([value, count]) => (value as string | Json[]).slice(0, Number(count)),
  union: (args) =>
    Array.isArray(args[0])
      ? [...new Map((args as Json[][]).flat().map((item) => [JSON.stringify(item), item])).values()]
      : (Object.assign({}, ...(args as object[])) as Json),
  createarray: (args) => [...args],
  createobject: (args) =>
    Object.fromEntries(
      Array.from({ length: args.length / 2 }, (_none, index) => [text(args[2 * index]), args[2 * index + 1]!]),
    ),
  array: ([value]) => (Array.isArray(value) ? value : [value!]),
  equals: ([left, right]) => same(left!, right!, true),
  not: ([value]) => value !== true,
  greater: ([left, right]) => left! > right!,
  greaterorequals: ([left, right]) => left! >= right!,
  less: ([left, right]) => left! < right!,
  lessorequals: ([left, right]) => left! <= right!,
  add: ([left, right]) => Number(left) + Number(right),
  sub: ([left, right]) => Number(left) - Number(right),
  mul: ([left, right]) => Number(left) * Number(right),
  div: ([left, right]) => Math.trunc(Number(left) / Number(right)),
  mod: ([left, right]) => Number(left) % Number(right),
  min: (args) => Math.min(...args.flat().map(Number)),
  max: (args) => Math.max(...args.flat().map(Number)),
  true: () => true,
  false: () => false,
  null: () => null,
  // Thirteen lower-case letters and digits, always the same for the same words (not the letters Azure itself would
  // make).
  uniquestring: (args) =>
    BigInt(`0x${createHash('sha256').update(args.map(text).join('-')).digest('hex').slice(0, 20)}`)
      .toString(36)
      .padStart(13, 'a')
      .slice(0, 13),
  guid: (args) =>
    createHash('sha256')
      .update(args.map(text).join('-'))
      .digest('hex')
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5'),
  base64: ([value]) => Buffer.from(text(value)).toString('base64'),
};

function text(value: Json | undefined): string {
  if (value === undefined) throw new TemplateError('InvalidTemplate', 'A template function misses an argument.');
  return typeof value === 'string'
    ? value
    : typeof value === 'boolean'
      ? value
        ? 'True'
        : 'False'
      : value === null
        ? ''
        : typeof value === 'number'
          ? String(value)
          : JSON.stringify(value);
}

function same(left: Json, right: Json, ignoreCase = false): boolean {
  if (ignoreCase && typeof left === 'string' && typeof right === 'string')
    return left.toLowerCase() === right.toLowerCase();
  return JSON.stringify(left) === JSON.stringify(right);
}

function lowerKeys(value: Json): Record<string, Json> {
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item]))
    : {};
}
