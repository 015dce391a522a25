import type { Workspace } from '../../../model/estate.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import type { Attributor, Provider } from '../attribution.ts';
import type { Measuring } from './measuring.ts';

/**
 * The workspaces in which the same rows could lie twice, so that their sources are worth a query: those of a customer
 * that has data in two of its own, or in one of its own and at a provider's; and that provider's. A provider's that
 * could not be looked into may hold anybody's rows.
 */
export function findSharing(
  measuring: Measuring,
  workspaces: readonly Workspace[],
  provider: Provider,
  attributor: Attributor,
): readonly Workspace[] {
  const filled = workspaces.filter(({ key }) => {
    const usage = measuring.find(key, 'usage');
    return usage?.state === 'known' && usage.value.volumes.some(({ gb }) => gb > 0);
  });
  const places = new Map<CustomerKey, Set<Workspace>>();
  const add = (customer: CustomerKey, workspace: Workspace): void => {
    places.set(customer, (places.get(customer) ?? new Set()).add(workspace));
  };
  for (const workspace of filled) {
    add(workspace.customer, workspace);
    if (!provider.customers.has(workspace.customer)) continue;
    const attribution = measuring.find(workspace.key, 'attribution');
    if (attribution?.state !== 'known') continue;
    for (const row of attribution.value) {
      const owner = attributor.ownerOf(row);
      if (owner) add(owner.customer, workspace);
    }
  }
  const asked = new Set(measuring.scope.customers);
  const shared = new Set([...places].flatMap(([customer, at]) => (asked.has(customer) && at.size > 1 ? [...at] : [])));
  return filled.filter((workspace) => shared.has(workspace));
}
