import { child, kindOf, symbolClass, walk } from './kusto.ts';
import { kusto, list } from './kustoApi.ts';
import type { SyntaxNode } from './kustoApi.ts';

/** The name a reference or declaration writes, without brackets and quotes. */
export function nameOf(node: SyntaxNode): string {
  return node.SimpleName ?? node.toString().trim();
}

/** The name a call calls, e.g. `strcat`. */
export function calledName(call: SyntaxNode): string {
  const name = child(call, 'Name');
  return name ? nameOf(name) : '';
}

/** Every `let` of a tree by name, those in functions too; a name may be declared more than once. */
export function letDeclarations(root: SyntaxNode): Map<string, SyntaxNode[]> {
  const found = new Map<string, SyntaxNode[]>();
  walk(root, (node) => {
    if (kindOf(node) !== 'LetStatement') return;
    const name = child(node, 'Name'),
      value = child(node, 'Expression');
    if (name && value) found.set(nameOf(name), [...(found.get(nameOf(name)) ?? []), value]);
  });
  return found;
}

/** Names of the parameters of functions that a tree declares. */
export function parameterNames(root: SyntaxNode): Set<string> {
  const found = new Set<string>();
  walk(root, (node) => {
    if (kindOf(node) !== 'FunctionParameter') return;
    const declared = child(node, 'NameAndType');
    const name = declared && child(declared, 'Name');
    if (name) found.add(nameOf(name));
  });
  return found;
}

/**
 * By syntax alone: the first of a pipe, a statement's whole expression, what a `let` names, an operand of union, the
 * right side of join and lookup.
 */
function standsForTable(node: SyntaxNode): boolean {
  let inner: SyntaxNode = node;
  let parent = node.Parent;
  while (parent && (kindOf(parent) === 'ParenthesizedExpression' || kindOf(parent) === 'SeparatedElement')) {
    inner = parent;
    parent = parent.Parent;
  }
  if (!parent) return false;
  const is = (name: string): boolean => child(parent, name)?.TextStart === inner.TextStart;
  switch (kindOf(parent)) {
    case 'ExpressionStatement':
      return true;
    case 'PipeExpression':
    case 'JoinOperator':
    case 'LookupOperator':
    case 'MaterializeExpression':
    case 'LetStatement':
      return is('Expression');
    case 'List':
      return (
        parent.Parent !== null &&
        kindOf(parent.Parent) === 'UnionOperator' &&
        child(parent.Parent, 'Expressions')?.TextStart === parent.TextStart
      );
    default:
      return false;
  }
}

/** True where a name is a table: by its symbol in a bound tree, else by where it stands. */
export function isTableName(node: SyntaxNode): boolean {
  if (kindOf(node) !== 'NameReference') return false;
  return node.ReferencedSymbol ? symbolClass(node.ReferencedSymbol) === 'TableSymbol' : standsForTable(node);
}

let builtIn: Set<string> | undefined;
/** Functions, aggregates and plugins that every Kusto has. */
export function isBuiltIn(name: string): boolean {
  const { Functions, Aggregates, PlugIns } = kusto.GlobalState.Default;
  builtIn ??= new Set([...list(Functions), ...list(Aggregates), ...list(PlugIns)].map((symbol) => symbol.Name));
  return builtIn.has(name);
}

/** Functions that give tables from elsewhere: another workspace, cluster, subscription. */
export const ELSEWHERE: ReadonlySet<string> = new Set([
  'workspace',
  'app',
  'resource',
  'adx',
  'arg',
  'cluster',
  'database',
]);
