import type { Centre } from '../../model/centre.ts';
import type { RollupTable } from '../../model/rollup.ts';

/**
 * What a centre calls the stored rows of a roll-up, each once. In a workspace a summary's rows have a function of their
 * own beside its answer (`core/centre/centreIntents`), in a lake a table; a database of Data Explorer has one for each
 * version, under its id (`azure/kusto`).
 */
export function storedRows(centre: Centre['kind'], { id, name, view }: RollupTable): string {
  if (centre === 'dataExplorer') return id.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return view === undefined ? name : `${name}_parts`;
}
