import type { Customer, Estate, Tenant, Workspace } from '../../model/estate.ts';
import type { CustomerKey, TenantId, WorkspaceKey } from '../../model/ids.ts';

/** Look-ups over one picture of the estate, built once per picture and kept only as long as it. */
export class EstateIndex {
  readonly estate: Estate;
  readonly customers: ReadonlyMap<CustomerKey, Customer>;
  readonly tenants: ReadonlyMap<TenantId, Tenant>;
  readonly workspaces: ReadonlyMap<WorkspaceKey, Workspace>;
  private static readonly cache = new WeakMap<Estate, EstateIndex>();

  private constructor(estate: Estate) {
    this.estate = estate;
    this.customers = new Map(estate.customers.map((customer) => [customer.key, customer]));
    this.tenants = new Map(estate.tenants.map((tenant) => [tenant.id, tenant]));
    this.workspaces = new Map(estate.workspaces.map((workspace) => [workspace.key, workspace]));
  }

  static of(estate: Estate): EstateIndex {
    const known = EstateIndex.cache.get(estate);
    if (known) return known;
    const index = new EstateIndex(estate);
    EstateIndex.cache.set(estate, index);
    return index;
  }

  customerOf(workspace: Workspace): Customer | undefined {
    return this.customers.get(workspace.customer);
  }
  customerName(key: CustomerKey): string {
    return this.customers.get(key)?.name ?? key;
  }
  tenantName(id: TenantId): string {
    return this.tenants.get(id)?.name ?? id;
  }
}
