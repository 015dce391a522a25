import type { Estate } from '../../model/estate.ts';
import type { Scope } from '../../model/scope.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { resolveRows } from '../estate/scope.ts';

/**
 * What to say where workspaces are taken as their owners' (reports, roll-ups): a sentence for each that is shared, and
 * in which rows of this scope may lie.
 */
export function sharedNotes(scope: Scope, estate: Estate): readonly string[] {
  const index = EstateIndex.of(estate);
  const shared = new Map(
    resolveRows(scope, estate).workspaces.flatMap((part) => (part.shared ? [[part.key, part] as const] : [])),
  );
  return [...shared.keys()].flatMap((key) => {
    const whole = index.workspaces.get(key);
    return whole
      ? [
          `${whole.name} holds rows of several customers: here they count as those of ${index.customerName(whole.customer)}, whoever sent them.`,
        ]
      : [];
  });
}
