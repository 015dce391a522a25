import type { AgentFact, AttributionRow, Fact, WorkspaceFacts } from '../../model/assessment/facts.ts';
import type { AttributedBy, CentralPart, CustomerFacts, EstateNumbers } from '../../model/assessment/subject.ts';
import type { Customer, Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { Attributor, findProvider } from './attribution.ts';
import type { Provider } from './attribution.ts';
import { cutShared, placeOf, placeOfSource } from './cutShared.ts';
import { findDestinations } from './destinations.ts';
import type { AssessScope, EstateFacts } from './estateFacts.ts';
import { subscriptionOf } from './facts/agents.ts';

/**
 * Cuts what was measured of an estate into one piece per customer of the scope, in the estate's order. A piece holds
 * nothing of other customers but counts: of a provider's workspace it has the rows that are this customer's. Pure.
 */
export function toCustomerFacts(scope: AssessScope, measured: EstateFacts): readonly CustomerFacts[] {
  const { estate, customers, entries } = scope;
  const provider = findProvider(scope);
  const world: Shared = {
    estate,
    measured,
    provider,
    attributor: new Attributor(estate, entries, measured.owners),
    numbers: numbersOf(estate, provider),
  };
  const asked = new Set(customers);
  return estate.customers.filter(({ key }) => asked.has(key)).map((customer) => factsOf(customer, world));
}

interface Shared {
  readonly estate: Estate;
  readonly measured: EstateFacts;
  readonly provider: Provider;
  readonly attributor: Attributor;
  readonly numbers: EstateNumbers;
}

function factsOf(customer: Customer, world: Shared): CustomerFacts {
  const { estate, measured, provider, numbers } = world;
  const { key } = customer;
  const tenants = estate.tenants.filter((tenant) => tenant.customer === key);
  const ids = new Set(tenants.map(({ id }) => id));
  const found = new Map(measured.workspaces.map((facts) => [facts.workspace.key, facts]));
  const centres = estate.workspaces.filter((one) => provider.customers.has(one.customer) && one.customer !== key);
  const looked = centres.flatMap(({ key: at }) => {
    const facts = found.get(at);
    return facts?.attribution.state === 'known' ? [facts] : [];
  });
  const measuredTenants = tenants.map((tenant) => {
    const facts = measured.tenants.find((one) => one.tenant === tenant.id);
    return { ...tenant, ...(facts ? { facts } : {}) };
  });
  const own = measured.workspaces.filter(({ workspace }) => workspace.customer === key);
  return {
    customer,
    provider: provider.customers.has(key),
    tenants: measuredTenants,
    subscriptions: measured.subscriptions.filter(({ tenant }) => ids.has(tenant)),
    own,
    central: looked.flatMap((facts) => partOf(customer, facts, world) ?? []),
    unknownCentral: centres.length - looked.length,
    estate: numbers,
    destinations: findDestinations(
      { tenants: measuredTenants, own },
      // Owners are asked for only where there is a centre; those of the estate's workspaces are known in any case.
      { own: ids, provider: provider.tenants, subscriptions: [...estate.workspaces, ...measured.owners] },
    ),
    at: measured.at,
  };
}

/** What of a provider's workspace is a customer's; undefined where it has no row there. */
function partOf(customer: Customer, facts: WorkspaceFacts, world: Shared): CentralPart | undefined {
  const { attributor, provider } = world;
  const { attribution, agents, sources } = facts;
  const all = attribution.state === 'known' ? attribution.value : [];
  const mine: AttributionRow[] = [];
  const nobodys: AttributionRow[] = [];
  const by = new Set<AttributedBy>();
  const customers = new Set<CustomerKey>();
  for (const row of all) {
    const owner = attributor.ownerOf(row);
    if (!owner) nobodys.push(row);
    else if (!provider.customers.has(owner.customer)) customers.add(owner.customer);
    if (owner?.customer !== customer.key) continue;
    mine.push(row);
    by.add(owner.by);
  }
  if (mine.length === 0) return undefined;
  const owns = (named: { readonly subscription: string; readonly domain: string }): boolean =>
    attributor.ownerOf(named)?.customer === customer.key;
  const shared = cutShared(facts, {
    rows: mine,
    owns,
    mayName: (armId) => {
      const owner = attributor.ownerOf({ subscription: subscriptionOf(armId), domain: '' });
      return owner?.customer === customer.key || (owner !== undefined && provider.customers.has(owner.customer));
    },
    tenants: new Set([...customer.tenants, ...provider.tenants]),
  });
  const computers = [
    ...(agents.state === 'known' ? agents.value.filter((one) => owns(placeOf(one))).map((one) => one.computer) : []),
    ...(sources.state === 'known'
      ? sources.value.map((one) => one.source).filter((one) => !one.startsWith('/') && owns(placeOfSource(one)))
      : []),
  ];
  const rows = sum(mine, 'rows');
  const of = sum(all, 'rows');
  const tables = new Map<string, number>();
  for (const row of mine) tables.set(row.table, (tables.get(row.table) ?? 0) + row.rows);
  return {
    shared,
    rows,
    gb: sum(mine, 'gb'),
    share: of === 0 ? 0 : rows / of,
    by: [...by].sort(),
    tables: Object.fromEntries(tables),
    computers: [...new Set(computers)].sort(),
    customers: customers.size,
    legacyAgents: countLegacy(agents, shared.agents),
    unattributed: { rows: sum(nobodys, 'rows'), gb: sum(nobodys, 'gb'), of },
  };
}

/** A count of everybody's, told with the source and the error that this customer may see. */
function countLegacy(all: Fact<readonly AgentFact[]>, shown: Fact<readonly AgentFact[]>): Fact<number> {
  // What is shown is cut from all of it: both are known, or none is.
  if (all.state === 'unknown')
    return shown.state === 'unknown' ? shown : { ...shown, state: 'unknown', error: all.error };
  return shown.state === 'unknown' ? shown : { ...shown, value: all.value.filter(({ legacy }) => legacy).length };
}

function sum(rows: readonly AttributionRow[], what: 'rows' | 'gb'): number {
  return rows.reduce((total, row) => total + row[what], 0);
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
