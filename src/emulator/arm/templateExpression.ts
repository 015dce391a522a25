import { ExpressionReader } from '../expressionReader.ts';
import type { Expression, ExpressionDialect, Json } from '../expressionReader.ts';

/** A template language failure, said in Resource Manager's words. */
export class TemplateError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'TemplateError';
    this.code = code;
  }
}

/** What an expression may call; arguments come unevaluated so that `if` can leave one branch alone. */
export interface ExpressionScope {
  call(name: string, args: readonly (() => Json)[]): Json;
}

/** Evaluates a string of a template: `[...]` is an expression, `[[` a literal bracket, everything else itself. */
export function evaluateText(text: string, scope: ExpressionScope): Json {
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  if (text.startsWith('[[')) return text.slice(1);
  const reader = new ExpressionReader(text.slice(1, -1), 0, TEMPLATES);
  const expression = reader.expression();
  reader.end();
  return valueOf(expression, scope);
}

/** Evaluates every string in a JSON value. */
export function evaluate(value: Json, scope: ExpressionScope): Json {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (value === null || typeof value !== 'object') return value;
  if ('copy' in value)
    throw new TemplateError('InvalidTemplate', "The emulator does not evaluate 'copy' loops in templates.");
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, evaluate(item, scope)]));
}

const TEMPLATES: ExpressionDialect = {
  property: /[A-Za-z_][\w-]*/y,
  functionName: /[A-Za-z_][\w.]*/y,
  number: /-?\d+/y,
  words: new Map(),
  optional: false,
  fault: (text, at) =>
    new TemplateError(
      'InvalidTemplate',
      `Unable to parse the template language expression '${text}': unexpected text at position ${at + 1}.`,
    ),
};

function valueOf(expression: Expression, scope: ExpressionScope): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'call':
      return scope.call(
        expression.name,
        expression.args.map((arg) => () => valueOf(arg, scope)),
      );
    case 'member':
      return member(valueOf(expression.of, scope), valueOf(expression.key, scope));
  }
}

function member(value: Json, at: Json): Json {
  const found = Array.isArray(value)
    ? value[Number(at)]
    : value !== null && typeof value === 'object'
      ? (value[String(at)] ??
        Object.entries(value).find(([name]) => name.toLowerCase() === String(at).toLowerCase())?.[1])
      : undefined;
  if (found === undefined)
    throw new TemplateError('InvalidTemplate', `The language expression property '${String(at)}' does not exist.`);
  return found;
}
