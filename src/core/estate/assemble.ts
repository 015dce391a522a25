import type { AppErrorData } from '../../base/errors.ts';
import { toCapState } from '../../model/capState.ts';
import type {
  Customer,
  Estate,
  EstateProblem,
  Subscription,
  Tenant,
  TenantState,
  Workspace,
} from '../../model/estate.ts';
import { isGuid, toCustomerKey, toSubscriptionId, toTenantId, toWorkspaceGuid } from '../../model/ids.ts';
import type { CustomerKey, TenantId, WorkspaceKey } from '../../model/ids.ts';
import { toRegion } from '../../model/region.ts';
import { withSharedRows } from '../central/sharedRows.ts';
import type { CustomerEntry, CustomersFile } from '../customers/customersFile.ts';
import { comparePaths } from './path.ts';
import type { Sightings, WorkspaceSighting } from './sightings.ts';

/** `complete`: every call has ended, so that what was not seen by now is not there. */
export interface AssembleOptions {
  readonly cloud: string;
  readonly seenAt: string;
  readonly complete: boolean;
}

/**
 * One picture from what was seen so far and what the customers file says. Pure; sorted, so that equal facts give equal
 * pictures.
 */
export function assembleEstate(sightings: Sightings, file: CustomersFile, options: AssembleOptions): Estate {
  const owners = findOwners(sightings, file.customers);
  const problems: EstateProblem[] = [...sightings.problems, ...file.problems.map(toFileProblem)];
  const tenantIds = new Set([
    ...sightings.tenants.keys(),
    ...sightings.visits.keys(),
    ...[...sightings.workspaces.values()].map((sighting) => sighting.listing.tenant),
    ...[...sightings.subscriptions.values()].map((subscription) => subscription.tenant),
  ]);
  const untold = new Map<TenantId, CustomerEntry>();
  if (options.complete) {
    for (const customer of file.customers) {
      for (const tenant of customer.tenants) {
        if (isGuid(tenant)) {
          if (!tenantIds.has(toTenantId(tenant))) untold.set(toTenantId(tenant), customer);
        } else if (!owners.domains.has(tenant))
          problems.push({ where: customer.name, error: unknownDomain(tenant, customer.name) });
      }
    }
  }
  const reached = findReached(sightings);
  const tenants = [
    ...[...tenantIds].map((id) => toTenant(id, owners.tenants.get(id), sightings, reached, problems)),
    ...[...untold].map(([id, customer]): Tenant => ({
      id,
      name: nameByOwner(id, customer),
      customer: toCustomerKey(customer.key),
      state: 'noAccess',
      error: named(notSignedIn(id), id, nameByOwner(id, customer)),
      accounts: [],
    })),
  ].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  const customers = toCustomers(file.customers, tenants);
  const customerOf = new Map(tenants.map((tenant) => [tenant.id, tenant.customer]));
  const workspaces = [...sightings.workspaces].map(([key, sighting]) =>
    toWorkspace(key, sighting, customerOf, sightings),
  );
  const names = new Map(customers.map((customer) => [customer.key, customer.name]));
  workspaces.sort(
    (a, b) =>
      (names.get(a.customer) ?? '').localeCompare(names.get(b.customer) ?? '') ||
      a.name.localeCompare(b.name) ||
      a.key.localeCompare(b.key),
  );
  const subscriptions = toSubscriptions(sightings, customerOf).sort(
    (a, b) =>
      (names.get(a.customer) ?? '').localeCompare(names.get(b.customer) ?? '') ||
      a.name.localeCompare(b.name) ||
      a.id.localeCompare(b.id),
  );
  const estate: Estate = {
    cloud: options.cloud,
    accounts: sightings.accounts,
    customers,
    tenants,
    workspaces,
    ...(subscriptions.length > 0 ? { subscriptions } : {}),
    seenAt: options.seenAt,
    problems,
  };
  if (!file.shared && file.sharedProblem === undefined) return estate;
  const shared = withSharedRows(estate, file, options.complete);
  for (const { entry, message } of shared.problems)
    problems.push({ where: entry.workspace, error: { code: 'input.customersFile', message, retryable: false } });
  return { ...estate, workspaces: shared.workspaces };
}

