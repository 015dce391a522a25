import { toTemplateResource } from '../../provision/workspaceExport.ts';
import { workspaceRequest } from '../workspaceRequest.ts';
import type { PreflightCheck } from './preflightCheck.ts';
import { fine, ownWorkspace, subscriptionOf } from './preflightCheck.ts';

/** Whether a policy would refuse the resource group or the workspace: the service says so before they are sent. */
export const policiesAllow: PreflightCheck = {
  name: 'policies',
  async look({ customer, issuer, port, provision, signal }) {
    if (!ownWorkspace(customer)) return undefined;
    const scope = subscriptionOf(customer);
    const { resourceGroup, region, subscription } = customer;
    const groups = await provision.resourceGroups(issuer, subscription, signal);
    const isThere = groups.some(({ name }) => name.toLowerCase() === resourceGroup.toLowerCase());
    const group = {
      content: { type: 'Microsoft.Resources/subscriptions/resourceGroups', name: resourceGroup, location: region },
      apiVersion: '2021-04-01',
    };
    const workspace = {
      content: toTemplateResource(workspaceRequest(customer, issuer)),
      apiVersion: '2025-07-01',
    };
    const refusing = [
      ...(isThere ? [] : await port.refusingPolicies(issuer, scope, group, signal)),
      ...(await port.refusingPolicies(
        issuer,
        isThere ? `${scope}/resourceGroups/${resourceGroup}` : scope,
        workspace,
        signal,
      )),
    ];
    if (refusing.length === 0) return fine('No policy is in the way.');
    return {
      state: 'stops',
      message: `Policies of the customer refuse what the plan makes: ${[...new Set(refusing)].join(', ')}.`,
      remedy: 'Change what they object to (region, tags) in the file, or let the customer make an exemption.',
    };
  },
};
