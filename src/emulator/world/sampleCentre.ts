import { addResource } from '../populateFlows.ts';
import { assignRole } from '../populate.ts';
import type { World } from '../state.ts';
import { ACCOUNT_PREFIX, addContainer, addDatabase } from '../populateStores.ts';
import type { Placed } from './sampleWorkspace.ts';

/** Object ids of those who work at the provider's centre. */
interface CentrePrincipals {
  readonly operations: string;
  readonly readers: string;
  readonly automation: string;
}

/**
 * The provider's centre beside its workspaces: a cluster of Data Explorer with the empty database `central`, which is
 * reached at the emulator's own address; the storage account `stemunorthbridge` with the container `rollups`; and the
 * right of the automation to send rows to its workspaces.
 */
export function addSampleCentre(world: World, { subscription, group, region }: Placed, who: CentrePrincipals): void {
  const at = { subscription, resourceGroup: group, location: region };
  const cluster = addResource(world, { ...at, type: 'Microsoft.Kusto/clusters', name: 'nbcentre' });
  const account = addResource(world, {
    ...at,
    type: 'Microsoft.Storage/storageAccounts',
    name: `${ACCOUNT_PREFIX}northbridge`,
    kind: 'StorageV2',
  });
  addDatabase(world, {
    cluster: cluster.id,
    name: 'central',
    principals: [
      { role: 'admin', principalId: who.operations },
      { role: 'admin', principalId: who.automation },
      { role: 'viewer', principalId: who.readers },
    ],
  });
  addContainer(world, { account: account.id, name: 'rollups' });
  // Rows come through a data collection rule that is not there yet: the role on what will be around it.
  assignRole(world, {
    scope: `/subscriptions/${subscription.subscriptionId}/resourceGroups/${group}`,
    principalId: who.automation,
    principalType: 'ServicePrincipal',
    role: 'Monitoring Metrics Publisher',
  });
  for (const [principalId, principalType] of [
    [who.operations, 'Group'],
    [who.automation, 'ServicePrincipal'],
  ] as const)
    assignRole(world, { scope: account.id, principalId, principalType, role: 'Storage Blob Data Contributor' });
}