/** Which customer of the file owns which tenant; domains are known only through tenants that were listed. */
function findOwners(
  sightings: Sightings,
  entries: readonly CustomerEntry[],
): { tenants: Map<TenantId, CustomerEntry>; domains: Set<string> } {
  const byText = new Map(entries.flatMap((entry) => entry.tenants.map((tenant) => [tenant, entry] as const)));
  const tenants = new Map<TenantId, CustomerEntry>(),
    domains = new Set<string>();
  for (const [text, entry] of byText) if (isGuid(text)) tenants.set(toTenantId(text), entry);
  for (const listing of sightings.tenants.values()) {
    for (const domain of [listing.defaultDomain, ...(listing.domains ?? [])]) {
      if (domain === undefined) continue;
      domains.add(domain.toLowerCase());
      const entry = byText.get(domain.toLowerCase());
      if (entry && !tenants.has(listing.id)) tenants.set(listing.id, entry);
    }
  }
  return { tenants, domains };
}

/** Tenants of which something is reached, by a token of their own or by delegation. */
function findReached(sightings: Sightings): ReadonlySet<TenantId> {
  const visited = [...sightings.visits].flatMap(([tenant, visits]) =>
    visits.some((visit) => !visit.error) ? [tenant] : [],
  );
  return new Set([
    ...visited,
    ...[...sightings.workspaces.values()].map((sighting) => sighting.listing.tenant),
    ...[...sightings.subscriptions.values()].map((subscription) => subscription.tenant),
  ]);
}

function toTenant(
  id: TenantId,
  owner: CustomerEntry | undefined,
  sightings: Sightings,
  reached: ReadonlySet<TenantId>,
  problems: EstateProblem[],
): Tenant {
  const listing = sightings.tenants.get(id);
  const name = listing?.name ?? id;
  const visits = sightings.visits.get(id) ?? [];
  const failures = visits.filter((visit) => visit.error);
  const isReached = reached.has(id);
  const accounts = visits
    .filter((visit) => !isReached || !visit.error)
    .map((visit) => visit.account.id)
    .sort();
  const common = {
    id,
    name,
    ...(listing?.defaultDomain ? { defaultDomain: listing.defaultDomain } : {}),
    customer: toCustomerKey(owner?.key ?? id),
    accounts,
  };
  const error = failures[0]?.error;
  if (isReached || !error) {
    // Reached in another way all the same: what failed is still told, only not in the tenant's own place. That an
    // account has no identity in a customer's tenant is what Lighthouse is for, and no trouble at all.
    for (const { account, error: failure } of failures)
      if (failure && failure.code !== 'access.notInTenant')
        problems.push({ where: `${name} as ${account.label}`, tenant: id, error: failure });
    return { ...common, state: 'entered' };
  }
  // Nobody could ask the tenant what it is called: what the customers file says of it is the best there is.
  const called = listing?.name ?? nameByOwner(id, owner);
  return { ...common, name: called, state: toTenantState(error), error: named(error, id, called) };
}

/** A tenant that nobody could enter by its customer's name, with its id where the customer has several. */
function nameByOwner(id: TenantId, owner: CustomerEntry | undefined): string {
  if (!owner) return id;
  return owner.tenants.length === 1 ? owner.name : `${owner.name} (${id})`;
}

/** The error of a tenant, which knows it by its id alone, with its name before that. */
function named(error: AppErrorData, id: TenantId, name: string): AppErrorData {
  if (name.includes(id)) return error;
  return { ...error, message: error.message.replaceAll(id, () => `${name} (${id})`) };
}

function toTenantState(error: AppErrorData): TenantState {
  if (error.code === 'auth.interactionRequired' || error.code === 'auth.signInRequired') return 'signInRequired';
  return error.code.startsWith('access.') ? 'noAccess' : 'failed';
}

