import type { BaselineFact } from '../../../../src/model/assessment/facts.ts';
import type { CustomerFacts } from '../../../../src/model/assessment/subject.ts';
import { toAccountId } from '../../../../src/model/ids.ts';
import {
  agent,
  dayAgo,
  fact,
  healthyCustomer,
  hoursAgo,
  PROVIDER,
  PROVIDERS_SUBSCRIPTION,
  role,
  STRANGERS_SUBSCRIPTION,
  SUBSCRIPTION,
  table,
  TABLES,
  UNLISTED_SUBSCRIPTION,
  usageOf,
  valueOf,
  withClosedTenant,
  withConfiguration,
  withDeclared,
  without,
  withOwn,
  withPart,
  withSubscription,
  withTenant,
  workspaceFacts,
} from '../../../harness/customerFacts.ts';
import { SeededRandom } from '../../../harness/seededRandom.ts';

type Bend = (facts: CustomerFacts, random: SeededRandom) => CustomerFacts;

const ann = toAccountId('ann');
const FACTS = [
  'baseline',
  'configuration',
  'tables',
  'diagnostics',
  'exports',
  'usage',
  'agents',
  'attribution',
  'sources',
  'operations',
  'roles',
  'locks',
  'machines',
  'rules',
  'delegations',
] as const;

