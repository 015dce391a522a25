import type { Rel } from '../../kql/plan.ts';
import { inputsOf } from '../../kql/prune.ts';

const dependent = new WeakMap<Rel, boolean>();
/** Whether a relation stands on the rows of a subtable (mv-apply, partition), and so has one answer per subtable. */
export function dependsOnSubject(rel: Rel): boolean {
  const known = dependent.get(rel);
  if (known !== undefined) return known;
  const found = rel.kind === 'subject' || inputsOf(rel).some(dependsOnSubject);
  dependent.set(rel, found);
  return found;
}
