import { AppError } from '../../base/errors.ts';
import { textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { LiteralValue } from '../literal.ts';
import type { Expr } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';

/**
 * `assert(condition, message)`: true where the condition is, `query.semantic` with the message where it is false. It is
 * decided before any row is read, so the condition is made of constants; one that is more than comparisons of them is
 * refused.
 */
export function bindAssert(node: SyntaxNode, args: readonly SyntaxNode[], scope: Scope, binder: Binder): Expr {
  const [condition, message] = args;
  if (!condition || !message) return refuse('assert() without a condition or a message', node);
  const holds = constantValue(binder.scalar(condition, scope));
  if (typeof holds !== 'boolean')
    return refuse(`assert() of '${textOf(condition).trim()}', which is no comparison of constants,`, condition);
  const said = binder.scalar(message, scope);
  if (said.kind !== 'literal' || typeof said.value !== 'string')
    return refuse('assert() with a computed message', message);
  if (holds) return literal('bool', true);
  const { start, length } = placeOf(node);
  throw new AppError('query.semantic', `assert() has failed with message: '${said.value}'`, {
    data: { start, length },
  });
}

/**
 * The value of comparisons, `and`, `or`, `not()` and a few tests of constants; undefined where it is more than that, or
 * null.
 */
function constantValue(expr: Expr): LiteralValue | undefined {
  if (expr.kind === 'literal') return expr.value ?? undefined;
  if (expr.kind !== 'call') return undefined;
  const [a, b] = expr.args.map(constantValue);
  switch (expr.name) {
    case 'and':
      return a === false || b === false ? false : a === true && b === true ? true : undefined;
    case 'or':
      return a === true || b === true ? true : a === false && b === false ? false : undefined;
    case 'not':
      return typeof a === 'boolean' ? !a : undefined;
    case 'isempty':
      return typeof a === 'string' ? a === '' : undefined;
    case 'isnotempty':
      return typeof a === 'string' ? a !== '' : undefined;
    case 'strlen':
      return typeof a === 'string' ? BigInt([...a].length) : undefined;
    default:
      return compared(
        expr.name,
        expr.args.map(({ type }) => type),
        a,
        b,
      );
  }
}

/**
 * Values of one type, and whole numbers with each other; texts are only told apart, their order is the service's
 * business.
 */
function compared(
  operator: string,
  [left, right]: readonly Expr['type'][],
  a: LiteralValue | undefined,
  b: LiteralValue | undefined,
): boolean | undefined {
  const whole =
    typeof a === 'bigint' && typeof b === 'bigint' && [left, right].every((type) => type === 'int' || type === 'long');
  if (
    a === undefined ||
    b === undefined ||
    a === null ||
    b === null ||
    typeof a !== typeof b ||
    !(left === right || whole) ||
    left === 'decimal' ||
    left === 'dynamic'
  )
    return undefined;
  if (operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  if (typeof a === 'string' || typeof b === 'string' || typeof a === 'boolean' || typeof b === 'boolean')
    return undefined;
  const order = a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return undefined;
  }
}
