import type { Column } from '../../model/kqlType.ts';
import { children, columnsOf, forgetColumn, kindOf, need, symbolClass } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnFor, converted } from './scalar.ts';
import { columnExpr } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { bareOf, givenNames, nameOf, namesOver, outputsOf, widthOf } from './tree.ts';

/**
 * Values of expressions, those of several columns taken apart beneath: what the next operator stands on, and one
 * expression per column.
 */
export interface Items {
  readonly input: Rel;
  readonly groups: readonly (readonly Expr[])[];
}

/** Binds each node to its expressions; `width` says how many columns it has. */
function bindItems(
  nodes: readonly SyntaxNode[],
  widths: readonly number[],
  input: Rel,
  scope: Scope,
  binder: Binder,
): Items {
  let rel = input;
  const groups = nodes.map((node, i) => {
    const expr = binder.scalar(node, scope);
    const width = widths[i] ?? 1;
    const tuple = symbolClass(bareOf(node).ResultType) === 'TupleSymbol';
    if (!tuple && width === 1) return [expr];
    const types = tuple ? outputsOf(bareOf(node)) : [];
    const id = binder.nextId();
    const outputs = Array.from({ length: width }, (_, k): Column => ({
      name: `#tuple${id}.${k}`,
      type: types[k]?.type ?? 'dynamic',
    }));
    rel = { kind: 'spread', input: rel, expr, outputs, columns: [...rel.columns, ...outputs], place: placeOf(node) };
    return outputs.map(columnExpr);
  });
  return { input: rel, groups };
}

/** `st = series_stats(x)` is the first of the values alone; Microsoft's binder has columns of the others too. */
function outputsOfFirst(node: SyntaxNode, nodes: readonly SyntaxNode[]): Column[] {
  for (const n of nodes)
    if (kindOf(n) === 'SimpleNamedExpression' && symbolClass(bareOf(n).ResultType) === 'TupleSymbol')
      for (const other of columnsOf(bareOf(n).ResultType).slice(1)) forgetColumn(node.ResultType, other.name);
  return outputsOf(node);
}

/** `extend`, and the columns that `serialize` adds: the input's columns, some replaced, new ones behind them. */
export function bindExtend(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const nodes = children(node, 'Expressions');
  const columns = outputsOfFirst(node, nodes);
  const row = scope.withRow(input.columns);
  const items = bindItems(nodes, nodes.map(widthNamed), input, row, binder);
  const known = new Set(input.columns.map((c) => c.name));
  // serialize replaces no column: its own stand behind the input's, under names nobody has.
  const added = items.groups.flat();
  if (kindOf(node) === 'SerializeOperator' && columns.length === input.columns.length + added.length) {
    return projected(node, items.input, columns, (_, i) =>
      i < input.columns.length ? columnExpr(input.columns[i]!) : added[i - input.columns.length]!,
    );
  }
  const explicit = new Set(nodes.flatMap((n) => namesOver(n, known)));
  const fresh = columns.filter((c) => !known.has(c.name) && !explicit.has(c.name));
  const made = new Map<string, Expr>();
  nodes.forEach((n, i) => {
    const names = namesOver(n, known);
    items.groups[i]?.forEach((expr, k) =>
      made.set(names[k] ?? fresh.shift()?.name ?? refuse('A column without a name', n), expr),
    );
  });
  const passed = new Map(input.columns.map((c) => [c.name, c]));
  return projected(
    node,
    items.input,
    columns,
    (column) =>
      made.get(column.name) ??
      columnExpr(passed.get(column.name) ?? refuse(`The column '${column.name}', which the data does not have,`, node)),
  );
}

