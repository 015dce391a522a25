import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr, PluginName, Rel } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import type { Binder, Scope } from './scope.ts';
import { outputsOf } from './tree.ts';

/**
 * Plugins that count over a timeline: which of their arguments are columns; the others up to `fixed` are constants,
 * those beyond are dimensions.
 */
const TIMELINES: Readonly<Record<string, { readonly columns: readonly number[]; readonly fixed: number }>> = {
  rolling_percentile: { columns: [0, 2], fixed: 5 },
  session_count: { columns: [0, 1], fixed: 6 },
  sliding_window_counts: { columns: [0, 1], fixed: 6 },
  activity_counts_metrics: { columns: [0, 1], fixed: 5 },
  active_users_count: { columns: [0, 1], fixed: 8 },
};

/** Plugins over columns and constants, whose answer's columns Microsoft's binder knows; undefined for all others. */
export function bindPlugin(
  name: string,
  node: SyntaxNode,
  callNode: SyntaxNode,
  positional: readonly SyntaxNode[],
  input: Rel,
  row: Scope,
  binder: Binder,
): Rel | undefined {
  const place = placeOf(callNode);
  if (name === 'dcount_intersect' || name === 'rows_near')
    return {
      kind: 'plugin',
      plugin: name,
      input,
      args: positional.map((n) => binder.scalar(n, row)),
      dimensions: [],
      columns: name === 'rows_near' ? input.columns : outputsOf(node),
      place,
    };
  const shape = TIMELINES[name];
  if (!shape) return undefined;
  const args = positional.map((n) => binder.scalar(n, row));
  args.forEach((arg, i) => {
    const wanted = shape.columns.includes(i) || i >= shape.fixed;
    if (wanted !== (arg.kind === 'column') || (!wanted && hasColumn(arg)))
      return refuse(
        `${name}() with ${wanted ? 'something other than a column' : 'a constant that is not one'} as its argument ${i + 1}`,
        positional[i]!,
      );
  });
  if (args.length < shape.fixed) return refuse(`${name}() with ${args.length} arguments`, callNode);
  return {
    kind: 'plugin',
    plugin: name as PluginName,
    input,
    args: args.slice(0, shape.fixed),
    dimensions: args.slice(shape.fixed),
    columns: outputsOf(node),
    place,
  };
}
function hasColumn(expr: Expr): boolean {
  switch (expr.kind) {
    case 'column':
      return true;
    case 'call':
    case 'aggregate':
      return expr.args.some(hasColumn);
    case 'convert':
    case 'inQuery':
      return hasColumn(expr.value);
    case 'inArray':
      return hasColumn(expr.value) || hasColumn(expr.array);
    default:
      return false;
  }
}
