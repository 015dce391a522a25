import type { CancelSignal } from '../../base/cancel.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ProvisionPort } from '../../ports/workspaces.ts';
import { SOFT_DELETE_DAYS, validateName } from './rules.ts';

/** Where a workspace is to be, and whose token asks. */
export interface WorkspacePlace {
  readonly issuer: Issuer;
  readonly subscription: SubscriptionId;
  readonly resourceGroup: string;
  readonly region: string;
}

/** `softDeleted` with `recoverable`: creating it again here brings the old workspace back with its data. */
export type NameAnswer =
  | { readonly state: 'free' }
  | { readonly state: 'invalid' | 'taken'; readonly message: string }
  | { readonly state: 'softDeleted'; readonly recoverable: boolean; readonly region: string; readonly message: string };

/**
 * Asks the service whether a name can be had in a resource group. Names are held against all of the group, also by
 * workspaces
 * in soft delete; a name somebody else holds elsewhere shows only when the service refuses it.
 */
export async function checkName(
  port: ProvisionPort,
  place: WorkspacePlace,
  name: string,
  signal?: CancelSignal,
): Promise<NameAnswer> {
  const message = validateName(name);
  if (message !== undefined) return { state: 'invalid', message };
  const [existing, deleted] = await Promise.all([
    port.workspace(place.issuer, workspaceArmId(place.subscription, place.resourceGroup, name), signal),
    port.deletedWorkspaces(place.issuer, place.subscription, signal),
  ]);
  if (existing)
    return {
      state: 'taken',
      message: `The resource group ${place.resourceGroup} already has a workspace ${existing.name}, in ${existing.region}. Choose another name.`,
    };
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const held = deleted.find((gone) => same(gone.name, name) && same(gone.resourceGroup, place.resourceGroup));
  if (!held) return { state: 'free' };
  const recoverable = same(held.region.replaceAll(' ', ''), place.region.replaceAll(' ', ''));
  return {
    state: 'softDeleted',
    recoverable,
    region: held.region,
    message: recoverable
      ? `A workspace ${held.name} was deleted here less than ${SOFT_DELETE_DAYS} days ago. Creating it again recovers it with its data.`
      : `A workspace ${held.name} in ${held.region} was deleted from this resource group less than ${SOFT_DELETE_DAYS} days ago and keeps the name. Recover it in ${held.region}, or choose another name.`,
  };
}

export function workspaceArmId(subscription: string, resourceGroup: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
}
