import { AppError } from '../../base/errors.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { ProvisionPort, ResourceGroupNow } from '../../ports/workspaces.ts';
import { regionText } from './workspaceWanted.ts';
import type { ChangeHandler, Effect, Intent } from '../changes/changeHandler.ts';

/** A resource group that is to be there; one that is there stays as it is. */
export interface ResourceGroupWanted {
  readonly subscription: SubscriptionId;
  /** For the person who reads the plan. */
  readonly subscriptionName?: string;
  readonly name: string;
  readonly region: string;
  /** As the region is called, for the same person. */
  readonly regionName?: string;
}

/** The intent that a resource group is there. */
export function wantResourceGroup(wanted: ResourceGroupWanted): Intent<ResourceGroupWanted> {
  return {
    id: `resourceGroup ${wanted.name}`,
    resource: 'resourceGroup',
    target: `/subscriptions/${wanted.subscription}/resourceGroups/${wanted.name}`,
    wanted,
  };
}

type GroupPort = Pick<ProvisionPort, 'resourceGroup' | 'createResourceGroup'>;

/** Creates resource groups. One that exists is never written again: the write would take its tags off. */
export function resourceGroupHandler(port: GroupPort): ChangeHandler<ResourceGroupWanted, ResourceGroupNow> {
  return {
    resource: 'resourceGroup',
    noun: 'resource group',
    read: ({ wanted }, { issuer, signal }) => port.resourceGroup(issuer, wanted.subscription, wanted.name, signal),
    diff: ({ wanted }, now): Effect => {
      if (now?.provisioningState === 'Deleting')
        throw new AppError(
          'service.busy',
          `The resource group ${now.name} is being deleted. Wait until it is gone, or choose another one.`,
          { retryable: true },
        );
      if (now)
        return {
          action: 'none',
          title: `Resource group ${now.name} exists already`,
          detail: `In ${now.region}; it stays as it is, with its tags`,
          differences: [],
        };
      const subscription = wanted.subscriptionName
        ? `${wanted.subscriptionName} (${wanted.subscription})`
        : wanted.subscription;
      return {
        action: 'create',
        title: `Create resource group ${wanted.name}`,
        detail: `In subscription ${subscription}, ${regionText(wanted.region, wanted.regionName)}`,
        differences: [],
      };
    },
    apply: ({ wanted }, _action, { issuer, signal }) =>
      port.createResourceGroup(issuer, wanted.subscription, wanted.name, wanted.region, signal),
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `resource group ${wanted.name} is not shown yet` };
      if (now.provisioningState === 'Succeeded') return { state: 'verified' };
      return /^(Failed|Canceled)$/.test(now.provisioningState)
        ? {
            state: 'different',
            message: `The service did not finish resource group ${wanted.name}: it says ${now.provisioningState}.`,
          }
        : { state: 'pending', what: now.provisioningState };
    },
    describe: (_intent, now) => now && `resource group ${now.name}`,
    requests: ({ target, wanted }) => [
      { method: 'PUT', path: target, apiVersion: '2025-04-01', body: { location: wanted.region } },
    ],
    commands: ({ wanted }) => [['group', 'create', '--name', wanted.name, '--location', wanted.region]],
  };
}
