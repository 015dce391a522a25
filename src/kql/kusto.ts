/** The tree of Microsoft's parser as the rest of this layer reads it: its nodes, their names and their types. */
import { AppError } from '../base/errors.ts';
import { enumName, guarded, kusto, list } from './kustoApi.ts';
import type { ColumnSymbol, KustoSymbol, SyntaxNode } from './kustoApi.ts';
import type { Column, KqlType } from '../model/kqlType.ts';

const kindNames: string[] = [];
/** The kind of a node or token by its C# name, e.g. `FilterOperator`, `LongLiteralExpression`. */
export function kindOf(node: SyntaxNode): string {
  const kind = node.Kind;
  return (kindNames[kind] ??= enumName(kusto.Syntax.SyntaxKind, kind));
}
/** The class of a symbol without its namespace, e.g. `TableSymbol`, `ColumnSymbol`, `VariableSymbol`. */
export function symbolClass(symbol: KustoSymbol | null | undefined): string {
  const name = (symbol?.constructor as { readonly $$name?: string } | undefined)?.$$name ?? '';
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A named child, e.g. `child(filter, 'Condition')`; undefined where absent or empty. */
export function child(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const found = (node as unknown as Record<string, SyntaxNode | null | undefined>)[name];
  return found === null || found === undefined || (found.IsToken && !found.Text) ? undefined : found;
}
/** A named child the grammar promises. */
export function need(node: SyntaxNode, name: string): SyntaxNode {
  const found = child(node, name);
  if (!found)
    throw new AppError('bug.syntaxTree', `Something is missing in the query at "${quotedText(node)}" (${name}).`);
  return found;
}
/** The elements of a named list child, without separators. */
export function children(node: SyntaxNode, name: string): SyntaxNode[] {
  const found = (node as unknown as Record<string, SyntaxNode | null | undefined>)[name];
  return found ? elements(found) : [];
}
/** The elements of a list node, without separators. */
export function elements(listNode: SyntaxNode): SyntaxNode[] {
  const items: SyntaxNode[] = [];
  for (let i = 0; i < listNode.ChildCount; i++) {
    const item = listNode.GetChild(i);
    if (item) items.push(kindOf(item) === 'SeparatedElement' ? (item.GetChild(0) ?? item) : item);
  }
  return items;
}
/** Every node below and with `node`, parents first; return false from `visit` to skip what is below. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => boolean | void): void {
  if (visit(node) === false) return;
  for (let i = 0; i < node.ChildCount; i++) {
    const next = node.GetChild(i);
    if (next) walk(next, visit);
  }
}
/** The text a node spans, without the blanks and comments before it. */
export function textOf(node: SyntaxNode): string {
  const only = node.ChildCount === 1 ? node.GetChild(0) : null;
  // Writing a tree goes through every token's trivia, which for a name alone is in vain.
  if (only?.IsToken && only.Text !== undefined) return only.Text;
  const text = node.toString();
  return text.slice(text.length - node.Width).trim();
}

/**
 * The word a node begins with, as KQL writes it (`top-nested`, `mv-apply`); undefined where it begins with no word. The
 * comments and blanks before it are not its text.
 */
export function firstWordOf(node: SyntaxNode): string | undefined {
  const text = firstToken(node)?.Text;
  return text !== undefined && /^[a-z_][\w-]*$/i.test(text) ? text : undefined;
}
function firstToken(node: SyntaxNode): SyntaxNode | undefined {
  if (node.IsToken) return node.Text ? node : undefined;
  for (let i = 0; i < node.ChildCount; i++) {
    const next = node.GetChild(i);
    const found = next && firstToken(next);
    if (found) return found;
  }
  return undefined;
}
/** The text of a node for a sentence: one line, at most 60 characters. */
export function quotedText(node: SyntaxNode): string {
  const text = textOf(node).replaceAll(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The column name an expression has when none is given; undefined where it gets a numbered one. */
export function resultNameOf(node: SyntaxNode): string | undefined {
  return guarded(() => kusto.Binding.Binder.GetExpressionResultName(node, null, null)) || undefined;
}

const absent = new WeakSet<ColumnSymbol>();
const absentNames: string[] = [];
/** From here on a column the binder has made up is in no table's columns, nor is one made of it alone. */
export function forgetColumn(type: KustoSymbol | null | undefined, name: string): void {
  const found = list(type?.Columns).find((column) => column.Name === name);
  if (!found) return;
  absent.add(found);
  if (!absentNames.includes(name)) absentNames.push(name);
}
function isAbsent(column: ColumnSymbol): boolean {
  // Nearly all columns are told by their name; a copy may have a number behind it.
  if (!absentNames.some((name) => column.Name.startsWith(name))) return false;
  if (absent.has(column)) return true;
  const of = column.OriginalColumns;
  return of !== null && of !== undefined && list(of).length > 0 && list(of).every(isAbsent);
}

/**
 * Columns of a tabular result type; a type the product does not know (unknown, int-like aliases) falls to `dynamic`.
 */
export function columnsOf(type: KustoSymbol | null | undefined): Column[] {
  return list(type?.Columns)
    .filter((column) => !isAbsent(column))
    .map((column) => ({ name: column.Name, type: kqlTypeOf(column.Type) ?? 'dynamic' }));
}
const TYPE_NAMES: Readonly<Record<string, KqlType>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  int32: 'int',
  long: 'long',
  int64: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
};
/**
 * The KQL type a type symbol stands for: `dynamic(...)` refinements are dynamic; undefined for tables, unknown, void.
 */
export function kqlTypeOf(type: KustoSymbol | null | undefined): KqlType | undefined {
  if (!type) return undefined;
  if (/^Dynamic|^TupleSymbol/.test(symbolClass(type)) && symbolClass(type) !== 'TupleSymbol') return 'dynamic';
  return TYPE_NAMES[type.Name];
}
/** The KQL type a name in a query stands for, aliases included. */
export function kqlTypeNamed(name: string): KqlType | undefined {
  return TYPE_NAMES[name.toLowerCase()];
}
