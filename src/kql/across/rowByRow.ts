import { child, children, kindOf, walk } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { calledName, ELSEWHERE, isBuiltIn, letDeclarations, nameOf } from '../treeNames.ts';
import { AZURE_TABLES } from './azureTableNames.ts';
import { NOT_OF_A_ROW } from './pushing.ts';

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

/** What names of the query stand for. */
interface Names {
  readonly lets: ReadonlyMap<string, readonly SyntaxNode[]>;
  readonly isTable: (name: string) => boolean;
}

/** Names that are surely no stored function's: that is called like a table, and may do anything. */
function isAzureTable(name: string): boolean {
  return AZURE_TABLES.has(name);
}

/**
 * Whether each workspace's own rows, one under the other, surely are the answer over all of them: tables of Azure in
 * pipes of operators on one row at a time, and unions of such. The syntax alone tells, before anybody's tables are
 * known; what it does not know is false, and the plan over those tables tells (`planAcross`). `isTable`: whether a name
 * is surely a table's; those of Azure's logs unless given.
 */
export function isRowByRow(root: SyntaxNode, isTable = isAzureTable): boolean {
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
    isOfTables(query, { lets, isTable })
  );
}

function isOfTables(node: SyntaxNode, names: Names): boolean {
  const inner = child(node, 'Expression');
  switch (kindOf(node)) {
    case 'NameReference':
      if (names.lets.has(nameOf(node))) return ofLet(nameOf(node), names, isOfTables);
      // A pattern is of tables alone.
      return names.isTable(nameOf(node)) || nameOf(node).includes('*');
    case 'ParenthesizedExpression':
    case 'MaterializeExpression':
      return inner !== undefined && isOfTables(inner, names);
    case 'PipeExpression': {
      const operator = child(node, 'Operator');
      return inner !== undefined && operator !== undefined && isOfTables(inner, names) && isOfRows(operator, names);
    }
    case 'UnionOperator':
    case 'SearchOperator':
      return isOfRows(node, names);
    default:
      return false;
  }
}

/** What a name stands for; one that is declared twice, or by itself, is not gone into. */
function ofLet(name: string, names: Names, test: (value: SyntaxNode, names: Names) => boolean): boolean {
  const [value, ...more] = names.lets.get(name)!;
  const lets = new Map([...names.lets].filter(([each]) => each !== name));
  return more.length === 0 && test(value!, { ...names, lets });
}

function isOfRows(operator: SyntaxNode, names: Names): boolean {
  return kindOf(operator) === 'UnionOperator'
    ? children(operator, 'Expressions').every((operand) => isOfTables(operand, names))
    : ROW_WISE.has(kindOf(operator)) && looksAtOneRow(operator, names, operator);
}

/** Whether nothing within looks at other rows, or at what only a workspace knows; `top` is the operator itself. */
function looksAtOneRow(expression: SyntaxNode, names: Names, top?: SyntaxNode): boolean {
  let looks = true;
  walk(expression, (node) => {
    const kind = kindOf(node);
    if (!looks) return false;
    if (node !== top && READS_ROWS.test(kind)) looks = false;
    else if (kind === 'FunctionCallExpression') {
      const name = calledName(node);
      looks = isBuiltIn(name) && !NOT_OF_A_ROW.has(name) && !ELSEWHERE.has(name) && name !== 'table';
    } else if (MEMBERSHIP.test(kind)) looks = !mayBeTable(child(node, 'Right'), names);
    else if (kind === 'NameReference' && names.lets.has(nameOf(node)))
      looks = ofLet(nameOf(node), names, (value, others) => looksAtOneRow(value, others));
    return undefined;
  });
  return looks;
}

/** `x in (T)`: a name alone there may be a table's, unless a `let` says that it is a value. */
function mayBeTable(list: SyntaxNode | undefined, names: Names): boolean {
  const [only, ...more] = list ? children(list, 'Expressions') : [];
  if (!only || more.length > 0) return false;
  let bare = only;
  while (kindOf(bare) === 'ParenthesizedExpression') bare = child(bare, 'Expression') ?? bare;
  if (kindOf(bare) !== 'NameReference') return false;
  const values = names.lets.get(nameOf(bare));
  return values === undefined || values.some((value) => kindOf(value) === 'NameReference');
}
