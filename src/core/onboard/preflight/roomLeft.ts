import type { PreflightCheck } from './preflightCheck.ts';
import { fine, ownWorkspace } from './preflightCheck.ts';

/** Resource groups that a subscription can have (azure-docs, azure-subscription-service-limits.md). */
const MOST_GROUPS = 980;

/** Whether the subscription has room for one more resource group; of workspaces there is no limit on today's tiers. */
export const roomLeft: PreflightCheck = {
  name: 'quotas',
  async look({ customer, issuer, provision, signal }) {
    if (!ownWorkspace(customer)) return undefined;
    const groups = await provision.resourceGroups(issuer, customer.subscription, signal);
    const isThere = groups.some(({ name }) => name.toLowerCase() === customer.resourceGroup.toLowerCase());
    if (isThere || groups.length < MOST_GROUPS) return fine('The subscription has room for the resource group.');
    return {
      state: 'stops',
      message: `The subscription has ${groups.length} resource groups, and can have ${MOST_GROUPS}.`,
      remedy: 'Name a "resourceGroup" that is there, or have the customer remove some.',
    };
  },
};
