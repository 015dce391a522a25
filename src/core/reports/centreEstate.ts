import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import { toCustomerKey, toSubscriptionId, toTenantId, toWorkspaceGuid, toWorkspaceKey } from '../../model/ids.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import type { RollupProgress } from '../rollup/progress.ts';

/**
 * The estate as a centre tells it, with nobody asked: whoever was pulled there, and the customers that the file names.
 * Enough to resolve a scope, and to know whose names a customer's copy must not hold.
 */
export function centreEstate(progress: readonly RollupProgress[], file: CustomersFile): Estate {
  const customers = new Map<string, Customer>();
  for (const { key, name, groups, tags, declared, provider } of file.customers)
    customers.set(key, {
      key: toCustomerKey(key),
      ...{ name, groups, tags, tenants: [] },
      ...(declared ? { declared } : {}),
      ...(provider ? { provider } : {}),
    });
  const workspaces = new Map<string, Workspace>();
  for (const { customer, customerName, workspace, workspaceName } of progress) {
    if (!customers.has(customer))
      customers.set(customer, { key: customer, name: customerName, groups: [], tags: {}, tenants: [] });
    workspaces.set(workspace, {
      // Its resource id is not known here; its own id is as good a key.
      ...{ key: toWorkspaceKey(workspace), armId: workspace, guid: toWorkspaceGuid(workspace), name: workspaceName },
      ...{ customer, tenant: toTenantId(''), subscription: toSubscriptionId(''), subscriptionName: '' },
      ...{ resourceGroup: '', region: '', tags: {}, sku: '', retentionDays: 0 },
      ...{ cap: 'unknown', sentinel: false, paths: [] },
    });
  }
  return {
    ...{ cloud: '', accounts: [], tenants: [], seenAt: '', problems: [] },
    customers: [...customers.values()],
    workspaces: [...workspaces.values()],
  };
}
