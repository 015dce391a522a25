import { elements, kindOf, walk } from '../kusto.ts';
import { parse } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { calledName, isBuiltIn, letDeclarations, nameOf } from '../treeNames.ts';

/** Operators that look at one row at a time, or choose among rows. */
const ROW_OPERATORS: ReadonlySet<string> = new Set([
  'AsOperator',
  'DistinctOperator',
  'ExtendOperator',
  'FilterOperator',
  'MvExpandOperator',
  'ParseOperator',
  'ParseWhereOperator',
  'ParseKvOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectByNamesOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'RenderOperator',
  'SearchOperator',
  'SortOperator',
  'TakeOperator',
  'TopOperator',
  'UnionOperator',
]);
/** Operators that put rows together: what they make is one customer's where the customer is among what they go by. */
const GROUPING: Readonly<Record<string, string>> = {
  SummarizeOperator: 'SummarizeByClause',
  MakeSeriesOperator: 'MakeSeriesByClause',
  JoinOperator: 'JoinOnClause',
  LookupOperator: 'JoinOnClause',
};
/** Functions whose value comes from other rows than the one they stand in. */
const OTHER_ROWS: ReadonlySet<string> = new Set([
  'next',
  'prev',
  'row_cumsum',
  'row_number',
  'row_rank',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);
const CUSTOMER = '_Customer';

/**
 * Whether every row that has a `_Customer` surely holds values of that customer alone, so that it may be told to them:
 * an allow list by syntax. What puts rows together has to go by `_Customer`, nothing may look at other rows, and nobody
 * else may say what `_Customer` is. Never throws: what cannot be read is nobody's.
 */
export function isCustomersOwn(query: string): boolean {
  let own = true;
  try {
    const root = parse(query).Syntax;
    const declared = letDeclarations(root);
    walk(root, (node) => {
      own &&= isOwn(node, declared);
      return own;
    });
  } catch {
    return false;
  }
  return own;
}

function isOwn(node: SyntaxNode, declared: ReadonlyMap<string, unknown>): boolean {
  const kind = kindOf(node);
  if (kind === 'NameDeclaration') return nameOf(node) !== CUSTOMER;
  if (kind === 'ToScalarExpression' || kind === 'ToTableExpression') return false;
  if (kind === 'FunctionCallExpression') {
    const name = calledName(node);
    // A stored function may do all of this where nobody sees it.
    return !OTHER_ROWS.has(name) && (isBuiltIn(name) || declared.has(name));
  }
  const clause = GROUPING[kind];
  if (clause !== undefined) return goesByCustomer(node, clause);
  return !kind.endsWith('Operator') || ROW_OPERATORS.has(kind);
}

function goesByCustomer(operator: SyntaxNode, clause: string): boolean {
  for (let i = 0; i < operator.ChildCount; i++) {
    const part = operator.GetChild(i);
    if (!part || kindOf(part) !== clause) continue;
    for (let j = 0; j < part.ChildCount; j++) {
      const names = part.GetChild(j);
      if (!names || kindOf(names) !== 'List') continue;
      if (elements(names).some((name) => kindOf(name) === 'NameReference' && nameOf(name) === CUSTOMER)) return true;
    }
  }
  return false;
}
