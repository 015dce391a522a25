import { groupScope, key, subscriptionScope } from '../armId.ts';
import type { LogSource, WorkspaceLogs } from '../logs/source.ts';
import { objectIdIn } from '../lookup.ts';
import {
  addLock,
  addResourceGroup,
  addServicePrincipal,
  addSubscription,
  addTenant,
  addUser,
  assignRole,
  delegate,
} from '../populate.ts';
import { ROLES, type RoleName } from '../roles.ts';
import type { Account, Subscription, Tenant, Workspace, World } from '../state.ts';
import { answerKey, type AnswerKey, type Visitor } from './answerKey.ts';
import { assessEstate } from './assessEstate.ts';
import { toCustomersFile } from './customersFile.ts';
import { findDataFiles, planData, type DataFiles } from './dataDir.ts';
import { PROVIDER_CUSTOMERS } from './defaultEstate.ts';
import { OFFER, type Access, type CustomerPlan, type OfferPlan, type TenantPlan } from './estatePlan.ts';
import { manyCustomers } from './manyCustomers.ts';
import { addSampleCentre } from './sampleCentre.ts';
import { addSamplePartner } from './samplePartner.ts';
import { addSampleFlows, addSampleResources, addTenantResources, type FilledWorkspace } from './sampleResources.ts';
import { addSampleWorkspace, type Placed } from './sampleWorkspace.ts';
import { addStandardTables } from './schemas.ts';

/** What the sample estate is made of. */
export interface SampleOptions {
  /** So many generated customers in place of the hand-made ones: up to 1,000, each with 5 workspaces. */
  readonly customers?: number;
  /** Another estate in place of the hand-made one: `count` customers as an assessment finds them, by their own seed. */
  readonly assess?: { readonly seed: number; readonly count: number };
  /** Multiplier of rows, default 1. */
  readonly scale?: number;
  /** `DIR/CUSTOMER/TABLE.jsonl[.gz]|.csv[.gz]|.parquet`: real rows, for customers of the estate and new ones. */
  readonly dataDir?: string;
}

/** What the sample estate brought besides what is in the world now. */
export interface SampleEstate {
  /** A user of the provider: member of Operations, guest in some customers' tenants. */
  readonly engineer: Account;
  /** A user of the provider who may read and nothing else. */
  readonly reader: Account;
  /** An application with a secret, present wherever the provider is meant to have access. */
  readonly automation: Account;
  /** Text of a customers.json that names the customers, their groups, tags, tenants and declared retention. */
  readonly customersFile: string;
  /** Rows of its workspaces: `startEmulator({ world, logs })`. */
  readonly logs: LogSource;
  /** What an assessment has to find here, as who signs in sees it; throws an Error where the plans do not say. */
  readonly answers: (as: Visitor) => AnswerKey;
}

/** Passwords and secrets of the sample accounts: they open nothing but the emulator. */
const PASSWORD = 'Sample-estate-1';

/**
 * Fills an empty world with the sample estate. The same seed, clock and options make the same estate, so after a
 * restart the rows are found again for a world that came from disk. Throws an Error that names the file where `dataDir`
 * holds something unusable.
 */
export async function addSampleEstate(world: World, options: SampleOptions = {}): Promise<SampleEstate> {
  const count = options.customers;
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 1000))
    throw new Error(`The sample estate has 1 to 1,000 customers, not ${count}.`);
  const assessed = options.assess?.count ?? 1;
  if (!(Number.isInteger(assessed) && assessed >= 1 && assessed <= 1000))
    throw new Error(`An estate for assessments has 1 to 1,000 customers, not ${assessed}.`);
  const scale = options.scale ?? 1;
  if (!(scale > 0 && scale <= 1000))
    throw new Error(`The scale of the sample estate is a number above 0, at most 1,000, not ${scale}.`);
  const files = options.dataDir === undefined ? [] : await findDataFiles(options.dataDir);
  const base = options.assess
    ? assessEstate(options.assess.seed, options.assess.count)
    : count === undefined
      ? PROVIDER_CUSTOMERS
      : [PROVIDER_CUSTOMERS[0]!, ...manyCustomers(count, world.seed)];
  const { customers, filesOf } = planData(base, files);
  const quiet = withoutTouch(world);
  const built = build(quiet, customers, filesOf, scale, count === undefined);
  world.touch();
  return {
    ...built,
    customersFile: toCustomersFile(customers, (domain) => world.guid('tenant', domainOf(domain))),
    answers: (as) => answerKey(customers, as),
  };
}

