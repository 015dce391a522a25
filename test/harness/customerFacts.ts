import type { AppErrorData } from '../../src/base/errors.ts';
import { runCheck } from '../../src/core/assess/checks/check.ts';
import type { Check } from '../../src/core/assess/checks/check.ts';
import type { Declared } from '../../src/model/assessment/declared.ts';
import type {
  AgentFact,
  BaselineFact,
  Fact,
  FactName,
  FactsOf,
  FactSource,
  SubscriptionFactValues,
  TableDay,
  TenantFactValues,
  UsageFact,
  WorkspaceFacts,
  WorkspaceFactValues,
} from '../../src/model/assessment/facts.ts';
import type { CheckOutcome } from '../../src/model/assessment/findings.ts';
import type { CentralPart, CustomerFacts } from '../../src/model/assessment/subject.ts';
import type { Tenant, Workspace, WorkspaceTable } from '../../src/model/estate.ts';
import {
  toAccountId,
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../src/model/ids.ts';

/** The time the made-up facts are of. */
export const NOW = '2026-11-28T09:12:00.000Z';
const DAY = 86_400_000;

export const WOODGROVE = toTenantId('aaaaaaaa-0000-4000-8000-000000000001');
export const PROVIDER = toTenantId('bbbbbbbb-0000-4000-8000-000000000002');
export const SUBSCRIPTION = toSubscriptionId('aaaaaaaa-1111-4000-8000-000000000001');
export const PROVIDERS_SUBSCRIPTION = toSubscriptionId('bbbbbbbb-1111-4000-8000-000000000002');
/** Somebody else's of the estate, and one that no account lists. */
export const STRANGERS_SUBSCRIPTION = toSubscriptionId('cccccccc-1111-4000-8000-000000000003');
export const UNLISTED_SUBSCRIPTION = toSubscriptionId('dddddddd-1111-4000-8000-000000000004');
export const TABLES = ['AzureActivity', 'Heartbeat', 'Perf', 'SecurityEvent', 'SigninLogs'] as const;
const FREE: readonly string[] = ['Heartbeat', 'AzureActivity'];

/** An ISO time so many hours before `NOW`. */
export function hoursAgo(hours: number): string {
  return new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();
}

/** A day (`YYYY-MM-DD`) so many days before that of `NOW`. */
export function dayAgo(days: number): string {
  return new Date(Date.parse(NOW) - days * DAY).toISOString().slice(0, 10);
}

/** A fact that is known. */
export function fact<V>(value: V, source: FactSource = { kind: 'graph', query: 'resources' }): Fact<V> {
  return { source, at: NOW, ms: 12, calls: 1, state: 'known', value };
}

export const DENIED: AppErrorData = { code: 'access.forbidden', message: 'Nobody may read this.', retryable: false };

/** A fact that nobody could have. */
export function unknownFact<V>(): Fact<V> {
  return { source: { kind: 'graph', query: 'resources' }, at: NOW, ms: 12, calls: 1, state: 'unknown', error: DENIED };
}

/** Volumes of tables on each of the last `days` days, today in part. */
export function usageOf(gb: Readonly<Record<string, number>>, days = 30): UsageFact {
  return {
    days: 30,
    volumes: Object.entries(gb).flatMap(([table, each]) =>
      Array.from({ length: days }, (_, i): TableDay => ({
        table,
        day: dayAgo(i),
        gb: each,
        billable: !FREE.includes(table),
      })),
    ),
    last: Object.fromEntries(Object.keys(gb).map((table) => [table, hoursAgo(0.2)])),
  };
}

export function agent(computer: string, more: Partial<AgentFact> = {}): AgentFact {
  return {
    computer,
    legacy: false,
    os: 'Windows',
    resourceId: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.compute/virtualmachines/${computer.split('.')[0]}`,
    subscription: SUBSCRIPTION,
    first: hoursAgo(13 * 24),
    last: hoursAgo(0.1),
    ...more,
  };
}

export function table(name: string, more: Partial<WorkspaceTable> = {}): WorkspaceTable {
  return {
    name,
    plan: 'Analytics',
    retentionDays: 365,
    totalRetentionDays: 365,
    kind: 'Microsoft',
    classic: false,
    ...more,
  };
}

export function workspace(name: string, more: Partial<Workspace> = {}): Workspace {
  const subscription = more.subscription ?? SUBSCRIPTION;
  const armId = `/subscriptions/${subscription}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/${name}`;
  return {
    key: toWorkspaceKey(armId),
    armId,
    guid: toWorkspaceGuid('eeeeeeee-0000-4000-8000-000000000001'),
    name,
    customer: toCustomerKey('woodgrove'),
    tenant: WOODGROVE,
    subscription,
    subscriptionName: 'sub-woodgrove',
    resourceGroup: 'rg-logs',
    region: 'switzerlandnorth',
    tags: {},
    sku: 'PerGB2018',
    retentionDays: 365,
    dailyCapGb: 10,
    cap: 'respected',
    sentinel: false,
    paths: [{ kind: 'lighthouse', account: toAccountId('ann'), issuer: PROVIDER }],
    ...more,
  };
}

/** A workspace with nothing wrong, but for what is given. */
export function workspaceFacts(
  name: string,
  values: Partial<WorkspaceFactValues> = {},
  more: Partial<Workspace> = {},
): WorkspaceFacts {
  const place = workspace(name, more);
  const all: WorkspaceFactValues = {
    configuration: {
      sku: 'PerGB2018',
      retentionDays: 365,
      dailyCapGb: 10,
      cap: 'respected',
      localAuth: false,
      resourcePermissions: true,
      dataActionsOnly: false,
      sentinel: false,
      publicIngestion: true,
      publicQuery: true,
    },
    tables: TABLES.map((each) => table(each)),
    diagnostics: [{ name: 'audit', categories: ['Audit'], workspace: place.key }],
    exports: [
      {
        name: 'archive',
        tables: ['SecurityEvent'],
        destination: `/subscriptions/${place.subscription}/resourcegroups/rg/providers/microsoft.storage/storageaccounts/a`,
        enabled: true,
      },
    ],
    usage: usageOf({ AzureActivity: 0.01, Heartbeat: 0.02, Perf: 1, SecurityEvent: 2, SigninLogs: 0.5 }),
    agents: ['srv01', 'srv02', 'srv03', 'srv04'].map((computer) => agent(`${computer}.woodgrove.example`)),
    attribution: [],
    sources: [{ source: agent('srv01').resourceId, table: 'Perf', rows: 1000, gb: 0.5 }],
    operations: { capDays: [], rateLimited: 0 },
    audit: { askers: [] },
    ...values,
  };
  return { ...toFacts(all), workspace: place };
}

function toFacts<Values extends object>(values: Values): FactsOf<Values> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fact(value)])) as FactsOf<Values>;
}

/** Facts for the values that are given, and none for those that are left out. */
function toSome<Values extends object>(values: Partial<Values>): Partial<FactsOf<Values>> {
  return toFacts(values) as Partial<FactsOf<Values>>;
}

/** A customer with nothing wrong: a workspace of its own, and a daily summary at the provider's centre. */
export function healthyCustomer(): CustomerFacts {
  const own = workspaceFacts('law-woodgrove');
  const shared = workspaceFacts(
    'msp-centre',
    {
      tables: [table('DailySummary_CL', { kind: 'CustomLog', summary: true })],
      usage: usageOf({ DailySummary_CL: 0.1 }),
      agents: [agent('srv09.fabrikam.example', { resourceId: '', subscription: '' })],
      sources: [{ source: 'srv09.fabrikam.example', table: 'DailySummary_CL', rows: 10, gb: 0.01 }],
    },
    { subscription: PROVIDERS_SUBSCRIPTION, tenant: PROVIDER, customer: toCustomerKey('provider') },
  );
  return {
    customer: {
      key: toCustomerKey('woodgrove'),
      name: 'Woodgrove Bank',
      groups: [],
      tags: {},
      tenants: [WOODGROVE],
      declared: {
        retentionDays: 365,
        regions: ['switzerlandnorth'],
        billing: 'customer',
        access: 'customer',
        daily: 'summary',
        sources: ['machines', 'azure', 'entra'],
      },
    },
    provider: false,
    tenants: [
      {
        id: WOODGROVE,
        name: 'Woodgrove',
        customer: toCustomerKey('woodgrove'),
        state: 'entered',
        accounts: [],
        facts: {
          tenant: WOODGROVE,
          ...toFacts<TenantFactValues>({
            resources: [],
            machines: ['srv01', 'srv02', 'srv03', 'srv04'].map((name) => ({
              id: agent(name).resourceId,
              name,
              subscription: SUBSCRIPTION,
              region: 'switzerlandnorth',
              arc: false,
            })),
            rules: [
              {
                id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.insights/datacollectionrules/dcr-windows`,
                region: 'switzerlandnorth',
                subscription: SUBSCRIPTION,
                workspaces: [own.workspace.key],
                streams: ['Microsoft-Perf'],
                direct: false,
                machines: [],
              },
            ],
            delegations: [
              {
                scope: `/subscriptions/${SUBSCRIPTION}`,
                subscription: SUBSCRIPTION,
                managedBy: PROVIDER,
                offer: 'Managed logs',
                roles: [
                  role('92aaf0da-9dab-42b6-94a3-d43ce8d16293', 'Log Analytics Contributor'),
                  role('91c1777a-f3dc-4fae-b103-61d183457e46', 'Managed Services Registration assignment Delete Role'),
                ],
              },
            ],
          }),
        },
      },
    ],
    subscriptions: [
      {
        subscription: SUBSCRIPTION,
        name: 'sub-woodgrove',
        tenant: WOODGROVE,
        ...toFacts<SubscriptionFactValues>({
          roles: [],
          locks: [
            { name: 'keep', level: 'CanNotDelete', scope: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-logs` },
          ],
        }),
      },
    ],
    own: [own],
    central: [
      {
        shared,
        rows: 24,
        gb: 0.001,
        share: 0.1,
        by: ['subscription'],
        tables: { DailySummary_CL: 24 },
        computers: [],
        customers: 3,
        legacyAgents: fact(0),
        unattributed: { rows: 0, gb: 0, of: 1000 },
      },
    ],
    unknownCentral: 0,
    baseline: fact<BaselineFact>({ settings: 3, drift: [], unknown: [] }, { kind: 'baseline' }),
    estate: {
      customers: 4,
      workspaces: 6,
      regions: 2,
      providerTenants: [PROVIDER],
      centreRegions: ['switzerlandnorth'],
    },
    destinations: { [SUBSCRIPTION]: 'own', [PROVIDERS_SUBSCRIPTION]: 'provider', [STRANGERS_SUBSCRIPTION]: 'other' },
    at: NOW,
  };
}

export function role(roleId: string, roleName: string, eligible = false) {
  return { principalId: 'ffffffff-0000-4000-8000-000000000001', roleId, roleName, eligible };
}

/** The same customer with other declarations; those that are undefined are undeclared. */
export function withDeclared(
  facts: CustomerFacts,
  more: { readonly [Field in keyof Declared]: Declared[Field] | undefined },
): CustomerFacts {
  const declared = Object.fromEntries(
    Object.entries({ ...facts.customer.declared, ...more }).filter(([, value]) => value !== undefined),
  );
  return { ...facts, customer: { ...facts.customer, declared } };
}

function bend(facts: WorkspaceFacts, values: Partial<WorkspaceFactValues>, more: Partial<Workspace>): WorkspaceFacts {
  return { ...facts, ...toSome<WorkspaceFactValues>(values), workspace: { ...facts.workspace, ...more } };
}

/** The same customer, its own workspace bent. */
export function withOwn(
  facts: CustomerFacts,
  values: Partial<WorkspaceFactValues>,
  more: Partial<Workspace> = {},
): CustomerFacts {
  return { ...facts, own: facts.own.map((one, at) => (at === 0 ? bend(one, values, more) : one)) };
}

/** The same customer, its own workspace configured otherwise. */
export function withConfiguration(
  facts: CustomerFacts,
  more: Partial<WorkspaceFactValues['configuration']>,
): CustomerFacts {
  const [own] = facts.own;
  return own ? withOwn(facts, { configuration: { ...valueOf(own.configuration), ...more } }) : facts;
}

/** The same customer with something else at the centre. */
export function withPart(
  facts: CustomerFacts,
  more: Partial<CentralPart>,
  values: Partial<WorkspaceFactValues> = {},
  place: Partial<Workspace> = {},
): CustomerFacts {
  const [part] = facts.central;
  return { ...facts, central: [{ ...part!, shared: bend(part!.shared, values, place), ...more }] };
}

/** The same customer, its tenant bent. */
export function withTenant(
  facts: CustomerFacts,
  values: Partial<TenantFactValues>,
  more: Partial<Tenant> = {},
): CustomerFacts {
  const [tenant] = facts.tenants;
  return {
    ...facts,
    tenants: [{ ...tenant!, ...more, facts: { ...tenant!.facts!, ...toSome<TenantFactValues>(values) } }],
  };
}

/** The same customer, its subscription bent. */
export function withSubscription(facts: CustomerFacts, values: Partial<SubscriptionFactValues>): CustomerFacts {
  return {
    ...facts,
    subscriptions: facts.subscriptions.map((one) => ({ ...one, ...toSome<SubscriptionFactValues>(values) })),
  };
}

/** The same customer with a tenant that nobody could enter beside its own. */
export function withClosedTenant(facts: CustomerFacts, more: Partial<Tenant> = {}): CustomerFacts {
  const id = toTenantId('aaaaaaaa-0000-4000-8000-00000000000c');
  const closed: Tenant = {
    id,
    name: 'Woodgrove Asia',
    customer: facts.customer.key,
    state: 'noAccess',
    error: DENIED,
    accounts: [],
    ...more,
  };
  return { ...facts, tenants: [...facts.tenants, closed] };
}

/** The same customer, these facts of it known nowhere. */
export function without(facts: CustomerFacts, ...names: readonly FactName[]): CustomerFacts {
  const hide = <Thing extends object>(thing: Thing): Thing => {
    const hidden = names.filter((name) => name in thing).map((name) => [name, unknownFact()]);
    return { ...thing, ...(Object.fromEntries(hidden) as Partial<Thing>) };
  };
  return {
    ...facts,
    ...(names.includes('baseline') ? { baseline: unknownFact<BaselineFact>() } : {}),
    tenants: facts.tenants.map((tenant) => (tenant.facts ? { ...tenant, facts: hide(tenant.facts) } : tenant)),
    subscriptions: facts.subscriptions.map(hide),
    own: facts.own.map(hide),
    central: facts.central.map((part) => ({
      ...part,
      shared: hide(part.shared),
      ...(names.includes('agents') ? { legacyAgents: unknownFact<number>() } : {}),
    })),
  };
}

/** A known fact's value. */
export function valueOf<V>(of: Fact<V>): V {
  if (of.state === 'unknown') throw new Error('The fact is not known.');
  return of.value;
}

/** What a check says: its state, its findings as `subject:severity`, and the outcome itself. */
export function judge(
  check: Check,
  facts: CustomerFacts,
): { state: CheckOutcome['state']; found: string[]; outcome: CheckOutcome } {
  const outcome = runCheck(check, facts);
  return {
    state: outcome.state,
    found: outcome.findings.map(({ subject, severity }) => `${subject.name}:${severity}`),
    outcome,
  };
}
