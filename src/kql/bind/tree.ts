import type { Column, KqlType } from '../../model/kqlType.ts';
import {
  child,
  children,
  columnsOf,
  kindOf,
  kqlTypeNamed,
  kqlTypeOf,
  need,
  resultNameOf,
  symbolClass,
  textOf,
} from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { parseString } from '../literal.ts';
import type { Expr, Rel } from '../plan.ts';
import { refuse } from './refusal.ts';
import type { Binder, Scope } from './scope.ts';

/** The output columns the binder gave an operator. */
export function outputsOf(node: SyntaxNode): Column[] {
  return columnsOf(node.ResultType);
}
/**
 * The same for an operator that passes its input on and adds columns of the names in `own`. The binder may know columns
 * the rows have not (it does not count out what `union kind=inner` leaves away): such a query is refused.
 */
export function outputsOver(node: SyntaxNode, input: Rel, own: readonly string[]): Column[] {
  const columns = outputsOf(node);
  const known = new Set([...input.columns.map((c) => c.name), ...own]);
  const strange = columns.find((c) => !known.has(c.name));
  return strange
    ? refuse(
        `The column '${strange.name}', which the rows do not have here,`,
        node,
        'Name the columns before it, with project.',
      )
    : columns;
}

/** The value of a named parameter (`kind=inner`, `withsource=T`), as its node. */
function parameterNode(node: SyntaxNode, ...names: readonly string[]): SyntaxNode | undefined {
  for (const parameter of children(node, 'Parameters')) {
    const name = (child(parameter, 'Name')?.SimpleName ?? textOf(need(parameter, 'Name'))).toLowerCase();
    if (names.includes(name)) return child(parameter, 'Expression');
  }
  return undefined;
}
/** A named parameter's value as text: a word, a name or a string literal without its quotes. */
export function parameterText(node: SyntaxNode, ...names: readonly string[]): string | undefined {
  const value = parameterNode(node, ...names);
  return value && wordOf(value);
}
/** A word, a name or a string literal, without its quotes. */
export function wordOf(node: SyntaxNode): string {
  const text = node.SimpleName ?? textOf(node);
  return parseString(text) ?? text;
}
/** The name a node declares or uses, without its quotes or brackets. */
export function nameOf(node: SyntaxNode): string {
  return node.SimpleName ?? wordOf(node);
}

/** The names a `Name =` or `(A, B) =` gives; undefined where there is none. */
export function givenNames(node: SyntaxNode): string[] | undefined {
  const kind = kindOf(node);
  if (kind === 'SimpleNamedExpression') return [nameOf(need(node, 'Name'))];
  if (kind === 'CompoundNamedExpression') return children(need(node, 'Names'), 'Names').map(nameOf);
  return undefined;
}
/**
 * The names given, or the one Kusto derives where it replaces a column of the input: `extend todynamic(x)` replaces x.
 */
export function namesOver(node: SyntaxNode, known: ReadonlySet<string>): string[] {
  const given = givenNames(node);
  if (given) return given;
  if (kindOf(node) === 'NameReference') return [nameOf(node)];
  const derived = resultNameOf(node);
  return derived !== undefined && known.has(derived) ? [derived] : [];
}
/** The node behind `Name =`, parentheses aside. */
export function bareOf(node: SyntaxNode): SyntaxNode {
  const kind = kindOf(node);
  return kind === 'SimpleNamedExpression' || kind === 'CompoundNamedExpression' || kind === 'ParenthesizedExpression'
    ? bareOf(need(node, 'Expression'))
    : node;
}
/** How many columns an expression yields: more than one for functions of tuples. */
export function widthOf(node: SyntaxNode): number {
  const type = node.ResultType;
  // Columns beyond the names given keep their own.
  const names = kindOf(node) === 'CompoundNamedExpression' ? (givenNames(node)?.length ?? 1) : 1;
  const bare = bareOf(node).ResultType ?? type;
  return Math.max(names, symbolClass(bare) === 'TupleSymbol' ? columnsOf(bare).length : 1);
}
/** The scalar type a type clause names. */
export function typeNamed(node: SyntaxNode): KqlType {
  return kqlTypeOf(node.ReferencedSymbol) ?? kqlTypeNamed(textOf(node)) ?? refuse(`The type '${textOf(node)}'`, node);
}
/** Columns of a schema such as `(a:long, b:string)`. */
export function schemaColumns(nodes: readonly SyntaxNode[]): Column[] {
  return nodes.map((node) => ({ name: nameOf(need(node, 'Name')), type: typeNamed(need(node, 'Type')) }));
}

/** A constant known when the query is bound, for counts and options; undefined where it is not. */
export function constantOf(
  node: SyntaxNode,
  scope: Scope,
  binder: Binder,
): Extract<Expr, { kind: 'literal' }> | undefined {
  const expr = binder.scalar(node, scope);
  return expr.kind === 'literal' ? expr : undefined;
}
/** A pattern with `*` as a test on names. */
export function wildcard(pattern: string): (name: string) => boolean {
  const regex = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
  return (name) => regex.test(name);
}
/** The smallest node that spans a place. */
export function nodeAt(root: SyntaxNode, start: number, length: number): SyntaxNode | null {
  let found = root;
  for (;;) {
    let next: SyntaxNode | undefined;
    for (let i = 0; i < found.ChildCount; i++) {
      const inner = found.GetChild(i);
      if (inner && !inner.IsToken && inner.TextStart <= start && inner.End >= start + length) {
        next = inner;
        break;
      }
    }
    if (!next) return found;
    found = next;
  }
}
/** A name as a query may always write it. */
export function quotedName(name: string): string {
  return `['${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
}

/** What values of a type are written with; any text where it is not said. */
const WRITTEN: Readonly<Partial<Record<KqlType, RegExp>>> = {
  bool: /^[truefals]*$/i,
  int: /^[\d-]*$/,
  long: /^[\d-]*$/,
  real: /^[\d.e+\-naifty]*$/i,
  decimal: /^[\d.e+-]*$/i,
  datetime: /^[\d\-:.tz]*$/i,
  timespan: /^[\d:.-]*$/,
  guid: /^[\da-f-]*$/i,
};
/**
 * The columns in whose text a term can be at all: writing every time and number of a row as text is what a search takes
 * longest for.
 */
export function columnsThatMayHold(term: string, columns: readonly Column[]): Column[] {
  return columns.filter((c) => WRITTEN[c.type]?.test(term) ?? true);
}
