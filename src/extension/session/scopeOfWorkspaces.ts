import type { Customer, Estate, Tenant, Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Scope, Selector } from '../../model/scope.ts';

/**
 * The shortest scope that means exactly these workspaces now: whole customers, then whole tenants, then single
 * workspaces. Starting from everything (`from.include` is `all`) it stays "all except ...", so that a customer who
 * joins later is in; otherwise what is named is all there is. An empty set gives an empty include list.
 */
export function scopeOfWorkspaces(chosen: ReadonlySet<WorkspaceKey>, estate: Estate, from: Scope): Scope {
  const isIn = (workspace: Workspace): boolean => chosen.has(workspace.key);
  if (estate.workspaces.every(isIn)) return { include: 'all', except: [] };
  const some = estate.workspaces.some(isIn);
  if (from.include === 'all' && some) return { include: 'all', except: cover(estate, (workspace) => !isIn(workspace)) };
  return { include: cover(estate, isIn), except: [] };
}

/** Selectors that together match the workspaces that pass `test` and no other. */
function cover(estate: Estate, test: (workspace: Workspace) => boolean): Selector[] {
  const byCustomer = groupBy(estate.workspaces, (workspace) => workspace.customer);
  const customers = new Map(estate.customers.map((customer) => [customer.key, customer]));
  const tenants = new Map(estate.tenants.map((tenant) => [tenant.id, tenant]));
  const names = count(estate.workspaces.map((workspace) => workspace.name.toLowerCase()));
  const selectors: Selector[] = [];
  for (const [key, workspaces] of byCustomer) {
    if (!workspaces.some(test)) continue;
    const customer = customers.get(key);
    if (customer && workspaces.every(test)) {
      selectors.push(customerSelector(customer));
      continue;
    }
    for (const [id, own] of groupBy(workspaces, (workspace) => workspace.tenant)) {
      const tenant = tenants.get(id);
      // A tenant of several customers is not "whole" for this one.
      const whole = tenant?.customer === key && own.length > 1 && own.every(test);
      if (whole) selectors.push(tenantSelector(tenant));
      else for (const workspace of own) if (test(workspace)) selectors.push(workspaceSelector(workspace, names));
    }
  }
  return selectors;
}

/** The selector of a customer: its key. */
export function customerSelector(customer: Customer): Selector {
  return { kind: 'customer', value: customer.key };
}
/** The selector of a tenant: its default domain, or its id where that is not known. */
export function tenantSelector(tenant: Tenant): Selector {
  return { kind: 'tenant', value: tenant.defaultDomain ?? tenant.id };
}

/** By name where one workspace has it, by workspace ID otherwise. `names` counts lower-case names. */
export function workspaceSelector(workspace: Workspace, names: ReadonlyMap<string, number>): Selector {
  return { kind: 'workspace', value: names.get(workspace.name.toLowerCase()) === 1 ? workspace.name : workspace.guid };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function count(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
