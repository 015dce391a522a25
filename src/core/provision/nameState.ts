import { toRegion } from '../../model/region.ts';
import type { DeletedWorkspace, WorkspaceNow } from '../../ports/workspaces.ts';
import { SOFT_DELETE_DAYS, validateName } from './rules.ts';

/** `softDeleted` with `recoverable`: creating it again here brings the old workspace back with its data. */
export type NameAnswer =
  | { readonly state: 'free' }
  | { readonly state: 'invalid' | 'taken'; readonly message: string }
  | { readonly state: 'softDeleted'; readonly recoverable: boolean; readonly region: string; readonly message: string };

/** Whether a name can be had in a resource group, from the workspace and the deleted one that hold it, if any. */
export function judgeName(
  name: string,
  place: { readonly resourceGroup: string; readonly region: string },
  existing: Pick<WorkspaceNow, 'name' | 'region'> | undefined,
  deleted: DeletedWorkspace | undefined,
): NameAnswer {
  const message = validateName(name);
  if (message !== undefined) return { state: 'invalid', message };
  if (existing)
    return {
      state: 'taken',
      message: `The resource group ${place.resourceGroup} already has a workspace ${existing.name}, in ${existing.region}. Choose another name.`,
    };
  if (!deleted) return { state: 'free' };
  const recoverable = sameRegion(deleted.region, place.region);
  return {
    state: 'softDeleted',
    recoverable,
    region: deleted.region,
    message: recoverable
      ? `A workspace ${deleted.name} was deleted here less than ${SOFT_DELETE_DAYS} days ago. Creating it again recovers it with its data.`
      : `A workspace ${deleted.name} in ${deleted.region} was deleted from this resource group less than ${SOFT_DELETE_DAYS} days ago and keeps the name. Recover it in ${deleted.region}, or choose another name.`,
  };
}

/** The deleted workspace that holds a name in a resource group; names are compared without case. */
export function findDeleted(
  deleted: readonly DeletedWorkspace[],
  resourceGroup: string,
  name: string,
): DeletedWorkspace | undefined {
  return deleted.find(
    (one) =>
      one.name.toLowerCase() === name.toLowerCase() && one.resourceGroup.toLowerCase() === resourceGroup.toLowerCase(),
  );
}

/** Whether two texts name the same region: `West Europe` and `westeurope` do. */
export function sameRegion(a: string, b: string): boolean {
  return toRegion(a) === toRegion(b);
}
