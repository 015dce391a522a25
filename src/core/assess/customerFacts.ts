import type { AgentFact, Fact, SubscriptionFacts, TenantFacts, WorkspaceFacts } from '../../model/assessment/facts.ts';
import type { CentralPart, CustomerFacts, EstateNumbers } from '../../model/assessment/subject.ts';
import type { Customer, Estate, Tenant, Workspace } from '../../model/estate.ts';
import type { CustomerKey, TenantId, WorkspaceKey } from '../../model/ids.ts';
import { Attributor, findProvider } from './attribution.ts';
import type { Provider } from './attribution.ts';
import type { BaselineFacts } from './baselineFacts.ts';
import { cutShared } from './cutShared.ts';
import { findDestinations } from './destinations.ts';
import type { Owners } from './destinations.ts';
import type { AssessScope, EstateFacts } from './estateFacts.ts';
import { subscriptionOf } from './facts/agents.ts';
import { SharedIndex, sumOf } from './sharedIndex.ts';

/**
 * Cuts what was measured of an estate into one piece per customer of the scope, in the estate's order: one by one, so
 * that who makes a lot of them can let others work in between. A piece holds nothing of other customers but counts: of
 * a provider's workspace it has the rows that are this customer's. Pure.
 */
export function* cutEstate(
  scope: AssessScope,
  measured: EstateFacts,
  baselines?: BaselineFacts['facts'],
): Generator<CustomerFacts, void> {
  const { estate, customers, entries } = scope;
  const provider = findProvider(scope);
  const world: Shared = {
    estate,
    measured,
    provider,
    attributor: new Attributor(estate, entries, measured.owners),
    numbers: numbersOf(estate, provider),
    facts: new Map(measured.workspaces.map((facts) => [facts.workspace.key, facts])),
    own: groupBy(measured.workspaces, ({ workspace }) => workspace.customer),
    tenants: groupBy(estate.tenants, ({ customer }) => customer),
    tenantFacts: new Map(measured.tenants.map((facts) => [facts.tenant, facts])),
    subscriptions: groupBy(measured.subscriptions, ({ tenant }) => tenant),
    centres: estate.workspaces.filter(({ customer }) => provider.customers.has(customer)),
    // Owners are asked for only where there is a centre; those of the estate's workspaces are known in any case.
    tenantOf: new Map(
      [...estate.workspaces, ...measured.owners].map(({ subscription, tenant }) => [subscription, tenant]),
    ),
    shared: new Map(),
  };
  const asked = new Set(customers);
  for (const customer of estate.customers) {
    if (!asked.has(customer.key)) continue;
    const baseline = baselines?.get(customer.key);
    yield { ...factsOf(customer, world), ...(baseline ? { baseline } : {}) };
  }
}

interface Shared {
  readonly estate: Estate;
  readonly measured: EstateFacts;
  readonly provider: Provider;
  readonly attributor: Attributor;
  readonly numbers: EstateNumbers;
  readonly facts: ReadonlyMap<WorkspaceKey, WorkspaceFacts>;
  readonly own: ReadonlyMap<CustomerKey, readonly WorkspaceFacts[]>;
  readonly tenants: ReadonlyMap<CustomerKey, readonly Tenant[]>;
  readonly tenantFacts: ReadonlyMap<TenantId, TenantFacts>;
  readonly subscriptions: ReadonlyMap<TenantId, readonly SubscriptionFacts[]>;
  readonly centres: readonly Workspace[];
  readonly tenantOf: Owners['tenantOf'];
  /** Filled as they are asked for. */
  readonly shared: Map<WorkspaceKey, SharedIndex>;
}

function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function factsOf(customer: Customer, world: Shared): CustomerFacts {
  const { measured, provider, numbers } = world;
  const { key } = customer;
  const tenants = world.tenants.get(key) ?? [];
  const ids = new Set(tenants.map(({ id }) => id));
  const centres = world.centres.filter((one) => one.customer !== key);
  const looked = centres.flatMap(({ key: at }) => {
    const facts = world.facts.get(at);
    return facts?.attribution.state === 'known' ? [facts] : [];
  });
  const measuredTenants = tenants.map((tenant) => {
    const facts = world.tenantFacts.get(tenant.id);
    return { ...tenant, ...(facts ? { facts } : {}) };
  });
  const own = world.own.get(key) ?? [];
  return {
    customer,
    provider: provider.customers.has(key),
    tenants: measuredTenants,
    subscriptions: tenants.flatMap(({ id }) => world.subscriptions.get(id) ?? []),
    own,
    central: looked.flatMap((facts) => partOf(customer, facts, world) ?? []),
    unknownCentral: centres.length - looked.length,
    estate: numbers,
    destinations: findDestinations(
      { tenants: measuredTenants, own },
      { own: ids, provider: provider.tenants, tenantOf: world.tenantOf },
    ),
    at: measured.at,
  };
}

/** What of a provider's workspace is a customer's; undefined where it has no row there. */
function partOf(customer: Customer, facts: WorkspaceFacts, world: Shared): CentralPart | undefined {
  const { attributor, provider } = world;
  let index = world.shared.get(facts.workspace.key);
  if (!index) world.shared.set(facts.workspace.key, (index = new SharedIndex(facts, attributor)));
  const part = index.partOf(customer.key);
  if (!part) return undefined;
  const { agents } = facts;
  const mine = part.rows;
  const shared = cutShared(facts, {
    part,
    volumes: index.volumes,
    mayName: (armId) => {
      const owner = attributor.ownerOf({ subscription: subscriptionOf(armId), domain: '' });
      return owner?.customer === customer.key || (owner !== undefined && provider.customers.has(owner.customer));
    },
    tenants: new Set([...customer.tenants, ...provider.tenants]),
  });
  const computers = [
    ...part.agents.map((one) => one.computer),
    ...part.sources.map((one) => one.source).filter((one) => !one.startsWith('/')),
  ];
  const { rows, gb } = sumOf(mine);
  const { of, unattributed } = index;
  const unread = facts.attribution.leftOut?.length ?? 0;
  const tables = new Map<string, number>();
  for (const row of mine) tables.set(row.table, (tables.get(row.table) ?? 0) + row.rows);
  return {
    shared,
    rows,
    gb,
    share: of === 0 ? 0 : rows / of,
    by: [...part.by].sort(),
    tables: Object.fromEntries(tables),
    computers: [...new Set(computers)].sort(),
    customers: index.customers.filter((key) => !provider.customers.has(key)).length,
    legacyAgents: countLegacy(agents, shared.agents),
    unattributed: { ...unattributed, of },
    ...(unread === 0 ? {} : { unread }),
  };
}

/** A count of everybody's, told with the source and the error that this customer may see. */
function countLegacy(all: Fact<readonly AgentFact[]>, shown: Fact<readonly AgentFact[]>): Fact<number> {
  // What is shown is cut from all of it: both are known, or none is.
  if (all.state === 'unknown')
    return shown.state === 'unknown' ? shown : { ...shown, state: 'unknown', error: all.error };
  return shown.state === 'unknown' ? shown : { ...shown, value: all.value.filter(({ legacy }) => legacy).length };
}

function numbersOf(estate: Estate, provider: Provider): EstateNumbers {
  const regions = (workspaces: Estate['workspaces']): readonly string[] =>
    [...new Set(workspaces.map(({ region }) => region))].sort();
  return {
    customers: estate.customers.length,
    workspaces: estate.workspaces.length,
    regions: regions(estate.workspaces).length,
    providerTenants: [...provider.tenants].sort(),
    centreRegions: regions(estate.workspaces.filter(({ customer }) => provider.customers.has(customer))),
  };
}
