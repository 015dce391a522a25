import { child, children, kindOf, walk } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { calledName, ELSEWHERE, isBuiltIn, letDeclarations, nameOf } from '../treeNames.ts';
import azureTables from './azureTables.json' with { type: 'json' };
import { NOT_OF_A_ROW } from './pushing.ts';

/** Names that are surely no stored function's: that is called like a table, and may do anything. */
const TABLES: ReadonlySet<string> = new Set(azureTables);
const STATEMENTS: ReadonlySet<string> = new Set(['ExpressionStatement', 'LetStatement', 'SetOptionStatement']);
/** Operators that look at one row at a time. What they say is looked at, too. */
const ROW_WISE: ReadonlySet<string> = new Set([
  'FilterOperator',
  'ExtendOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'ParseOperator',
  'ParseWhereOperator',
  'ParseKvOperator',
  'MvExpandOperator',
  'AsOperator',
  'RenderOperator',
  'SearchOperator',
]);
/** What within an expression may read rows of its own. */
const READS_ROWS =
  /^(?:Pipe|ToScalar|ToTable|Materialize|(?:Contextual)?DataTable|ExternalData|FunctionDeclaration)|Operator$/;
const MEMBERSHIP = /^(?:Not)?In(?:Cs)?Expression$|^Has(?:Any|All)Expression$/;

type Lets = ReadonlyMap<string, readonly SyntaxNode[]>;

/**
 * Whether each workspace's own rows, one under the other, surely are the answer over all of them: tables of Azure in
 * pipes of operators on one row at a time, and unions of such. The syntax alone tells, before anybody's tables are
 * known; what it does not know is false, and the plan over those tables tells (`planAcross`).
 */
export function isRowByRow(root: SyntaxNode): boolean {
  const statements = children(root, 'Statements');
  const queries = statements.filter((statement) => kindOf(statement) === 'ExpressionStatement');
  const query = queries.length === 1 ? child(queries[0]!, 'Expression') : undefined;
  const lets = letDeclarations(root);
  // A function may be a view, which `union *` and `search` read.
  const hasFunctions = [...lets.values()].flat().some((value) => kindOf(value) === 'FunctionDeclaration');
  return (
    query !== undefined &&
    !hasFunctions &&
    statements.every((statement) => STATEMENTS.has(kindOf(statement))) &&
    isOfTables(query, lets)
  );
}

function isOfTables(node: SyntaxNode, lets: Lets): boolean {
  const inner = child(node, 'Expression');
  switch (kindOf(node)) {
    case 'NameReference':
      if (lets.has(nameOf(node))) return ofLet(nameOf(node), lets, isOfTables);
      // A pattern is of tables alone.
      return TABLES.has(nameOf(node)) || nameOf(node).includes('*');
    case 'ParenthesizedExpression':
    case 'MaterializeExpression':
      return inner !== undefined && isOfTables(inner, lets);
    case 'PipeExpression': {
      const operator = child(node, 'Operator');
      return inner !== undefined && operator !== undefined && isOfTables(inner, lets) && isOfRows(operator, lets);
    }
    case 'UnionOperator':
    case 'SearchOperator':
      return isOfRows(node, lets);
    default:
      return false;
  }
}

/** What a name stands for; one that is declared twice, or by itself, is not gone into. */
function ofLet(name: string, lets: Lets, test: (value: SyntaxNode, lets: Lets) => boolean): boolean {
  const [value, ...more] = lets.get(name)!;
  return more.length === 0 && test(value!, new Map([...lets].filter(([each]) => each !== name)));
}

function isOfRows(operator: SyntaxNode, lets: Lets): boolean {
  return kindOf(operator) === 'UnionOperator'
    ? children(operator, 'Expressions').every((operand) => isOfTables(operand, lets))
    : ROW_WISE.has(kindOf(operator)) && looksAtOneRow(operator, lets, operator);
}

/** Whether nothing within looks at other rows, or at what only a workspace knows; `top` is the operator itself. */
function looksAtOneRow(expression: SyntaxNode, lets: Lets, top?: SyntaxNode): boolean {
  let looks = true;
  walk(expression, (node) => {
    const kind = kindOf(node);
    if (!looks) return false;
    if (node !== top && READS_ROWS.test(kind)) looks = false;
    else if (kind === 'FunctionCallExpression') {
      const name = calledName(node);
      looks = isBuiltIn(name) && !NOT_OF_A_ROW.has(name) && !ELSEWHERE.has(name) && name !== 'table';
    } else if (MEMBERSHIP.test(kind)) looks = !mayBeTable(child(node, 'Right'), lets);
    else if (kind === 'NameReference' && lets.has(nameOf(node)))
      looks = ofLet(nameOf(node), lets, (value, others) => looksAtOneRow(value, others));
    return undefined;
  });
  return looks;
}

/** `x in (T)`: a name alone there may be a table's, unless a `let` says that it is a value. */
function mayBeTable(list: SyntaxNode | undefined, lets: Lets): boolean {
  const [only, ...more] = list ? children(list, 'Expressions') : [];
  if (!only || more.length > 0) return false;
  let bare = only;
  while (kindOf(bare) === 'ParenthesizedExpression') bare = child(bare, 'Expression') ?? bare;
  if (kindOf(bare) !== 'NameReference') return false;
  const values = lets.get(nameOf(bare));
  return values === undefined || values.some((value) => kindOf(value) === 'NameReference');
}
