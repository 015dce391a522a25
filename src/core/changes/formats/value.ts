import { AppError } from '../../../base/errors.ts';
import { shellNameOf } from '../export.ts';
import { markedName, unmarkedKey } from '../secretBook.ts';

/** A text that no export holds: whoever carries it out gives it. */
export class SecretRef {
  /** As a parameter is called, e.g. `serviceUri1`. */
  readonly name: string;
  /** What it is, for people. */
  readonly what: string;

  constructor(name: string, what: string) {
    this.name = name;
    this.what = what;
  }

  /** As variables of a shell are called, e.g. `SERVICE_URI_1`. */
  get shellName(): string {
    return shellNameOf(this.name);
  }
}

/** What a template says, with its texts as they are meant. */
export type Value = string | number | boolean | null | SecretRef | readonly Value[] | ValueObject;

/** Named values. */
export interface ValueObject {
  readonly [name: string]: Value;
}

/** True for named values. */
export function isObject(value: Value | undefined): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof SecretRef);
}

const ROLE_ID = /^\[subscriptionResourceId\('([^']+)', '([^']+)'\)\]$/;

/**
 * Reads a value of a template in a plan: a text in brackets is an expression of which one is known, a doubled bracket
 * stands for itself. `secretOf` gives what a mark stands for. Throws `bug.exportExpression` for other expressions.
 */
export function readTemplateValue(
  value: unknown,
  subscription: string,
  secretOf: (name: string) => SecretRef | undefined,
): Value {
  return readValue(value, secretOf, (text) => readText(text, subscription));
}

/** As `readTemplateValue`, of a value whose brackets are brackets: the body of a request. */
export function readPlainValue(value: unknown, secretOf: (name: string) => SecretRef | undefined): Value {
  return readValue(value, secretOf, wholeText);
}

function readValue(
  value: unknown,
  secretOf: (name: string) => SecretRef | undefined,
  textOf: (text: string) => string,
): Value {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return value.map((item) => readValue(item, secretOf, textOf));
  if (typeof value !== 'object' || value === null) return value as Value;
  const secret = secretOf(markedName(value) ?? '');
  if (secret) return secret;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [unmarkedKey(key), readValue(item, secretOf, textOf)]),
  );
}

/** A half of a character cannot be written to a file. */
export function wholeText(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

function readText(text: string, subscription: string): string {
  const whole = wholeText(text);
  if (!whole.startsWith('[') || !whole.endsWith(']')) return whole;
  if (whole.startsWith('[[')) return whole.slice(1);
  const [, type, id] = ROLE_ID.exec(whole) ?? [];
  if (type !== undefined) return `/subscriptions/${subscription}/providers/${type}/${id}`;
  throw new AppError('bug.exportExpression', 'A resource of the plan holds an expression that no export can write.');
}

/** As JSON, with what `write` gives for texts that are to be given. */
export function toJsonText(value: Value, write: (secret: SecretRef) => string): string {
  if (value instanceof SecretRef) return write(value);
  if (Array.isArray(value)) return `[${value.map((item: Value) => toJsonText(item, write)).join(',')}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}:${toJsonText(item, write)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}
