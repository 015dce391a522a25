import { child, children, kindOf, walk } from './kusto.ts';
import { parse } from './kustoAnalysis.ts';
import type { SyntaxNode } from './kustoApi.ts';
import { calledName, nameOf } from './treeNames.ts';

/** Aggregates whose values of several groups may be added up: the sum is that of all their rows. */
const SUMS = new Set(['count', 'countif', 'sum', 'sumif']);
const GROUPING = new Set(['SummarizeOperator', 'MakeSeriesOperator']);
const NAMING = new Set(['ExtendOperator', 'ProjectOperator', 'ProjectRenameOperator']);
/** Parts of a grouping that name what rows are grouped by. */
const BY = /ByClause$|OnClause$|RangeClause$/;

/**
 * Names of the columns of an answer whose values may be added up over groups, by the text alone: counts and sums, also
 * under other names, divided or rounded. An average, a percentile, an extreme or a count of distinct values is none,
 * and neither is what is worked out of several columns. Undefined where the query groups nothing, so that its values
 * are those of rows, or cannot be read.
 */
export function addableColumns(text: string): readonly string[] | undefined {
  let groups = false;
  const known = new Map<string, boolean>();
  try {
    walk(parse(text).Syntax, (node) => {
      const kind = kindOf(node);
      if (GROUPING.has(kind)) {
        groups = true;
        readAggregates(node, known);
      } else if (NAMING.has(kind)) readNames(node, known);
      else if (kind === 'CountOperator') {
        groups = true;
        known.set('Count', true);
      }
    });
  } catch {
    return undefined;
  }
  return groups ? [...known].flatMap(([name, adds]) => (adds ? [name] : [])) : undefined;
}

function readAggregates(operator: SyntaxNode, known: Map<string, boolean>): void {
  walk(operator, (node) => {
    const kind = kindOf(node);
    if (BY.test(kind)) return false;
    if (kind === 'SimpleNamedExpression') {
      const value = child(node, 'Expression');
      known.set(nameOf(child(node, 'Name')!), value !== undefined && isSum(value));
      return false;
    }
    if (kind !== 'FunctionCallExpression') return undefined;
    known.set(`${calledName(node)}_${argumentName(node)}`, isSum(node));
    return false;
  });
}

/** `sum(X)` without a name is the column `sum_X`, `sum(X + 1)` is `sum_`. */
function argumentName(call: SyntaxNode): string {
  let name = '';
  const list = child(call, 'ArgumentList');
  if (list)
    walk(list, (node) => {
      if (kindOf(node) !== 'NameReference') return undefined;
      name = name === '' ? nameOf(node) : name;
      return false;
    });
  return name;
}

function readNames(operator: SyntaxNode, known: Map<string, boolean>): void {
  walk(operator, (node) => {
    if (kindOf(node) !== 'SimpleNamedExpression') return undefined;
    const value = child(node, 'Expression');
    known.set(nameOf(child(node, 'Name')!), value !== undefined && stays(value, known));
    return false;
  });
}

/** Whether a value is a sum, or one that was divided, multiplied or rounded. */
function isSum(node: SyntaxNode): boolean {
  return isLinear(node, (inner) => kindOf(inner) === 'FunctionCallExpression' && SUMS.has(calledName(inner)));
}

function stays(node: SyntaxNode, known: ReadonlyMap<string, boolean>): boolean {
  return isLinear(node, (inner) => kindOf(inner) === 'NameReference' && known.get(nameOf(inner)) === true);
}

function isLinear(node: SyntaxNode, isOne: (inner: SyntaxNode) => boolean): boolean {
  if (isOne(node)) return true;
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') {
    const inner = child(node, 'Expression');
    return inner !== undefined && isLinear(inner, isOne);
  }
  if (kind === 'DivideExpression' || kind === 'MultiplyExpression') {
    const [left, right] = [child(node, 'Left'), child(node, 'Right')];
    return (
      left !== undefined && right !== undefined && /LiteralExpression$/.test(kindOf(right)) && isLinear(left, isOne)
    );
  }
  if (kind !== 'FunctionCallExpression' || !/^(?:round|tolong|toint|todouble|toreal)$/.test(calledName(node)))
    return false;
  const list = child(node, 'ArgumentList');
  const [first] = list ? children(list, 'Expressions') : [];
  return first !== undefined && isLinear(first, isOne);
}
