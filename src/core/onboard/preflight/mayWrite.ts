import type { Permission } from '../../../ports/onboarding.ts';
import type { PreflightCheck } from './preflightCheck.ts';
import { fine, ownWorkspace, subscriptionOf } from './preflightCheck.ts';

const OF_WORKSPACE: readonly string[] = [
  'Microsoft.Resources/subscriptions/resourceGroups/write',
  'Microsoft.OperationalInsights/workspaces/write',
];

/** Whether our roles at the subscription allow what the plan sends. */
export const mayWrite: PreflightCheck = {
  name: 'roles',
  async look({ customer, issuer, port, provision, signal }) {
    if (!ownWorkspace(customer)) return undefined;
    const scope = subscriptionOf(customer);
    const held = await port.permissions(issuer, scope, signal);
    let missing = OF_WORKSPACE.filter((action) => !allowed(held, action));
    // A group that is there need not be made; roles may be held at it alone.
    if (missing.length > 0) {
      const groups = await provision.resourceGroups(issuer, customer.subscription, signal);
      if (groups.some(({ name }) => name.toLowerCase() === customer.resourceGroup.toLowerCase())) {
        const inGroup = await port.permissions(issuer, `${scope}/resourceGroups/${customer.resourceGroup}`, signal);
        missing = OF_WORKSPACE.slice(1).filter((action) => !allowed(inGroup, action));
      }
    }
    if (missing.length === 0) return fine('Our roles allow all that the plan does.');
    return {
      state: 'stops',
      message: `Our roles at ${scope} do not allow ${missing.join(' and ')}.`,
      remedy: `The customer gives Contributor on the subscription, or makes the resource group ${customer.resourceGroup} and gives Log Analytics Contributor there; in an offer of Azure Lighthouse: deploy it again with that role.`,
    };
  },
};

/** Whether one of the roles allows an action: each takes back from itself alone. */
export function allowed(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) && !notActions.some((pattern) => covers(pattern, action)),
  );
}

/** Whether a pattern of a role, in which `*` is any text, means an action. */
export function covers(pattern: string, action: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}
