import { AppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import type { SavedQueryPlace } from '../../core/queryPacks/savedQueries.ts';
import { textOf, textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import { findWorkspace } from '../scopeOption.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * The place that `--workspace` and `--query-pack` name, and what it is called. Rejects with `input.usage`, or as the
 * list of packs does.
 */
export async function readPlace(
  azure: Services,
  values: Values,
  { signal }: Pick<Terminal, 'signal'>,
): Promise<SavedQueryPlace & { readonly told: string }> {
  const wanted = textOf(values, 'workspace');
  if (wanted === undefined)
    throw new AppError('input.usage', 'Which workspace? Give --workspace, and --query-pack for a pack beside it.');
  const workspace = findWorkspace(wanted, await azure.estate.load({ signal }));
  const name = textOf(values, 'query-pack');
  if (name === undefined) return { workspace: workspace.key, told: `workspace ${workspace.name}` };
  const packs = await azure.savedQueries.packs(workspace.key, signal);
  const found = packs.filter((pack) => [pack.name, pack.armId].some((one) => one.toLowerCase() === name.toLowerCase()));
  const [pack] = found;
  if (!pack || found.length > 1) {
    const make = `az monitor log-analytics query-pack create --subscription ${workspace.subscription} --resource-group ${workspace.resourceGroup} --query-pack-name NAME`;
    const known = packs.map((one) => (found.length > 1 ? one.armId : one.name)).slice(0, 20);
    throw new AppError(
      'input.usage',
      `${found.length > 1 ? `${found.length} query packs are` : 'No query pack is'} called "${name.slice(0, 80)}" in the subscription of ${workspace.name}. ${known.length > 0 ? `There are: ${known.join(', ')}` : 'It has none'}.${found.length > 1 ? ' Give its resource ID.' : ` To make one: ${make}`}`,
    );
  }
  return { workspace: workspace.key, pack: pack.armId, told: `query pack ${pack.name}` };
}

/** Those that `--query-name` chooses; all where it is not given. Throws `input.usage` for a name that none has. */
export function chosenByName<T>(all: readonly T[], nameOf: (one: T) => string, values: Values): readonly T[] {
  const wanted = textsOf(values, 'query-name').map((name) => name.toLowerCase());
  if (wanted.length === 0) return all;
  const unknown = wanted.find((name) => !all.some((one) => nameOf(one).toLowerCase() === name));
  if (unknown !== undefined)
    throw new AppError('input.usage', `No query is called "${unknown.slice(0, 80)}". Nothing was done.`);
  return all.filter((one) => wanted.includes(nameOf(one).toLowerCase()));
}
