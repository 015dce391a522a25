import type { CancelSignal } from '../../base/cancel.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ProvisionPort } from '../../ports/workspaces.ts';
import { findDeleted, judgeName } from './nameState.ts';
import type { NameAnswer } from './nameState.ts';
import { validateName } from './rules.ts';

/** Where a workspace is to be, and whose token asks. */
export interface WorkspacePlace {
  readonly issuer: Issuer;
  readonly subscription: SubscriptionId;
  readonly resourceGroup: string;
  /** Empty where it is not chosen yet. */
  readonly region: string;
}

/**
 * Asks the service whether a name can be had in a resource group. Names are held against all of the group, also by
 * workspaces in soft delete; a name somebody else holds elsewhere shows only when the service refuses it.
 */
export async function checkName(
  port: Pick<ProvisionPort, 'workspace' | 'deletedWorkspaces'>,
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
  return judgeName(name, place, existing, findDeleted(deleted, place.resourceGroup, name));
}

/** The ARM id of a workspace, as the service writes it. */
export function workspaceArmId(subscription: string, resourceGroup: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
}