/** Each makes something of a customer otherwise than it should be. */
const BENDS: readonly Bend[] = [
  (facts, random) =>
    withDeclared(facts, {
      isolation: random.chance(0.5),
      billing: random.pick(['customer', 'provider', 'both', undefined]),
      access: random.pick(['customer', 'provider', 'both', undefined]),
      confidentialQueries: random.chance(0.7),
      retentionDays: random.pick([undefined, 30, 365, 731, 2556]),
      regions: random.pick([undefined, [], ['westeurope'], ['switzerlandnorth', 'westeurope']]),
      sources: random.pick([undefined, [], ['machines'], ['microsoft365', 'containers', 'applications', 'network']]),
    }),
  (facts) => ({ ...facts, own: [] }),
  (facts, random) => ({ ...facts, unknownCentral: random.int(1, 3) }),
  (facts) => withClosedTenant(facts),
  (facts, random) => withClosedTenant(facts, { state: random.pick(['signInRequired', 'failed']) }),
  (facts, random) => ({
    ...facts,
    provider: true,
    estate: { ...facts.estate, workspaces: random.int(0, 200), regions: random.int(0, 30) },
  }),
  (facts, random) =>
    withConfiguration(facts, {
      sku: random.pick(['PerGB2018', 'CapacityReservation', 'LACluster']),
      cap: random.pick(['none', 'hit', 'suspended', 'unknown']),
      localAuth: random.chance(0.5),
      dataActionsOnly: random.chance(0.3),
      retentionDays: random.pick([30, 90, 730]),
    }),
  (facts) =>
    withConfiguration(facts, { sku: 'CapacityReservation', commitmentGb: 100, localAuth: true, dataActionsOnly: true }),
  (facts) => {
    const { dailyCapGb: _, ...uncapped } = valueOf(healthyCustomer().own[0]!.configuration);
    return withDeclared(withOwn(facts, { configuration: uncapped }), { billing: 'provider' });
  },
  (facts, random) => withOwn(facts, { operations: { capDays: [dayAgo(1)], rateLimited: random.int(0, 2) } }),
  (facts, random) => withOwn(facts, { usage: usageOf({ Perf: random.pick([0, 1, 90, 250]) }, random.int(0, 31)) }),
  (facts, random) => {
    const usage = usageOf({ Perf: 1, SecurityEvent: 1 });
    const last = hoursAgo(random.pick([23, 24, 25, 200]));
    return withOwn(facts, {
      usage: {
        ...usage,
        last: random.chance(0.5) ? { Perf: last, SecurityEvent: last } : { ...usage.last, Perf: last },
      },
    });
  },
  (facts) => withOwn(facts, { usage: { days: 30, volumes: [], last: {} } }),
  (facts, random) =>
    withOwn(facts, {
      agents: [agent('srv01', { legacy: random.chance(0.5), last: hoursAgo(random.int(0, 48)) }), agent('srv"02')],
    }),
  (facts) => withOwn(facts, { agents: [] }),
  (facts, random) =>
    withOwn(facts, {
      tables: [
        table('Old_CL', { classic: true, kind: 'CustomLog' }),
        table('My "table"', { protected: true, plan: 'Basic' }),
        ...TABLES.map((name) => table(name, { totalRetentionDays: random.pick([-1, 30, 365]) })),
      ],
    }),
  (facts, random) => withOwn(facts, { diagnostics: random.pick([[], [{ name: 'all', categories: ['allLogs'] }]]) }),
  (facts) =>
    withOwn(facts, {
      exports: [
        { name: 'off', tables: ['Perf'], destination: '', enabled: false },
        { name: 'away', tables: [], destination: `/subscriptions/${UNLISTED_SUBSCRIPTION}/x`, enabled: true },
      ],
    }),
  (facts, random) =>
    withOwn(
      facts,
      {},
      {
        region: random.pick(['westeurope', 'Switzerland North']),
        paths: random.pick([
          [],
          [{ kind: 'guest', account: ann, issuer: PROVIDER }],
          [
            { kind: 'home', account: ann, issuer: PROVIDER },
            { kind: 'lighthouse', account: ann, issuer: PROVIDER },
          ],
        ]),
      },
    ),
  (facts) => ({ ...facts, own: [...facts.own, workspaceFacts('law-second')] }),
  (facts, random) => {
    const customers = random.int(1, 4);
    return withPart(
      facts,
      {
        customers,
        legacyAgents: fact(random.int(0, 2)),
        unattributed: { rows: random.pick([0, 9, 10, 99, 100]), gb: 0.1, of: random.pick([0, 1000]) },
      },
      {
        configuration: {
          ...valueOf(facts.central[0]!.shared.configuration),
          localAuth: true,
          cap: random.pick(['none', 'suspended']),
        },
        diagnostics: [],
        sources: [
          { source: agent('srv01').resourceId, table: 'Perf', rows: 10, gb: 0.1 },
          { source: 'srv09.fabrikam.example', table: 'Perf', rows: 10, gb: 0.1 },
        ],
      },
      { region: random.pick(['westeurope', 'switzerlandnorth']) },
    );
  },
  (facts, random) =>
    withTenant(facts, {
      delegations: [
        {
          scope: random.pick([`/subscriptions/${SUBSCRIPTION}`, `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg`]),
          subscription: SUBSCRIPTION,
          managedBy: PROVIDER,
          offer: 'Everything',
          roles: random.some(
            [
              role('b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor', random.chance(0.5)),
              role('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator'),
              role('3b03c2da-16b3-4a49-8834-0f8130efdd3b', 'Log Analytics Data Reader'),
            ],
            2,
          ),
        },
      ],
    }),
  (facts) => withTenant(facts, { delegations: [], machines: [] }),
  (facts, random) =>
    withTenant(facts, {
      machines: ['srv01', 'srv02', 'srv77'].map((name) => ({
        id: agent(name).resourceId,
        name,
        subscription: SUBSCRIPTION,
        region: random.pick(['westeurope', 'switzerlandnorth']),
        arc: false,
      })),
    }),
  (facts, random) =>
    withTenant(facts, {
      rules: [STRANGERS_SUBSCRIPTION, PROVIDERS_SUBSCRIPTION, UNLISTED_SUBSCRIPTION].map((id, at) => ({
        id: `/subscriptions/${SUBSCRIPTION}/providers/microsoft.insights/datacollectionrules/dcr-${at}`,
        region: 'switzerlandnorth',
        subscription: SUBSCRIPTION,
        workspaces: random.chance(0.5) ? [`/subscriptions/${id}/resourcegroups/rg/x`] : [],
        streams: [],
        direct: false,
        machines: [],
      })),
    }),
  (facts, random) => ({
    ...facts,
    baseline: fact<BaselineFact>(
      {
        settings: 5,
        drift: random.some(['Syslog', 'Perf', 'Event'], random.int(1, 3)).map((name) => ({
          ...{ customer: facts.customer.key, customerName: facts.customer.name, section: 'tables', name, target: '' },
          ...{ where: 'workspace law-woodgrove', title: `Change table ${name}`, missing: random.chance(0.5) },
          severity: random.pick(['high', 'medium', 'low']),
          differences: [{ name: 'Retention', before: '30 days', after: '90 days' }],
        })),
        unknown: [],
      },
      { kind: 'baseline' },
    ),
  }),
  (facts) => withSubscription(facts, { locks: [] }),
  (facts) => ({ ...facts, subscriptions: [] }),
  (facts) => ({ ...facts, central: [] }),
];

/** A customer with a few things wrong and a few facts unknown, the same for the same seed. */
export function randomCustomer(seed: number): CustomerFacts {
  const random = new SeededRandom(seed);
  const bent = BENDS.reduce((facts, bend) => (random.chance(0.25) ? bend(facts, random) : facts), healthyCustomer());
  return random.chance(0.4) ? without(bent, ...random.some(FACTS, random.int(1, 5))) : bent;
}
