import { parseTemplate, TemplateFault } from './expression.ts';
import type { Template } from './expression.ts';
import { bounded, PURE_FUNCTIONS, textOf } from './functions.ts';
import type { Expression, Json } from '../expressionReader.ts';

/** What an expression refers to: outputs of actions, items of loops, variables, parameters. */
export interface References {
  parameters(name: string): Json;
  variables(name: string): Json;
  /** What an action brought; null for one that was skipped. */
  outputs(action: string): Json;
  body(action: string): Json;
  /** The item of the loop of that name, or of the innermost one, or of what filters and selects. */
  item(loop?: string): Json;
  trigger(): Json;
  utcNow(): string;
}

/** Names of functions that refer to something, with how many arguments they take. */
export const REFERENCES: Readonly<Record<string, number>> = {
  parameters: 1,
  variables: 1,
  outputs: 1,
  body: 1,
  items: 1,
  item: 0,
  trigger: 0,
  utcnow: 0,
};

const parsed = new Map<string, Template>();

/** A text of a definition, parsed once. Throws TemplateFault. */
export function templateOf(text: string): Template {
  let template = parsed.get(text);
  if (!template) {
    if (parsed.size > 2_000) parsed.clear();
    parsed.set(text, (template = parseTemplate(text)));
  }
  return template;
}

/** Every text of a value evaluated. Throws TemplateFault where one cannot be. */
export function evaluate(value: Json, references: References): Json {
  if (typeof value === 'string') return evaluateText(value, references);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, references));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, evaluate(item, references)]));
}

function evaluateText(text: string, references: References): Json {
  const template = templateOf(text);
  if (template.kind === 'text') return template.text;
  if (template.kind === 'expression') return valueOf(template.expression, references);
  return bounded(
    template.pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(valueOf(piece, references)))).join(''),
    'concat',
  );
}

function valueOf(expression: Expression, references: References): Json {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'member') return memberOf(expression, references);
  const { args } = expression;
  const name = expression.name.toLowerCase();
  if (name === 'if') return valueOf(valueOf(args[0]!, references) === true ? args[1]! : args[2]!, references);
  const values = args.map((arg) => valueOf(arg, references));
  const [first = null] = values;
  switch (name) {
    case 'parameters':
      return references.parameters(textOf(first));
    case 'variables':
      return references.variables(textOf(first));
    case 'outputs':
      return references.outputs(textOf(first));
    case 'body':
      return references.body(textOf(first));
    case 'items':
      return references.item(textOf(first));
    case 'item':
      return references.item();
    case 'trigger':
      return references.trigger();
    case 'utcnow':
      return references.utcNow();
    default:
      return PURE_FUNCTIONS[name]!(values);
  }
}

function memberOf({ of, key, optional }: Extract<Expression, { kind: 'member' }>, references: References): Json {
  const [owner, name] = [valueOf(of, references), valueOf(key, references)];
  if (owner === null && optional) return null;
  if (Array.isArray(owner) && typeof name === 'number') {
    if (owner[name] !== undefined || optional) return owner[name] ?? null;
    throw new TemplateFault(
      `The template language expression cannot be evaluated because array index '${name}' is outside bounds (0, ${owner.length - 1}) of array.`,
    );
  }
  if (owner !== null && typeof owner === 'object' && !Array.isArray(owner) && typeof name === 'string') {
    const found = Object.hasOwn(owner, name)
      ? owner[name]
      : Object.entries(owner).find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
    if (found !== undefined || optional) return found ?? null;
    throw new TemplateFault(
      `The template language expression cannot be evaluated because property '${name}' doesn't exist, available properties are '${Object.keys(owner).slice(0, 20).join(', ')}'.`,
    );
  }
  throw new TemplateFault(
    `The template language expression cannot be evaluated because property '${textOf(name)}' cannot be selected.`,
  );
}