function toCustomers(entries: readonly CustomerEntry[], tenants: readonly Tenant[]): readonly Customer[] {
  const owned = new Map<CustomerKey, Tenant[]>();
  for (const tenant of tenants) owned.set(tenant.customer, [...(owned.get(tenant.customer) ?? []), tenant]);
  const named = entries.map((entry): Customer => {
    const key = toCustomerKey(entry.key);
    const { name, groups, tags, declared, provider } = entry;
    const ids = (owned.get(key) ?? []).map((tenant) => tenant.id);
    owned.delete(key);
    return {
      key,
      name,
      groups,
      tags,
      tenants: ids,
      ...(declared ? { declared } : {}),
      ...(provider ? { provider } : {}),
    };
  });
  const unnamed = [...owned].map(([key, own]): Customer => ({
    key,
    name: own[0]!.name,
    groups: [],
    tags: {},
    tenants: own.map((tenant) => tenant.id),
  }));
  return [...named, ...unnamed].sort((a, b) => a.name.localeCompare(b.name) || a.key.localeCompare(b.key));
}

function toWorkspace(
  key: WorkspaceKey,
  { listing, paths }: WorkspaceSighting,
  customerOf: ReadonlyMap<TenantId, CustomerKey>,
  sightings: Sightings,
): Workspace {
  const subscription = toSubscriptionId(listing.subscription);
  return {
    key,
    armId: listing.armId,
    guid: toWorkspaceGuid(listing.guid),
    name: listing.name,
    customer: customerOf.get(listing.tenant) ?? toCustomerKey(listing.tenant),
    tenant: listing.tenant,
    subscription,
    subscriptionName: sightings.subscriptions.get(subscription)?.name ?? subscription,
    resourceGroup: listing.resourceGroup,
    region: toRegion(listing.region),
    tags: listing.tags,
    sku: listing.sku,
    retentionDays: listing.retentionDays,
    ...(listing.dailyCapGb === undefined ? {} : { dailyCapGb: listing.dailyCapGb }),
    cap: toCapState(listing),
    sentinel: listing.sentinel ?? false,
    ...(listing.dataActionsOnly ? { dataActionsOnly: true } : {}),
    paths: [...paths].sort(comparePaths),
  };
}

/** A subscription that is gone holds no resources. */
function toSubscriptions(sightings: Sightings, customerOf: ReadonlyMap<TenantId, CustomerKey>): Subscription[] {
  return [...sightings.subscriptions.values()].flatMap(({ id, name, tenant, state }): Subscription[] =>
    state.toLowerCase() === 'deleted'
      ? []
      : [
          {
            id,
            name,
            tenant,
            customer: customerOf.get(tenant) ?? toCustomerKey(tenant),
            paths: [...(sightings.subscriptionPaths.get(id) ?? [])].sort(comparePaths),
          },
        ],
  );
}

function toFileProblem(problem: CustomersFile['problems'][number]): EstateProblem {
  return {
    where: `${problem.file}:${problem.line}`,
    error: {
      code: 'input.customersFile',
      message: `${problem.file}, line ${problem.line}: ${problem.message}`,
      retryable: false,
      data: { file: problem.file, line: problem.line },
    },
  };
}

function unknownDomain(domain: string, customer: string): AppErrorData {
  return {
    code: 'access.unknownTenant',
    message: `No account you are signed in with lists a tenant with the domain ${domain}, named for ${customer}. Write its tenant id, or sign in with an account that belongs to it.`,
    retryable: false,
  };
}

function notSignedIn(tenant: TenantId): AppErrorData {
  return {
    code: 'access.notInTenant',
    message: `No account you are signed in with belongs to the tenant ${tenant}, and nothing of it is delegated to you. Sign in with one that does, or ask the customer for Azure Lighthouse access.`,
    retryable: false,
  };
}
