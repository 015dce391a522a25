import { evaluate } from './evaluate.ts';
import type { References } from './evaluate.ts';
import { TemplateFault } from './expression.ts';
import { PURE_FUNCTIONS } from './functions.ts';
import type { Json } from '../expressionReader.ts';

const OPERATORS: ReadonlySet<string> = new Set(['equals', 'greater', 'greaterorequals', 'less', 'lessorequals']);

/** The condition of an If: an expression, or an object of `and`, `or`, `not` and comparisons. Throws TemplateFault. */
export function holds(condition: Json | undefined, references: References): boolean {
  if (typeof condition === 'string') return evaluate(condition, references) === true;
  if (condition === null || condition === undefined || typeof condition !== 'object' || Array.isArray(condition))
    throw new TemplateFault('The condition is neither an expression nor an object.');
  const [entry, ...more] = Object.entries(condition);
  if (!entry || more.length > 0) throw new TemplateFault('A condition has one operator, no more and no less.');
  const [name, operands] = [entry[0].toLowerCase(), entry[1]];
  if (name === 'not') return !holds(operands, references);
  if (!Array.isArray(operands)) throw new TemplateFault(`The operands of the condition '${name}' are no array.`);
  if (name === 'and') return operands.every((operand) => holds(operand, references));
  if (name === 'or') return operands.some((operand) => holds(operand, references));
  if (!OPERATORS.has(name)) throw new TemplateFault(`The emulator does not know the condition '${name}'.`);
  return PURE_FUNCTIONS[name]!(operands.map((operand) => evaluate(operand, references))) === true;
}
