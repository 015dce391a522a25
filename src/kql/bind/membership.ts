import { child, children, columnsOf, kqlTypeOf, need } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr, Place, Rel } from '../plan.ts';
import { placeOf } from './refusal.ts';
import { literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';

/** `in`, `!in`, `in~`, `!in~`, `has_any`, `has_all`: over literals, a dynamic array, or the first column of a table. */
export function bindMembership(node: SyntaxNode, scope: Scope, binder: Binder): Expr {
  const name = (child(node, 'Operator')?.Text ?? '').toLowerCase();
  const value = binder.scalar(need(node, 'Left'), scope);
  const place = placeOf(node);
  const items = children(need(node, 'Right'), 'Expressions');
  const only = items.length === 1 ? items[0] : undefined;
  if (only && kqlTypeOf(only.ResultType) === undefined && columnsOf(only.ResultType).length > 0) {
    const rel = binder.tabular(only, scope);
    return name.startsWith('has')
      ? { kind: 'call', name, type: 'bool', place, args: [value, arrayOf(rel, place)] }
      : { kind: 'inQuery', type: 'bool', name, value, rel, place };
  }
  const bound = items.map((item) => binder.scalar(item, scope));
  const first = bound[0];
  if (bound.length === 1 && first && first.type === 'dynamic' && first.kind !== 'literal') {
    return name.startsWith('has')
      ? { kind: 'call', name, type: 'bool', place, args: [value, first] }
      : { kind: 'inArray', type: 'bool', name, value, array: first, place };
  }
  return { kind: 'call', name, type: 'bool', place, args: [value, ...bound.flatMap(spread)] };
}

/** A dynamic array literal as its elements; one with numbers that JavaScript would round goes on as it is. */
function spread(expr: Expr): Expr[] {
  if (expr.kind !== 'literal' || expr.type !== 'dynamic' || typeof expr.value !== 'string') return [expr];
  if (/\d{16}/.test(expr.value)) return [expr];
  const parsed: unknown = JSON.parse(expr.value);
  return Array.isArray(parsed) ? parsed.flat(Infinity).map(elementLiteral) : [expr];
}
function elementLiteral(item: unknown): Expr {
  if (typeof item === 'string') return literal('string', item);
  if (typeof item === 'boolean') return literal('bool', item);
  if (typeof item === 'number')
    return Number.isSafeInteger(item) ? literal('long', BigInt(item)) : literal('real', item);
  return literal('dynamic', item === null ? null : JSON.stringify(item));
}

/** The first column of a table as one dynamic array. */
function arrayOf(input: Rel, place: Place): Expr {
  const first = input.columns[0] ?? { name: 'x', type: 'string' as const };
  const column = { name: 'list', type: 'dynamic' as const };
  const expr: Expr = {
    kind: 'aggregate',
    name: 'make_list',
    type: 'dynamic',
    place,
    args: [{ kind: 'column', ...first }],
  };
  const rel: Rel = {
    kind: 'aggregate',
    input,
    keys: [],
    items: [{ columns: [column], expr }],
    columns: [column],
    place,
  };
  return { kind: 'subquery', rel, type: 'dynamic', place };
}