/** The world while it is being filled: nobody is told of every single addition. */
function withoutTouch(world: World): World {
  return new Proxy(world, { get: (target, name) => (name === 'touch' ? () => undefined : Reflect.get(target, name)) });
}

/** `labs.contoso.com` -> `labscontoso.onmicrosoft.com`: the domain a tenant is born with. */
function domainOf(domain: string): string {
  return `${domain.replace(/\.(com|net|example)$/, '').replaceAll('.', '')}.onmicrosoft.com`;
}

function build(
  world: World,
  customers: readonly CustomerPlan[],
  filesOf: (customer: CustomerPlan) => DataFiles,
  scale: number,
  resources: boolean,
): Omit<SampleEstate, 'customersFile' | 'answers'> {
  addStandardTables(world);
  const tenants = new Map(
    customers.flatMap((customer) => customer.tenants.map((plan) => [plan, addTenantOf(world, plan)] as const)),
  );
  const home = [...tenants].find(([plan]) => plan.access === 'home')![1];
  const entered = (...access: Access[]): Tenant[] =>
    [...tenants].filter(([plan]) => access.includes(plan.access)).map(([, tenant]) => tenant);
  const team = { operations: world.guid('group', 'Operations'), readers: world.guid('group', 'Readers') };
  const engineer = addUser(world, {
    tenant: home,
    username: 'engineer@northbridge.example',
    displayName: 'Erin Engineer',
    password: PASSWORD,
    groups: [team.operations],
    guestOf: entered('guest', 'both'),
  });
  const reader = addUser(world, {
    tenant: home,
    username: 'reader@northbridge.example',
    displayName: 'Robin Reader',
    password: PASSWORD,
    groups: [team.readers],
  });
  const automation = addServicePrincipal(world, {
    tenant: home,
    name: 'tenantscope-automation',
    consentedIn: entered('guest', 'both'),
  });
  const principals: Principals = { engineer, automation, ...team, home };

  const placed = new Map<string, Placed>();
  for (const customer of customers)
    for (const plan of customer.tenants)
      placed.set(plan.domain, place(world, customer, plan, tenants.get(plan)!, principals));
  const owners = new Map(customers.map((customer) => [customer.key, placed.get(customer.tenants[0]!.domain)!]));
  const logs = new Map<string, () => WorkspaceLogs>();
  const filled: FilledWorkspace[] = [];
  for (const customer of customers) {
    let data: DataFiles | undefined = filesOf(customer);
    const replaced = data.map(({ table }) => table);
    for (const plan of customer.tenants) {
      for (const workspace of plan.workspaces) {
        const made = addSampleWorkspace(world, {
          customer,
          tenant: plan,
          plan: workspace,
          place: placed.get(plan.domain)!,
          owners,
          scale,
          files: data ?? [],
          replaced,
          resources,
        });
        if (made.logs) logs.set(key(made.customerId), made.logs);
        if (made.filled) filled.push(made.filled);
        data = undefined;
      }
    }
  }
  if (resources) addResources(world, customers, placed, filled);
  const atHome = [...placed.values()].find(({ tenant }) => tenant === home)!;
  addSamplePartner(world, { home, tenants: [...tenants.values()], team, allowed: [engineer, automation] });
  addSampleCentre(world, atHome, { ...team, automation: automation.objectId });
  return { engineer, reader, automation, logs: toSource(logs) };
}

/** What the tenants have besides workspaces: computers and services, rules, exports and settings, locks. */
function addResources(
  world: World,
  customers: readonly CustomerPlan[],
  placed: ReadonlyMap<string, Placed>,
  filled: readonly FilledWorkspace[],
): void {
  const named = new Map([...world.workspaces.values()].map((workspace) => [workspace.name, workspace]));
  const find = (name: string): Workspace | undefined => named.get(name);
  for (const one of filled) addSampleResources(world, one);
  for (const one of filled) addSampleFlows(world, one, find);
  for (const plan of customers.flatMap(({ tenants }) => tenants)) {
    const place = placed.get(plan.domain)!;
    const { subscriptionId } = place.subscription;
    addTenantResources(world, plan, place, find);
    if (plan.locked === 'subscription') addLock(world, { scope: subscriptionScope(subscriptionId) });
    if (plan.locked === 'group') addLock(world, { scope: groupScope(subscriptionId, place.group) });
  }
}

