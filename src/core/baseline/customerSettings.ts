import { collectionSettings } from './sections/collectionSettings.ts';
import { alertSettings } from './sections/alertSettings.ts';
import { diagnosticSettings } from './sections/diagnosticSettings.ts';
import { delegationSettings, lockSettings } from './sections/guardSettings.ts';
import { querySettings } from './sections/querySettings.ts';
import { tagSettings } from './sections/tagSettings.ts';
import { workspaceSettings } from './sections/workspaceSettings.ts';
import type { CustomerWorld, Wanted } from './setting.ts';

/**
 * Everything that a customer's baseline wants, in the order in which a plan does it: locks come last, so that nothing
 * of the plan runs into its own.
 */
export function customerSettings(world: CustomerWorld): Wanted {
  const [collection, diagnostics] = [collectionSettings(world), diagnosticSettings(world)];
  const alerts = alertSettings(world);
  return {
    settings: [
      ...workspaceSettings(world),
      ...tagSettings(world),
      ...querySettings(world),
      ...collection.settings,
      ...diagnostics.settings,
      ...alerts.settings,
      ...delegationSettings(world),
      ...lockSettings(world),
    ],
    unknown: [...collection.unknown, ...diagnostics.unknown, ...alerts.unknown],
  };
}
