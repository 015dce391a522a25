import type { Declared } from '../../model/assessment/declared.ts';
import type { CustomerPlan, TenantPlan, WorkspacePlan } from './estatePlan.ts';
import type { Random } from './random.ts';

type Open<T> = { -readonly [Name in keyof T]: T[Name] };

/** A customer while its traits are given out: one tenant, and workspaces of which the first is the main one. */
export interface Draft {
  readonly customer: Open<CustomerPlan>;
  readonly tenant: Open<TenantPlan>;
  readonly main: Open<WorkspacePlan>;
  readonly more: WorkspacePlan[];
  readonly declared: Open<Declared>;
}

/** Something that may be the matter with a customer. Those of one kind exclude each other. */
export interface Trait {
  readonly name: string;
  readonly kind: string;
  readonly give: (draft: Draft, random: Random) => void;
}

/** The workspace of the first customer, with which nothing is wrong. */
const CLEAN = 'contosotoys-logs';

/** What the traits of an estate for assessments are, one for most of the checks; each customer is dealt a few. */
export const TRAITS: readonly Trait[] = [
  trait('capHit', 'volume', ({ main }) => Object.assign(main, { cap: 1, gbPerDay: 2, capHitDaily: true })),
  trait('payAsYouGo', 'volume', ({ main }) => Object.assign(main, { gbPerDay: 170 })),
  trait('commitmentUnused', 'volume', ({ main }) =>
    Object.assign(main, { gbPerDay: 20, sku: 'CapacityReservation', commitment: 100 }),
  ),
  trait('commitmentUsed', 'volume', ({ main }) =>
    Object.assign(main, { gbPerDay: 180, sku: 'CapacityReservation', commitment: 100 }),
  ),
  trait('suspended', 'silence', ({ main }, random) => Object.assign(main, { suspendedDays: random.int(2, 5) })),
  trait('silentTable', 'silence', ({ main }, random) =>
    Object.assign(main, { silentTables: { [random.pick(['Perf', 'VMConnection'])]: random.int(2, 6) } }),
  ),
  trait('silentMachines', 'computers', ({ main }, random) =>
    Object.assign(main, { hosts: random.int(4, 6), silent: random.pick([0.2, 0.5]) }),
  ),
  trait('away', 'computers', ({ main }, random) =>
    Object.assign(main, { hosts: 4, away: { region: 'canadacentral', hosts: random.int(2, 4) } }),
  ),
  trait('legacyAgents', 'agents', ({ main }) => Object.assign(main, { hosts: 4, legacyAgents: 0.4, keys: true })),
  trait('keysOpen', 'agents', ({ main }) => Object.assign(main, { keys: true })),
  trait('shortRetention', 'retention', ({ main, declared }) => {
    declared.retentionDays = 90;
    main.retention = 30;
  }),
  trait('shortTable', 'retention', ({ main, declared }) => {
    declared.retentionDays = 90;
    main.totalRetention = { Perf: 60 };
  }),
  trait('longRetention', 'retention', ({ main, declared, tenant }) => {
    declared.retentionDays = 365;
    main.retention = 365;
    delete tenant.locked;
  }),
  trait('outsideRegion', 'region', ({ declared }) => Object.assign(declared, { regions: ['swedencentral'] })),
  trait('insideRegion', 'region', ({ main, declared }) =>
    Object.assign(declared, { regions: [main.region, 'westeurope'] }),
  ),
  trait('twice', 'access', ({ tenant }) => Object.assign(tenant, { access: 'both' })),
  trait('guest', 'access', ({ tenant }) => Object.assign(tenant, { access: 'guest' })),
  trait('guestWithMfa', 'access', ({ tenant }) => Object.assign(tenant, { access: 'guest', mfaRequired: true })),
  trait('broad', 'offer', ({ tenant }) => Object.assign(tenant, { offer: {} })),
  trait('eligible', 'offer', ({ tenant }) =>
    Object.assign(tenant, { offer: { operations: ['Log Analytics Contributor'], eligible: ['Contributor'] } }),
  ),
  trait('granting', 'offer', ({ tenant }, random) =>
    Object.assign(tenant, {
      offer: {
        operations: ['Log Analytics Contributor'],
        eligible: [random.pick(['User Access Administrator', 'Role Based Access Control Administrator'])],
      },
    }),
  ),
  trait('dataRole', 'offer', ({ tenant }, random) =>
    Object.assign(tenant, {
      offer: {
        operations: [
          'Log Analytics Contributor',
          random.pick(['Monitoring Metrics Publisher', 'Log Analytics Data Reader']),
        ],
      },
    }),
  ),
  trait('endless', 'offer', ({ tenant }) =>
    Object.assign(tenant, { offer: { operations: ['Log Analytics Contributor'], endless: true } }),
  ),
  trait('confidential', 'audit', ({ main, declared }, random) => {
    declared.confidentialQueries = true;
    if (random.chance(0.7)) main.groups = [...main.groups, 'audit'];
  }),
  trait('classicInUse', 'classic', ({ main }) =>
    Object.assign(main, { groups: [...main.groups, 'backup'], classic: ['BackupJobs_CL'] }),
  ),
  trait('classicLeft', 'classic', ({ main }) => Object.assign(main, { classic: ['OldSensors_CL'] })),
  trait('protected', 'tables', ({ main }) => Object.assign(main, { protected: ['InsightsMetrics'] })),
  trait('empty', 'more', ({ main, more }) =>
    more.push({
      name: `${main.name}-new`,
      region: main.region,
      groups: [],
      hosts: 0,
      gbPerDay: 0,
      cap: 500,
      retention: 365,
    }),
  ),
  trait('unlocked', 'lock', ({ tenant, declared }) => {
    declared.isolation = true;
    delete tenant.locked;
  }),
  trait('unmonitored', 'uncollected', ({ tenant }, random) => Object.assign(tenant, { unmonitored: random.int(1, 3) })),
  trait('missingSource', 'uncollected', ({ declared }, random) =>
    Object.assign(declared, { sources: [...(declared.sources ?? []), random.pick(['network', 'microsoft365'])] }),
  ),
  trait('exportOff', 'export', ({ main }) =>
    Object.assign(main, { exports: [{ name: 'archive', tables: ['Perf'], enabled: false }] }),
  ),
  trait('exportOn', 'export', ({ main }) =>
    Object.assign(main, { exports: [{ name: 'archive', tables: ['Perf'], enabled: true }] }),
  ),
  trait('ruleToProvider', 'flow', ({ tenant, declared }) => {
    declared.isolation = true;
    tenant.rules = [{ name: 'dcr-trial', to: 'as-sums' }];
  }),
  trait('settingToOther', 'flow', ({ main }) =>
    Object.assign(main, { settings: [{ name: 'copied', categories: ['SummaryLogs'], to: CLEAN }] }),
  ),
  trait('settingToUnknown', 'flow', ({ main }) =>
    Object.assign(main, {
      settings: [{ name: 'old', categories: ['SummaryLogs'], to: { elsewhere: 'former-provider-logs' } }],
    }),
  ),
  trait('noCap', 'cap', ({ main, declared }) => {
    declared.billing = 'provider';
    if (!main.capHitDaily) delete main.cap;
  }),
];

function trait(name: string, kind: string, give: Trait['give']): Trait {
  return { name, kind, give };
}
