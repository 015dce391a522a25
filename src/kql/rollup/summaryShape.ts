import { acrossSchema } from '../across/acrossSchema.ts';
import { bindAcross, hasAttribution } from '../across/planAcross.ts';
import type { Expr, Rel } from '../plan.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import { binColumns } from './windowable.ts';

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

/** What the groups of a summary are made of. */
export interface SummaryShape {
  /**
   * What each column that is no key is merged by, where merging partial groups is all that makes the answer of them;
   * absent where more is done (an average, something computed of groups).
   */
  readonly merges?: ReadonlyMap<string, Merge>;
  /** The column of the answer that has the time bin, where it has it as it is. */
  readonly time?: string;
}

/**
 * The shape of a summary, of its query; of a query that makes no groups nothing is said. `pinned` is what the roll-up
 * was planned over.
 */
export function summaryShape(query: string, pinned: SourceSchema): SummaryShape {
  const schema = acrossSchema([pinned]);
  const { results } = bindAcross(query, hasAttribution(query) ? schema.attributed : schema.plain);
  const { rel } = results[0]!;
  const merges = mergesOf(withoutOrder(rel));
  const time = timeOf(rel);
  return { ...(merges ? { merges } : {}), ...(time === undefined ? {} : { time }) };
}

function mergesOf(groups: Rel): ReadonlyMap<string, Merge> | undefined {
  if (groups.kind !== 'aggregate') return undefined;
  const merges = new Map<string, Merge>();
  for (const { columns, expr } of groups.items) {
    const merge = mergeOf(expr);
    if (merge === undefined || columns.length !== 1) return undefined;
    merges.set(columns[0]!.name, merge);
  }
  return merges;
}

function timeOf(rel: Rel): string | undefined {
  if (rel.kind === 'filter' || rel.kind === 'sort') return timeOf(rel.input);
  if (rel.kind === 'aggregate') return binColumns(rel)[0];
  if (rel.kind !== 'project') return undefined;
  const below = timeOf(rel.input);
  return rel.items.find(({ expr }) => expr.kind === 'column' && expr.name === below)?.column.name;
}

function mergeOf(expr: Expr): Merge | undefined {
  return expr.kind === 'aggregate' && Object.hasOwn(MERGES, expr.name) ? MERGES[expr.name] : undefined;
}

function withoutOrder(rel: Rel): Rel {
  return rel.kind === 'sort' ? withoutOrder(rel.input) : rel;
}
