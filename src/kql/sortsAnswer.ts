import { child, children, kindOf } from './kusto.ts';
import type { SyntaxNode } from './kustoApi.ts';

const SORTS = new Set(['SortOperator', 'TopOperator']);
/** Operators after which rows are in the order they were before. */
const KEEPS = new Set([
  'AsOperator',
  'ExtendOperator',
  'FilterOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'RenderOperator',
  'SerializeOperator',
  'TakeOperator',
]);

/**
 * Whether the rows of the last query of a text come in an order it asked for: by `sort`, `order` or `top` near its end.
 */
export function sortsAnswer(root: SyntaxNode): boolean {
  const last = children(root, 'Statements').findLast((statement) => kindOf(statement) === 'ExpressionStatement');
  let node = last && child(last, 'Expression');
  while (node) {
    if (kindOf(node) === 'PipeExpression') {
      const operator = child(node, 'Operator');
      if (!operator || SORTS.has(kindOf(operator))) return operator !== undefined;
      if (!KEEPS.has(kindOf(operator))) return false;
    } else if (kindOf(node) !== 'ParenthesizedExpression') return false;
    node = child(node, 'Expression');
  }
  return false;
}