/** `project`: the columns written out, in that order; an expression may give several. */
export function bindProject(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const nodes = children(node, 'Expressions').filter((n) => kindOf(n) !== 'StarExpression');
  if (nodes.length !== children(node, 'Expressions').length) return refuse('`*` in project', node);
  const columns = outputsOfFirst(node, nodes);
  const widths = fitted(nodes, columns.length);
  const items = bindItems(nodes, widths, input, scope.withRow(input.columns), binder);
  const exprs = items.groups.flat();
  if (exprs.length !== columns.length) return refuse('This list of columns', node);
  return projected(node, items.input, columns, (_, i) => exprs[i]!);
}
/** How many columns a value has; under one name it is the first of them. */
function widthNamed(node: SyntaxNode): number {
  return kindOf(node) === 'SimpleNamedExpression' ? 1 : widthOf(node);
}
/** Widths that add up to the columns there are; one expression of several columns may yield fewer than it has. */
export function fitted(nodes: readonly SyntaxNode[], total: number): number[] {
  const widths = nodes.map(widthNamed);
  const sum = widths.reduce((a, b) => a + b, 0);
  const wide = widths.findIndex((w) => w > 1);
  if (sum !== total && wide >= 0) widths[wide] = (widths[wide] ?? 1) + total - sum;
  return widths;
}
function projected(
  node: SyntaxNode,
  input: Rel,
  columns: readonly Column[],
  make: (column: Column, i: number) => Expr,
): Rel {
  const items = columns.map((given, i): Assignment => {
    const expr = make(given, i);
    const column = columnFor(given, expr);
    return { column, expr: converted(expr, column.type, node) };
  });
  return { kind: 'project', input, items, columns: items.map((i) => i.column), place: placeOf(node) };
}

/** project-away, -keep, -reorder: the binder has worked out which columns in which order. */
export function bindSelection(node: SyntaxNode, input: Rel): Rel {
  const known = new Map(input.columns.map((c) => [c.name, c]));
  const outputs = outputsOf(node);
  const found = outputs.flatMap((c) => known.get(c.name) ?? []);
  const reorders = kindOf(node) === 'ProjectReorderOperator';
  // Behind a search the binder may know columns of several types by a name they do not have; reordering keeps them all
  // the same.
  if (!reorders && found.length < outputs.length)
    return refuse('A selection of columns that a search has split by type', node, 'Name the columns with project.');
  const kept = new Set(found);
  const items = [...found, ...(reorders ? input.columns.filter((c) => !kept.has(c)) : [])].map((column) => ({
    column,
    expr: columnExpr(column),
  }));
  return { kind: 'project', input, items, columns: items.map((i) => i.column), place: placeOf(node) };
}

/** `project-rename`: the same columns in their places, some under other names. */
export function bindRename(node: SyntaxNode, input: Rel): Rel {
  const source = new Map<string, string>();
  for (const n of children(node, 'Expressions')) {
    const [to] = givenNames(n) ?? [];
    const from = nameOf(need(n, 'Expression'));
    if (to !== undefined) source.set(to, from);
  }
  const known = new Map(input.columns.map((c) => [c.name, c]));
  const renamed = new Map([...source].map(([to, from]) => [from, to]));
  const items = outputsOf(node).map((c): Assignment => {
    const origin =
      known.get(source.get(c.name) ?? (renamed.has(c.name) ? '' : c.name)) ?? refuse(`Renaming to '${c.name}'`, node);
    return { column: { name: c.name, type: origin.type }, expr: columnExpr(origin) };
  });
  return { kind: 'project', input, items, columns: items.map((i) => i.column), place: placeOf(node) };
}

/** `print`: one row. */
export function bindPrint(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const unit: Rel = { kind: 'values', rows: [[]], columns: [], place: placeOf(node) };
  return bindProject(node, unit, scope, binder);
}

/** `distinct`: every combination of the columns once; `*` takes all of the input's. */
export function bindDistinct(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const nodes = children(node, 'Expressions');
  const place = placeOf(node);
  const star = nodes.length === 1 && nodes[0] && kindOf(nodes[0]) === 'StarExpression';
  const from = star ? input : bindProject(node, input, scope, binder);
  return { kind: 'distinct', input: from, columns: from.columns, place };
}
