import { child, children, columnsOf, kindOf, kqlTypeOf, need, textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kusto.ts';
import type { Expr } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnExpr, literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';

/** Calls that mean something about the query itself (its columns, its tables), not about values; undefined for all others. */
export function bindSpecialCall(node: SyntaxNode, scope: Scope, binder: Binder): Expr | undefined {
  if (kindOf(node) !== 'FunctionCallExpression') return undefined;
  const name = (child(need(node, 'Name'), 'Name') ? need(node, 'Name').SimpleName ?? '' : textOf(need(node, 'Name'))).toLowerCase();
  const args = children(need(node, 'ArgumentList'), 'Expressions');
  const place = placeOf(node);
  switch (name) {
    case 'pack_all': {
      const ignoreEmpty = args[0] ? binder.scalar(args[0], scope) : undefined;
      const skip = ignoreEmpty?.kind === 'literal' && ignoreEmpty.value === true;
      return { kind: 'call', name: skip ? 'pack_nonempty' : 'bag_pack', type: 'dynamic', place, args: scope.row.flatMap((c) => [literal('string', c.name), columnExpr(c)]) };
    }
    case 'bag_pack_columns':
      return { kind: 'call', name: 'bag_pack', type: 'dynamic', place, args: args.flatMap((arg) => [literal('string', nameOf(arg)), binder.scalar(arg, scope)]) };
    case 'column_ifexists': case 'columnifexists': {
      const wanted = args[0] ? binder.scalar(args[0], scope) : undefined;
      if (wanted?.kind !== 'literal') return refuse('column_ifexists() with a computed name', node);
      const column = scope.row.find((c) => c.name === wanted.value);
      return column ? columnExpr(column) : binder.scalar(args[1] ?? refuse('column_ifexists() without a default', node), scope);
    }
    case 'column_names_of': {
      const table = args[0] ?? refuse('column_names_of() without a table', node);
      return literal('dynamic', JSON.stringify(columnsOf(table.ResultType).map((c) => c.name)));
    }
    case 'bin_auto': {
      const [size, at] = [binder.option('query_bin_auto_size'), binder.option('query_bin_auto_at')];
      const value = binder.scalar(args[0] ?? refuse('bin_auto() of nothing', node), scope);
      if (!size) return refuse('bin_auto() without `set query_bin_auto_size`', node);
      return { kind: 'call', name: at ? 'bin_at' : 'bin', type: value.type, place, args: at ? [value, size, at] : [value, size] };
    }
    case 'materialize': {
      const inner = args[0];
      return inner && kqlTypeOf(inner.ResultType) !== undefined ? binder.scalar(inner, scope) : undefined;
    }
    default: return undefined;
  }
}
function nameOf(node: SyntaxNode): string { return node.SimpleName ?? child(node, 'Name')?.SimpleName ?? textOf(node); }
