import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Rel } from '../plan.ts';
import { inputsOf, LEAVES } from '../prune.ts';
import { columnNames, madeOf, substituted } from './expressions.ts';
import { below } from './telling.ts';

/**
 * The same rows and columns in fewer operators, as a person would write them: a projection of a projection is one, one
 * that changes nothing is none, and what names its columns itself stands on a table as it is. `whole`: all columns of a
 * table, of which the plan may list some.
 */
export function tidied(top: Rel, whole: (table: Extract<Rel, { kind: 'table' }>) => readonly Column[]): Rel {
  const shared = sharedOf(top);
  const keeps = new Set<Rel>();
  const made = new Map<Rel, Rel>();
  const rewrite = (rel: Rel): Rel => {
    let known = made.get(rel);
    if (known === undefined) {
      known = tidy(deep(rel, rewrite));
      made.set(rel, known);
      // Others stand on it, too: it stays what it is to them.
      if (shared.has(rel)) keeps.add(known);
    }
    return known;
  };
  const widened = (rel: Rel): Rel => {
    if (keeps.has(rel)) return rel;
    if (rel.kind === 'table') return { ...rel, columns: whole(rel) };
    if (rel.kind === 'project' && rel.items.every(isSame)) return widened(rel.input);
    if (rel.kind !== 'filter' && rel.kind !== 'sort' && rel.kind !== 'take' && rel.kind !== 'serialize') return rel;
    const input = widened(rel.input);
    return { ...rel, input, columns: input.columns };
  };
  const tidy = (rel: Rel): Rel => {
    if (rel.kind === 'aggregate') return { ...rel, input: widened(rel.input) };
    if (rel.kind !== 'project') return rel;
    const { input } = rel;
    const one =
      input.kind === 'project' && !keeps.has(input) && isOne(rel.items, input.items)
        ? { ...rel, input: input.input, items: composed(rel.items, input.items) }
        : { ...rel, input: widened(input) };
    return isAsItIs(one.items, one.input.columns) ? one.input : one;
  };
  return rewrite(top);
}

/** What more than one expression stands on. */
function sharedOf(top: Rel): ReadonlySet<Rel> {
  const seen = new Set<Rel>();
  const shared = new Set<Rel>();
  for (const rel of below(top))
    for (const input of inputsOf(rel)) {
      if (seen.has(input)) shared.add(input);
      seen.add(input);
    }
  return shared;
}

/** The node with the tabular expressions that it stands on replaced. */
function deep<T extends object>(node: T, rewrite: (rel: Rel) => Rel): T {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    if (typeof value !== 'object' || value === null) return value;
    return 'columns' in value && 'place' in value && 'kind' in value ? rewrite(value as Rel) : deep(value, rewrite);
  };
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, LEAVES.has(key) ? value : inner(value)]),
  ) as T;
}

/** Whether two projections are one: what the first works out is then worked out once, and at the same place. */
function isOne(items: readonly Assignment[], before: readonly Assignment[]): boolean {
  const worked = new Set(before.flatMap(({ column, expr }) => (expr.kind === 'column' ? [] : [column.name])));
  const uses = items.flatMap(({ expr }) => columnNames(expr)).filter((name) => worked.has(name));
  return (
    new Set(uses).size === uses.length &&
    items.every(({ expr }) => expr.kind === 'column' || !columnNames(expr).some((name) => worked.has(name)))
  );
}
function composed(items: readonly Assignment[], before: readonly Assignment[]): Assignment[] {
  const own = madeOf(before);
  return items.map(({ column, expr }) => ({ column, expr: substituted(expr, own) }));
}

function isAsItIs(items: readonly Assignment[], columns: readonly Column[]): boolean {
  return (
    items.length === columns.length && items.every((item, i) => isSame(item) && item.column.name === columns[i]!.name)
  );
}
/** A column that comes through as it is. */
function isSame({ column, expr }: Assignment): boolean {
  return expr.kind === 'column' && expr.name === column.name;
}
