import type { Expr, Rel } from '../plan.ts';

/** How many rows a plan gives at most, whatever the tables hold; undefined where they decide. */
export function mostRows(rel: Rel): number | undefined {
  switch (rel.kind) {
    case 'aggregate':
      return rel.keys.length === 0 ? 1 : undefined;
    case 'take':
    case 'sample':
      return least(countOf(rel.count), mostRows(rel.input));
    case 'filter':
    case 'project':
    case 'sort':
    case 'serialize':
    case 'materialize':
      return mostRows(rel.input);
    case 'values':
      return rel.rows.length;
    default:
      return undefined;
  }
}

function countOf(count: Expr): number | undefined {
  if (count.kind === 'convert') return countOf(count.value);
  if (count.kind !== 'literal') return undefined;
  const { value } = count;
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
