import type { Customer, Estate, Tenant, Workspace } from '../../model/estate.ts';

/**
 * The part of an estate that a search box means. Every word must be found somewhere along customer -> tenant ->
 * workspace; what is above a hit stays for context, and what is below a hit stays because it was asked for. Blank text
 * is everything.
 */
export function filterEstate(estate: Estate, text: string): Estate {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return estate;
  const customerText = new Map(estate.customers.map((customer) => [customer.key, textOf(customer)]));
  const tenantText = new Map(
    estate.tenants.map((tenant) => [tenant.id, `${customerText.get(tenant.customer) ?? ''}\n${tenantWords(tenant)}`]),
  );
  const found = (searched: string | undefined): boolean =>
    searched !== undefined && words.every((word) => searched.includes(word));
  const workspaces = estate.workspaces.filter((workspace) =>
    found(`${tenantText.get(workspace.tenant) ?? ''}\n${workspaceWords(workspace)}`),
  );
  const tenantIds = new Set<string>(workspaces.map((workspace) => workspace.tenant));
  const tenants = estate.tenants.filter((tenant) => tenantIds.has(tenant.id) || found(tenantText.get(tenant.id)));
  const customerKeys = new Set<string>(tenants.map((tenant) => tenant.customer));
  return {
    ...estate,
    workspaces,
    tenants,
    customers: estate.customers.filter(
      (customer) => customerKeys.has(customer.key) || found(customerText.get(customer.key)),
    ),
  };
}

function textOf(customer: Customer): string {
  return join([customer.key, customer.name, ...customer.groups, ...tagWords(customer.tags)]);
}
function tenantWords(tenant: Tenant): string {
  return join([tenant.id, tenant.name, tenant.defaultDomain ?? '']);
}

function workspaceWords(workspace: Workspace): string {
  return join([
    workspace.name,
    workspace.guid,
    workspace.region,
    workspace.resourceGroup,
    workspace.subscription,
    workspace.subscriptionName,
    ...tagWords(workspace.tags),
    ...workspace.paths.map((path) => path.kind),
  ]);
}

function tagWords(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`);
}
function join(texts: readonly string[]): string {
  return texts.join('\n').toLowerCase();
}
