import { acrossSchema } from '../across/acrossSchema.ts';
import { bindAcross, hasAttribution } from '../across/planAcross.ts';
import type { Expr, Rel } from '../plan.ts';
import type { SourceSchema } from '../scopeSchema.ts';

/** How groups of one key become one: their values are added, or the least or the greatest of them is taken. */
export type Merge = 'sum' | 'min' | 'max';

const MERGES: Readonly<Record<string, Merge>> = {
  count: 'sum',
  countif: 'sum',
  sum: 'sum',
  sumif: 'sum',
  min: 'min',
  minif: 'min',
  max: 'max',
  maxif: 'max',
};

/**
 * How the partial groups of a summary become its answer where nothing more than that is to be done: what each column
 * that is no key is merged by. Undefined where the answer is made otherwise (an average, something computed of the
 * groups) and where the query makes no groups. `pinned` is what the roll-up was planned over.
 */
export function mergesOf(query: string, pinned: SourceSchema): ReadonlyMap<string, Merge> | undefined {
  const schema = acrossSchema([pinned]);
  const { results } = bindAcross(query, hasAttribution(query) ? schema.attributed : schema.plain);
  const groups = withoutOrder(results[0]!.rel);
  if (groups.kind !== 'aggregate') return undefined;
  const merges = new Map<string, Merge>();
  for (const { columns, expr } of groups.items) {
    const merge = mergeOf(expr);
    if (merge === undefined || columns.length !== 1) return undefined;
    merges.set(columns[0]!.name, merge);
  }
  return merges;
}

function mergeOf(expr: Expr): Merge | undefined {
  return expr.kind === 'aggregate' && Object.hasOwn(MERGES, expr.name) ? MERGES[expr.name] : undefined;
}

function withoutOrder(rel: Rel): Rel {
  return rel.kind === 'sort' ? withoutOrder(rel.input) : rel;
}
