import { child, children, columnsOf, kindOf, kqlTypeOf, need, textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Column } from '../../model/kqlType.ts';
import type { Expr } from '../plan.ts';
import { bindAssert } from './assertion.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnExpr, literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';

/**
 * The column `ingestion_time()` reads, where the data has it (the service's own name for it, and of `project
 * ingestion_time()`).
 */
const INGESTION_TIME = '$IngestionTime';

/**
 * Calls that mean something about the query itself (its columns, its tables), not about values; undefined for all
 * others.
 */
export function bindSpecialCall(node: SyntaxNode, scope: Scope, binder: Binder): Expr | undefined {
  if (kindOf(node) !== 'FunctionCallExpression') return undefined;
  const name = (
    child(need(node, 'Name'), 'Name') ? (need(node, 'Name').SimpleName ?? '') : textOf(need(node, 'Name'))
  ).toLowerCase();
  const args = children(need(node, 'ArgumentList'), 'Expressions');
  const place = placeOf(node);
  switch (name) {
    case 'pack_all': {
      const ignoreEmpty = args[0] ? binder.scalar(args[0], scope) : undefined;
      const skip = ignoreEmpty?.kind === 'literal' && ignoreEmpty.value === true;
      return {
        kind: 'call',
        name: skip ? 'pack_nonempty' : 'bag_pack',
        type: 'dynamic',
        place,
        args: scope.row.flatMap((c) => [literal('string', c.name), columnExpr(c)]),
      };
    }
    case 'bag_pack_columns':
      return {
        kind: 'call',
        name: 'bag_pack',
        type: 'dynamic',
        place,
        args: args.flatMap((arg) => [literal('string', nameOf(arg)), binder.scalar(arg, scope)]),
      };
    case 'column_ifexists':
    case 'columnifexists': {
      const wanted = args[0] ? binder.scalar(args[0], scope) : undefined;
      if (wanted?.kind !== 'literal') return refuse('column_ifexists() with a computed name', node);
      const column = scope.row.find((c) => c.name === wanted.value);
      return column
        ? columnExpr(column)
        : binder.scalar(args[1] ?? refuse('column_ifexists() without a default', node), scope);
    }
    case 'assert':
      return bindAssert(node, args, scope, binder);
    case 'estimate_data_size':
      return estimatedSize(node, args, scope, binder);
    case 'column_names_of': {
      const table = args[0] ?? refuse('column_names_of() without a table', node);
      return literal('dynamic', JSON.stringify(columnsOf(table.ResultType).map((c) => c.name)));
    }
    case 'bin_auto': {
      const [size, at] = [binder.option('query_bin_auto_size'), binder.option('query_bin_auto_at')];
      const value = binder.scalar(args[0] ?? refuse('bin_auto() of nothing', node), scope);
      if (!size) return refuse('bin_auto() without `set query_bin_auto_size`', node);
      return {
        kind: 'call',
        name: at ? 'bin_at' : 'bin',
        type: value.type,
        place,
        args: at ? [value, size, at] : [value, size],
      };
    }
    case 'now':
    case 'ago': {
      const instant = binder.option('query_now');
      if (!instant) return undefined;
      if (instant.type !== 'datetime') return refuse('`set query_now` to something other than a datetime', node);
      const [offset] = args;
      return offset
        ? {
            kind: 'call',
            name: name === 'now' ? '+' : '-',
            type: 'datetime',
            place,
            args: [instant, binder.scalar(offset, scope)],
          }
        : instant;
    }
    case 'ingestion_time': {
      // The service keeps it in a hidden column of that name; a table without one has nulls.
      const named = (name: string | undefined): Column | undefined =>
        scope.row.find((c) => c.name === name && c.type === 'datetime');
      const hidden = named(INGESTION_TIME);
      if (hidden) return { kind: 'column', name: hidden.name, type: hidden.type, asked: true };
      const column = named(binder.ingestionTime);
      return column ? columnExpr(column) : literal('datetime', null);
    }
    case 'materialize': {
      const inner = args[0];
      return inner && kqlTypeOf(inner.ResultType) !== undefined ? binder.scalar(inner, scope) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * `estimate_data_size(a, b)` or `(*)`: eight bytes for a long and the bytes of a text, as documented; of other types
 * the documentation gives no size.
 */
function estimatedSize(node: SyntaxNode, args: readonly SyntaxNode[], scope: Scope, binder: Binder): Expr {
  const place = placeOf(node);
  const columns = args.flatMap((arg) =>
    kindOf(arg) === 'StarExpression' ? scope.row.map(columnExpr) : [binder.scalar(arg, scope)],
  );
  return columns
    .map((column): Expr => {
      if (column.type === 'string') return { kind: 'call', name: 'string_size', type: 'long', place, args: [column] };
      return column.type === 'long'
        ? literal('long', 8n)
        : refuse(`estimate_data_size() of a column of type ${column.type}`, node);
    })
    .reduce((sum, size): Expr => ({ kind: 'call', name: '+', type: 'long', place, args: [sum, size] }));
}

function nameOf(node: SyntaxNode): string {
  return node.SimpleName ?? child(node, 'Name')?.SimpleName ?? textOf(node);
}
