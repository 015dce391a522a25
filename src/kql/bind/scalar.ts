import { columnsUsed } from '../prune.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import { child, children, columnsOf, kindOf, kqlTypeOf, need, quotedText, symbolClass, textOf } from '../kusto.ts';
import { list } from '../kustoApi.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr, Rel } from '../plan.ts';
import { bindLiteral } from './literals.ts';
import { bindMembership } from './membership.ts';
import { placeOf, refuse } from './refusal.ts';
import { bindSpecialCall } from './specialCalls.ts';
import { columnExpr, literal } from './scope.ts';
import { columnsThatMayHold } from './tree.ts';
import type { Binder, Scope } from './scope.ts';

/** The type the binder gave a node; what it could not know is dynamic. */
export function typeOf(node: SyntaxNode): KqlType {
  return kqlTypeOf(node.ResultType) ?? 'dynamic';
}
/** The call of a function or operator by name; its type is what the parser's binder found unless given. */
export function call(node: SyntaxNode, name: string, args: readonly Expr[], type: KqlType = typeOf(node)): Expr {
  return { kind: 'call', name, args, type, place: placeOf(node) };
}
/** The expression in `type`: literals of small integers are retyped, others wrapped in a conversion. */
export function converted(expr: Expr, type: KqlType, node: SyntaxNode): Expr {
  if (expr.type === type) return expr;
  if (
    expr.kind === 'literal' &&
    typeof expr.value === 'bigint' &&
    (type === 'long' || (type === 'int' && BigInt.asIntN(32, expr.value) === expr.value)) &&
    (expr.type === 'int' || expr.type === 'long')
  ) {
    return literal(type, expr.value);
  }
  if (expr.kind === 'literal' && expr.value === null && type !== 'string') return literal(type, null);
  return { kind: 'convert', type, value: expr, place: placeOf(node) };
}

/** Binds a scalar expression of the tree. */
export function bindScalar(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const found = bindLiteral(node);
  if (found) return found;
  const kind = kindOf(node);
  const inner = (name = 'Expression'): Expr => binder.scalar(need(node, name), scope);
  switch (kind) {
    case 'ParenthesizedExpression':
    case 'SimpleNamedExpression':
    case 'CompoundNamedExpression':
    case 'OrderedExpression':
    case 'BracketedExpression':
      return inner();
    case 'NameReference':
      return bindName(node, scope, binder);
    case 'UnaryMinusExpression':
      return negated(node, inner());
    case 'UnaryPlusExpression':
      return inner();
    case 'InExpression':
    case 'NotInExpression':
    case 'InCsExpression':
    case 'NotInCsExpression':
    case 'HasAnyExpression':
    case 'HasAllExpression':
      return bindMembership(node, scope, binder);
    case 'BetweenExpression':
    case 'NotBetweenExpression': {
      const range = need(node, 'Right');
      return call(
        node,
        operatorOf(node),
        [inner('Left'), binder.scalar(need(range, 'First'), scope), binder.scalar(need(range, 'Second'), scope)],
        'bool',
      );
    }
    case 'FunctionCallExpression':
      return bindCall(node, scope, binder);
    case 'PathExpression':
      return bindPath(node, scope, binder);
    case 'ElementExpression':
      return bindElement(node, scope, binder);
    case 'ToScalarExpression':
      return bindToScalar(node, scope, binder);
    case 'MaterializeExpression':
      return inner();
    case 'StarExpression':
      return refuse('`*` as a value', node);
    default:
      break;
  }
  if (symbolClass(node.ReferencedSymbol) === 'OperatorSymbol' && child(node, 'Left')) {
    const left = need(node, 'Left');
    const operator = operatorOf(node);
    if (kindOf(left) === 'StarExpression') return bindAnyColumn(node, operator, scope, binder);
    return call(node, operator === '<>' ? '!=' : operator, [
      binder.scalar(left, scope),
      binder.scalar(need(node, 'Right'), scope),
    ]);
  }
  return refuse(`The expression \`${quotedText(node)}\``, node);
}

/** Old words for operators, which Microsoft's parser still takes. */
const OLD_WORDS: Readonly<Record<string, string>> = {
  notcontains: '!contains',
  containscs: 'contains_cs',
  notcontainscs: '!contains_cs',
};
function operatorOf(node: SyntaxNode): string {
  const word = (child(node, 'Operator')?.Text ?? '').toLowerCase().replace(/\s+/g, ' ');
  if (/^(not)?like(cs)?$/.test(word))
    return refuse(
      `The old operator \`${word}\`, whose patterns are documented nowhere,`,
      node,
      'Use contains, startswith, endswith or matches regex.',
    );
  return OLD_WORDS[word] ?? word;
}

