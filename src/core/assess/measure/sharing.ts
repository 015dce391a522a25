import type { Workspace } from '../../../model/estate.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import type { Attributor, Provider } from '../attribution.ts';
import type { Measuring } from './measuring.ts';

/**
 * The workspaces in which the same rows could lie twice, so that their sources are worth a query: those of a customer
 * that has two places for them, its own or a provider's with rows of it, and that provider's. One that is empty costs
 * no call.
 */
export function findSharing(
  measuring: Measuring,
  workspaces: readonly Workspace[],
  provider: Provider,
  attributor: Attributor,
): readonly Workspace[] {
  const places = new Map<CustomerKey, Set<Workspace>>();
  const add = (customer: CustomerKey, workspace: Workspace): void => {
    places.set(customer, (places.get(customer) ?? new Set()).add(workspace));
  };
  for (const workspace of workspaces) {
    add(workspace.customer, workspace);
    const attribution = measuring.find(workspace.key, 'attribution');
    if (!provider.customers.has(workspace.customer) || attribution?.state !== 'known') continue;
    for (const row of attribution.value) {
      const owner = attributor.ownerOf(row);
      if (owner) add(owner.customer, workspace);
    }
  }
  const asked = new Set(measuring.scope.customers);
  const shared = new Set([...places].flatMap(([customer, at]) => (asked.has(customer) && at.size > 1 ? [...at] : [])));
  return workspaces.filter((workspace) => shared.has(workspace));
}
