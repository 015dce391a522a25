import { child, children, firstWordOf, kindOf, need, textOf, walk } from './kusto.ts';
import type { SyntaxNode } from './kustoApi.ts';
import { sentenceFor } from './perWorkspaceReasons.ts';
import type { Construct } from './perWorkspaceReasons.ts';
import { calledName, ELSEWHERE, isBuiltIn, isTableName, letDeclarations, nameOf } from './treeNames.ts';

/**
 * `same`: the two answers have the same rows. When in doubt they differ. `sentence` says why, for people; empty where
 * they are the same.
 */
export interface PerWorkspace {
  readonly same: boolean;
  readonly constructs: readonly Construct[];
  readonly sentence: string;
}

/** What is known of the workspaces beforehand. */
export interface PerWorkspaceOptions {
  /**
   * Set where every workspace has a `_Workspace` of its own: grouping by it then never joins rows of two workspaces.
   */
  readonly workspaceNamesAreUnique?: boolean;
}

/** Operators that look at one row at a time. What their expressions read is looked at too. */
const ROW_WISE = new Set([
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
  'MvApplyOperator',
  'AsOperator',
  'RenderOperator',
  'SearchOperator',
]);
/** Scalar functions that look at neighbouring rows. */
const WINDOW = new Set([
  'prev',
  'next',
  'row_number',
  'row_cumsum',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);
/** Sources that give the same rows to every workspace. */
const CONSTANT = new Set([
  'PrintOperator',
  'RangeOperator',
  'DataTableExpression',
  'ContextualDataTableExpression',
  'ExternalDataExpression',
]);

/**
 * Does the answer of this query over the union of workspaces equal the concatenation of each workspace's own answers
 * (rows, not their order)?
 */
export function perWorkspaceOf(root: SyntaxNode, options: PerWorkspaceOptions = {}): PerWorkspace {
  const found = new Judge(root, options).judge();
  const constructs = found
    .filter((c, i) => found.findIndex((other) => other.start === c.start && other.name === c.name) === i)
    .sort((a, b) => a.start - b.start);
  return { same: constructs.length === 0, constructs, sentence: constructs.length ? sentenceFor(constructs) : '' };
}

class Judge {
  private readonly found: Construct[] = [];
  private readonly lets: Map<string, SyntaxNode[]>;
  /** Values of `let` already looked at, as tables and as scalars: the same name may stand for both. */
  private readonly tablesSeen = new Set<SyntaxNode>();
  private readonly scalarsSeen = new Set<SyntaxNode>();
  private readonly root: SyntaxNode;
  private readonly groupsByWorkspace: boolean;

  constructor(root: SyntaxNode, options: PerWorkspaceOptions) {
    this.root = root;
    this.lets = letDeclarations(root);
    this.groupsByWorkspace = options.workspaceNamesAreUnique === true && !declares(root, '_Workspace');
  }

  judge(): Construct[] {
    let queries = 0;
    for (const statement of children(this.root, 'Statements')) {
      const kind = kindOf(statement);
      if (kind === 'ExpressionStatement') {
        queries++;
        const expression = child(statement, 'Expression');
        if (expression) this.table(expression);
      } else if (kind !== 'LetStatement' && kind !== 'SetOptionStatement' && kind !== 'QueryParametersStatement') {
        this.differs(statement, kind.replace('Statement', '').toLowerCase());
      }
    }
    if (queries === 0) this.differs(this.root, 'no query');
    return this.found;
  }

  private differs(node: SyntaxNode, name: string, width?: number): void {
    this.found.push({ name, start: node.TextStart, end: node.TextStart + (width ?? node.Width) });
  }
  /** Names an operator by its first word; what begins with none is a value where a table should be. */
  private operatorDiffers(node: SyntaxNode): void {
    const word = firstWordOf(node);
    if (word) this.differs(node, word, word.length);
    else this.differs(node, 'expression');
  }

  /** A table expression: where rows come from, and what is done to them. */
  private table(node: SyntaxNode): void {
    const kind = kindOf(node);
    if (CONSTANT.has(kind)) return this.operatorDiffers(node);
    switch (kind) {
      case 'ParenthesizedExpression':
      case 'MaterializeExpression':
      case 'DataScopeExpression':
        return this.inner(node);
      case 'PipeExpression': {
        this.inner(node);
        const operator = child(node, 'Operator');
        return operator ? this.operator(operator) : this.differs(node, 'incomplete query');
      }
      case 'NameReference':
        return this.name(node, this.tablesSeen, (value) => {
          this.table(value);
        });
      case 'BracketedExpression':
      case 'WildcardedNameReference':
        return;
      case 'FunctionCallExpression':
        return this.call(node);
      case 'FunctionDeclaration':
        return this.body(node);
      case 'UnionOperator':
      case 'SearchOperator':
        return this.operator(node);
      case 'PathExpression':
        return this.scalar(node, true);
      default:
        return this.operatorDiffers(node);
    }
  }
  private inner(node: SyntaxNode): void {
    const expression = child(node, 'Expression');
    if (expression) this.table(expression);
    else this.differs(node, 'incomplete query');
  }

  private operator(node: SyntaxNode): void {
    const kind = kindOf(node);
    if (kind === 'UnionOperator') {
      for (const operand of children(node, 'Expressions')) this.table(operand);
      return;
    }
    if (ROW_WISE.has(kind)) return this.scalar(node, false);
    if (kind === 'JoinOperator' || kind === 'LookupOperator') {
      if (this.meetsConstant(node)) return;
    } else if (
      this.groupsByWorkspace &&
      (kind === 'SummarizeOperator' || kind === 'DistinctOperator') &&
      keysHaveWorkspace(node)
    )
      return this.scalar(node, false);
    this.operatorDiffers(node);
  }

  /**
   * A join whose right side is the same for every workspace looks at one row of the left side at a time, unless it is
   * about rows of the right side.
   */
  private meetsConstant(join: SyntaxNode): boolean {
    const right = child(join, 'Expression');
    if (!right || !this.isConstant(right)) return false;
    const parameter = children(join, 'Parameters').find((p) => textOf(need(p, 'Name')) === 'kind');
    const given = parameter && child(parameter, 'Expression');
    const kind = given ? textOf(given) : kindOf(join) === 'LookupOperator' ? 'leftouter' : 'innerunique';
    return ['inner', 'leftouter', 'leftsemi', 'leftanti', 'leftantisemi', 'anti'].includes(kind);
  }

  private isConstant(node: SyntaxNode, depth = 0): boolean {
    let constant = depth < 20;
    walk(node, (part) => {
      if (!constant) return false;
      const kind = kindOf(part);
      if (kind === 'FunctionCallExpression') {
        const name = calledName(part);
        if (!isBuiltIn(name) || name === 'table' || ELSEWHERE.has(name)) constant = false;
      }
      if (
        kind === 'UnionOperator' ||
        kind === 'SearchOperator' ||
        kind === 'FindOperator' ||
        kind === 'WildcardedNameReference'
      )
        constant = false;
      if (kind === 'NameReference') {
        const values = this.lets.get(nameOf(part));
        if (values) constant &&= values.every((value) => this.isConstant(value, depth + 1));
        else if (isTableName(part)) constant = false;
      }
      return undefined;
    });
    return constant;
  }

  /** Expressions inside a row-wise operator: they may read tables of their own, or look at other rows. */
  private scalar(node: SyntaxNode, isSource: boolean): void {
    walk(node, (part) => {
      switch (kindOf(part)) {
        case 'ToScalarExpression':
        case 'ToTableExpression':
          if (!this.isConstant(part)) this.operatorDiffers(part);
          return false;
        case 'PipeExpression':
        case 'UnionOperator':
        case 'FindOperator':
          if (!this.isConstant(part)) this.differs(part, 'subquery');
          return false;
        case 'FunctionCallExpression': {
          const name = calledName(part);
          if (WINDOW.has(name) || ELSEWHERE.has(name) || (name === 'table' && !isSource))
            this.differs(part, `${name}()`, name.length);
          else if (!isBuiltIn(name)) this.call(part);
          return undefined;
        }
        case 'NameReference':
          if (
            part.Parent &&
            kindOf(part.Parent) === 'FunctionCallExpression' &&
            child(part.Parent, 'Name')?.TextStart === part.TextStart
          )
            return undefined;
          if (!isSource && !this.lets.has(nameOf(part)) && (isTableName(part) || mayBeTable(part)))
            this.differs(part, 'subquery');
          this.name(part, this.scalarsSeen, (value) => {
            this.letScalar(value, part);
          });
          return undefined;
        default:
          return undefined;
      }
    });
  }

  /** A name that a `let` declares stands for what it declares. */
  private name(node: SyntaxNode, seen: Set<SyntaxNode>, visit: (value: SyntaxNode) => void): void {
    for (const value of this.lets.get(nameOf(node)) ?? []) {
      if (seen.has(value)) continue;
      seen.add(value);
      visit(value);
    }
  }

  /**
   * A `let` used inside an expression: what is neither constant nor scalar is a table that each workspace reads for
   * itself.
   */
  private letScalar(value: SyntaxNode, use: SyntaxNode): void {
    if (kindOf(value) === 'FunctionDeclaration') this.body(value);
    else if (this.isConstant(value)) return;
    else if (kindOf(value) === 'NameReference' && !this.lets.has(nameOf(value))) this.differs(use, 'subquery');
    else this.scalar(value, false);
  }

  /** A call of a function of the query or of the workspace: its body counts. */
  private call(call: SyntaxNode): void {
    const name = calledName(call);
    if (name === 'table') return;
    const args = child(call, 'ArgumentList');
    if (args) this.scalar(args, false);
    const declared = this.lets.get(name);
    if (declared) {
      for (const value of declared)
        if (!this.tablesSeen.has(value)) {
          this.tablesSeen.add(value);
          this.table(value);
        }
      return;
    }
    const body = call.GetCalledFunctionBody?.();
    if (!body) {
      if (!isBuiltIn(name) || ELSEWHERE.has(name)) this.differs(call, `${name}()`, name.length);
      return;
    }
    const before = this.found.length;
    new Map(letDeclarations(body)).forEach((values, key) => {
      if (!this.lets.has(key)) this.lets.set(key, values);
    });
    this.functionBody(body);
    // Places inside a stored function are not places of this text.
    const inside = this.found.splice(before);
    if (inside.length) this.differs(call, `${inside[0]!.name} in ${name}()`, name.length);
  }

  private body(declaration: SyntaxNode): void {
    const body = child(declaration, 'Body');
    if (body) this.functionBody(body);
    else this.differs(declaration, 'function');
  }
  private functionBody(body: SyntaxNode): void {
    const expression = child(body, 'Expression');
    if (!expression) return;
    if (isTabular(expression, this.lets)) this.table(expression);
    else this.scalar(expression, false);
  }
}

const TABULAR = new Set([
  'PipeExpression',
  'UnionOperator',
  'SearchOperator',
  'FindOperator',
  'EvaluateOperator',
  'MaterializeExpression',
  'DataScopeExpression',
  ...CONSTANT,
]);
function isTabular(node: SyntaxNode, lets: ReadonlyMap<string, SyntaxNode[]>, depth = 0): boolean {
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') {
    const inner = child(node, 'Expression');
    return inner !== undefined && isTabular(inner, lets, depth);
  }
  if (kind === 'NameReference')
    return (
      isTableName(node) ||
      (depth < 20 && (lets.get(nameOf(node)) ?? []).some((value) => isTabular(value, lets, depth + 1)))
    );
  return TABULAR.has(kind);
}

/** `x in (T)`: without bound names a single name there may be a table. */
function mayBeTable(node: SyntaxNode): boolean {
  if (node.ReferencedSymbol) return false;
  let parent = node.Parent;
  while (parent && ['SeparatedElement', 'List', 'ExpressionList', 'ParenthesizedExpression'].includes(kindOf(parent))) {
    if (kindOf(parent) === 'List' && parent.ChildCount > 1) return false;
    parent = parent.Parent;
  }
  return (
    parent !== null &&
    /^(Not)?In(Cs)?Expression$|^Has(Any|All)Expression$/.test(kindOf(parent)) &&
    child(parent, 'Left')?.TextStart !== node.TextStart
  );
}

function keysHaveWorkspace(node: SyntaxNode): boolean {
  const keys =
    kindOf(node) === 'DistinctOperator'
      ? children(node, 'Expressions')
      : children(child(node, 'ByClause') ?? node, 'Expressions');
  return keys.some((key) => kindOf(key) === 'NameReference' && nameOf(key) === '_Workspace');
}
function declares(root: SyntaxNode, name: string): boolean {
  let found = false;
  walk(root, (node) => {
    if (kindOf(node) === 'NameDeclaration' && nameOf(node) === name) found = true;
  });
  return found;
}