function negated(node: SyntaxNode, value: Expr): Expr {
  // The smallest whole number has no opposite: it wraps, as the sum of two numbers does.
  if (value.kind === 'literal' && typeof value.value === 'bigint')
    return { ...value, value: BigInt.asIntN(value.type === 'int' ? 32 : 64, -value.value) } as Expr;
  if (value.kind === 'literal' && typeof value.value === 'number') return { ...value, value: -value.value } as Expr;
  return call(node, 'neg', [value]);
}

/** `* has "x"`: any string column does. */
function bindAnyColumn(node: SyntaxNode, operator: string, scope: Scope, binder: Binder): Expr {
  const right = binder.scalar(need(node, 'Right'), scope);
  if (scope.row.length === 0) return literal('bool', false);
  const holds = right.kind === 'literal' && typeof right.value === 'string' && /^(has|contains)/.test(operator);
  const texts = (holds ? columnsThatMayHold(String(right.value), scope.row) : scope.row).map((column) =>
    column.type === 'string' ? columnExpr(column) : call(node, 'tostring', [columnExpr(column)], 'string'),
  );
  if (texts.length === 0) return literal('bool', false);
  // A term or a part of a text does not go across a line's end, so all columns are looked at as one text.
  const whole =
    /^(has|contains)/.test(operator) &&
    texts.length > 1 &&
    right.kind === 'literal' &&
    !String(right.value).includes('\n');
  if (whole)
    return call(
      node,
      operator,
      [call(node, 'strcat_delim', [literal('string', '\n'), ...texts], 'string'), right],
      'bool',
    );
  return texts
    .map((text) => call(node, operator, [text, right], 'bool'))
    .reduce((a, b) => call(node, 'or', [a, b], 'bool'));
}

function bindName(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const symbol = node.ReferencedSymbol;
  const name = symbol?.Name ?? node.SimpleName ?? textOf(node);
  if (symbolClass(symbol) === 'ColumnSymbol') {
    const column = scope.row.find((c) => c.name === name);
    // Where the rows have no such column (a constant is wanted, or a union has split it by type) a let of that name is
    // meant.
    const constant = column ? undefined : scope.find(name);
    if (constant?.kind === 'scalar') return ofThisRow(constant.expr(), scope, node);
    if (!column && scope.row.length === 0 && !scope.joining)
      return refuse(`The column '${name}' where a constant is wanted`, node);
    if (!column && scope.row.length > 0) return refuse(`The column '${name}', which the data does not have,`, node);
    return { kind: 'column', name, type: column?.type ?? typeOf(node) };
  }
  const binding = scope.find(name);
  if (binding?.kind === 'scalar') return ofThisRow(binding.expr(), scope, node);
  if (binding?.kind === 'rel') return firstValue(node, scope, binder);
  if (symbolClass(symbol) === 'FunctionSymbol') return bindCall(node, scope, binder);
  return refuse(`The name '${name}'`, node);
}

/**
 * What a name stands for, used where it may be: an argument made of the caller's columns means nothing on the rows of a
 * query inside the function (the service says so too), though a column of the same name may be there.
 */
function ofThisRow(expr: Expr, scope: Scope, node: SyntaxNode): Expr {
  const outer = scope.row.length > 0 ? columnIn(expr) : undefined;
  return outer === undefined ? expr : refuseOuter(outer, node);
}
function refuseOuter(name: string, node: SyntaxNode): never {
  return refuse(
    `The column '${name}' of the rows outside, in a query inside a function or toscalar(),`,
    node,
    'Bring the two together with join or lookup.',
  );
}
/** A column where there are no rows to have it: in what print and range begin with. */
function outerColumn(rel: Rel): string | undefined {
  if (rel.kind === 'range') return [rel.from, rel.to, rel.step].map(columnIn).find((name) => name !== undefined);
  if (!('input' in rel)) return undefined;
  return rel.kind === 'project' && rel.input.columns.length === 0
    ? rel.items.map((item) => columnIn(item.expr)).find((name) => name !== undefined)
    : outerColumn(rel.input);
}
function columnIn(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'column':
      return expr.name;
    case 'call':
    case 'aggregate':
      return expr.args.map(columnIn).find((name) => name !== undefined);
    case 'convert':
    case 'inQuery':
      return columnIn(expr.value);
    case 'inArray':
      return columnIn(expr.value) ?? columnIn(expr.array);
    default:
      return undefined;
  }
}