/** Profiles of computers and people are made when a workspace is first asked: 5,000 of them cost nothing before. */
function toSource(makers: ReadonlyMap<string, () => WorkspaceLogs>): LogSource {
  const made = new Map<string, WorkspaceLogs>();
  const find = (customerId: string): WorkspaceLogs | undefined => {
    const id = key(customerId);
    let logs = made.get(id);
    if (!logs) {
      logs = makers.get(id)?.();
      if (logs) made.set(id, logs);
    }
    return logs;
  };
  return {
    find,
    *all() {
      for (const id of makers.keys()) yield find(id)!;
    },
  };
}

function addTenantOf(world: World, plan: TenantPlan): Tenant {
  const domain = domainOf(plan.domain);
  return addTenant(world, {
    displayName: plan.name,
    domain,
    domains: [domain, plan.domain],
    countryCode: plan.country,
    policy: { mfaRequired: plan.mfaRequired ?? false },
  });
}

interface Principals {
  readonly engineer: Account;
  readonly automation: Account;
  readonly operations: string;
  readonly readers: string;
  readonly home: Tenant;
}

/** The tenant's subscription and resource group, and who of the provider may do what there. */
function place(world: World, customer: CustomerPlan, plan: TenantPlan, tenant: Tenant, who: Principals): Placed {
  const subscription = addSubscription(world, {
    tenant,
    displayName: `${plan.name} production`,
    tags: { customer: customer.key },
  });
  const region = plan.region ?? plan.workspaces[0]?.region ?? 'westeurope';
  const group = addResourceGroup(world, { subscription, name: `rg-${customer.key}-logs`, location: region }).name;
  const groupOnly = plan.workspaces.some(({ groupDelegation }) => groupDelegation);
  const scope = groupOnly
    ? groupScope(subscription.subscriptionId, group)
    : subscriptionScope(subscription.subscriptionId);
  if (plan.lock) addLock(world, { scope: groupScope(subscription.subscriptionId, group), ...plan.lock });
  if (plan.access === 'home') grantHome(world, subscription, who);
  if (plan.access === 'lighthouse' || plan.access === 'both') {
    const { authorizations } = delegate(world, {
      scope,
      to: who.home,
      offerName: OFFER,
      ...authorizationsOf(plan.offer ?? {}, who),
    });
    // The service takes this role with a list of what may be given away by it, and not without.
    for (const authorization of authorizations)
      if (authorization.roleDefinitionId === ROLES['User Access Administrator'].id)
        authorization.delegatedRoleDefinitionIds = [ROLES['Log Analytics Reader'].id];
  }
  if (plan.access === 'guest' || plan.access === 'both') {
    for (const [account, principalType] of [
      [who.engineer, 'User'],
      [who.automation, 'ServicePrincipal'],
    ] as const) {
      assignRole(world, {
        scope,
        principalId: objectIdIn(account, tenant.tenantId)!,
        principalType,
        role: 'Contributor',
      });
    }
  }
  return { subscription, tenant, group, domain: plan.domain, region };
}

function authorizationsOf(
  offer: OfferPlan,
  who: Principals,
): Pick<Parameters<typeof delegate>[1], 'authorizations' | 'eligible'> {
  const operations = { principalId: who.operations, name: 'Northbridge Operations' };
  const automation = { principalId: who.automation.objectId, name: who.automation.displayName };
  const roles = offer.operations ?? ['Contributor'];
  return {
    authorizations: [
      ...roles.map((role) => ({ ...operations, role })),
      { principalId: who.readers, name: 'Northbridge Readers', role: offer.readers ?? 'Log Analytics Reader' },
      ...roles.map((role) => ({ ...automation, role })),
      ...(offer.endless
        ? []
        : [{ ...operations, role: 'Managed Services Registration assignment Delete Role' as const }]),
    ],
    eligible: (offer.eligible ?? []).map((role) => ({ ...operations, role })),
  };
}

function grantHome(world: World, subscription: Subscription, who: Principals): void {
  const scope = subscriptionScope(subscription.subscriptionId);
  const roles: [string, RoleName, 'Group' | 'ServicePrincipal'][] = [
    [who.operations, 'Contributor', 'Group'],
    [who.readers, 'Log Analytics Reader', 'Group'],
    [who.automation.objectId, 'Contributor', 'ServicePrincipal'],
  ];
  for (const [principalId, role, principalType] of roles)
    assignRole(world, { scope, principalId, role, principalType });
}
