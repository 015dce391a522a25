import { inputsOf } from '../prune.ts';
import type { Rel } from '../plan.ts';

const dependent = new WeakMap<Rel, boolean>();
/** Whether rows are those of a subquery (mv-apply, partition), which have no name outside it. */
export function standsOnSubject(rel: Rel): boolean {
  const known = dependent.get(rel);
  if (known !== undefined) return known;
  const found = rel.kind === 'subject' || inputsOf(rel).some(standsOnSubject);
  dependent.set(rel, found);
  return found;
}

/** The nodes that more than one other stands on and that a `let` statement can name. */
export function sharedNodes(roots: readonly Rel[]): ReadonlySet<Rel> {
  const uses = new Map<Rel, number>();
  const visit = (rel: Rel): void => {
    const seen = uses.get(rel) ?? 0;
    uses.set(rel, seen + 1);
    if (seen === 0) for (const input of inputsOf(rel)) visit(input);
  };
  for (const root of roots) visit(root);
  return new Set(
    [...uses]
      .filter(([rel, count]) => count > 1 && rel.kind !== 'table' && rel.kind !== 'subject' && rel.columns.length > 0)
      .map(([rel]) => rel)
      .filter((rel) => !standsOnSubject(rel)),
  );
}

/** Every name of a column or table in a plan: what names of our own must not be. */
export function namesIn(roots: readonly Rel[]): Set<string> {
  const names = new Set<string>();
  const seen = new Set<Rel>();
  const visit = (rel: Rel): void => {
    if (seen.has(rel)) return;
    seen.add(rel);
    for (const { name } of rel.columns) names.add(name);
    if (rel.kind === 'table') names.add(rel.table.name);
    for (const input of inputsOf(rel)) visit(input);
  };
  for (const root of roots) visit(root);
  return names;
}