function bindCall(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const special = bindSpecialCall(node, scope, binder);
  if (special) return special;
  const inlined = binder.call(node, scope);
  if (inlined) {
    const result = need(inlined.body, 'Expression');
    return kqlTypeOf(result.ResultType) === undefined && columnsOf(result.ResultType).length > 0
      ? firstValue(node, scope, binder)
      : binder.scalar(result, inlined.scope);
  }
  const name = (node.ReferencedSymbol?.Name ?? child(node, 'Name')?.SimpleName ?? textOf(node)).toLowerCase();
  const argumentNodes =
    kindOf(node) === 'FunctionCallExpression' ? children(need(node, 'ArgumentList'), 'Expressions') : [];
  const args = argumentNodes.map((argument) =>
    kindOf(argument) === 'StarExpression' ? refuse(`${name}(*)`, argument) : binder.scalar(argument, scope),
  );
  if (symbolClass(node.ReferencedSymbol) !== 'FunctionSymbol') return refuse(`The function ${name}()`, node);
  if (binder.isAggregate(node)) return { kind: 'aggregate', name, args, type: typeOf(node), place: placeOf(node) };
  return call(node, name, args);
}

/** The column an expression fills: of its own type where it is a column. */
export function columnFor(column: Column, expr: Expr): Column {
  return expr.kind === 'column' && expr.type !== column.type ? { name: column.name, type: expr.type } : column;
}

/** The name a plan gives to a value in the state of a scan step. */
function stateColumn(step: string, column: string): string {
  return `#state.${step}.${column}`;
}

function bindPath(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const base = need(node, 'Expression');
  const selector = need(node, 'Selector');
  const step = base.SimpleName;
  if (step !== undefined && scope.steps.has(step))
    return { kind: 'column', name: stateColumn(step, selector.SimpleName ?? textOf(selector)), type: typeOf(node) };
  const side = base.SimpleName;
  if (side === '$left' || side === '$right') {
    return {
      kind: 'column',
      name: selector.SimpleName ?? textOf(selector),
      type: typeOf(node),
      side: side === '$left' ? 'left' : 'right',
    };
  }
  if (columnsOf(base.ResultType).length > 0 && symbolClass(base.ResultType) === 'TupleSymbol') {
    const name = selector.SimpleName ?? textOf(selector);
    const at = list(base.ResultType?.Columns).findIndex((c) => c.Name === name);
    return at < 0
      ? refuse(`The part '${name}'`, node)
      : call(node, 'element', [binder.scalar(base, scope), literal('long', BigInt(at))]);
  }
  // `bag.[name]`: the name stands for a value, as in `bag[name]`.
  if (kindOf(selector) === 'BracketedExpression') return bindStep(node, base, selector, scope, binder);
  return call(node, 'path', [binder.scalar(base, scope), literal('string', selector.SimpleName ?? textOf(selector))]);
}

function bindElement(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  return bindStep(node, need(node, 'Expression'), need(node, 'Selector'), scope, binder);
}
function bindStep(
  node: SyntaxNode,
  baseNode: SyntaxNode,
  selectorNode: SyntaxNode,
  scope: Scope,
  binder: Binder,
): Expr {
  const selector = binder.scalar(selectorNode, scope);
  const base = binder.scalar(baseNode, scope);
  return call(node, selector.kind === 'literal' && selector.type === 'string' ? 'path' : 'element', [base, selector]);
}

function bindToScalar(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const inner = need(node, 'Expression');
  if (kqlTypeOf(inner.ResultType) !== undefined) {
    const value = binder.scalar(inner, scope);
    // Within partition's braces toscalar(k) is the key; where the rows there have a column k too, it would be taken for
    // that one.
    const [column] = columnsUsed(value);
    return column === undefined
      ? drawnOnce(value, node)
      : refuse(
          `toscalar() of the column '${column}' of the rows`,
          node,
          'Inside the braces of partition, rename the column of the inner table that is called as the key.',
        );
  }
  return firstValue(inner, scope, binder);
}
/** What toscalar() makes of a value that is another one at each look: one drawn once for the whole query. */
function drawnOnce(expr: Expr, node: SyntaxNode): Expr {
  if (!isDrawn(expr)) return expr;
  const place = placeOf(node);
  const column: Column = { name: 'print_0', type: expr.type };
  const drawn: Rel = {
    kind: 'project',
    input: { kind: 'values', rows: [[]], columns: [], place },
    items: [{ column, expr }],
    columns: [column],
    place,
  };
  return {
    kind: 'subquery',
    rel: { kind: 'materialize', input: drawn, columns: [column], place },
    type: expr.type,
    place,
  };
}
function isDrawn(expr: Expr): boolean {
  if (expr.kind === 'call') return expr.name === 'new_guid' || expr.name === 'rand' || expr.args.some(isDrawn);
  return expr.kind === 'convert' && isDrawn(expr.value);
}
function firstValue(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const rel = binder.tabular(node, scope);
  const outer = outerColumn(rel);
  if (outer !== undefined) return refuseOuter(outer, node);
  const first = rel.columns[0];
  return first
    ? { kind: 'subquery', rel, type: first.type, place: placeOf(node) }
    : refuse('toscalar() of a table without columns', node);
}
