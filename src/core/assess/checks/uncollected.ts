import type { Evidence, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { customerSubject, declaredIn, partsOf, unreached, unreadCentres } from '../look/overWorkspaces.ts';
import { SOURCE_TABLES } from '../look/sourceTables.ts';
import { tablesWithData } from '../look/volumes.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';
import { workspaceSubject } from './subjects.ts';

/** Machines or sources that send nothing anywhere. */
export const uncollected: Check = {
  id: 'uncollected',
  title: 'Everything that should send logs does',
  severity: 'medium',
  rule:
    "A machine of the customer's tenants (in Azure, or connected with Arc) has sent no heartbeat to any workspace in 14 days, or a declared " +
    `source has no data in 30 days in any of its tables. ${Object.entries(SOURCE_TABLES)
      .map(([source, tables]) => `${source}: ${tables.join(', ')}`)
      .join('; ')}.`,
  why: 'What is not collected cannot be looked up afterwards, and nothing warns of it.',
  remedy:
    'Associate the machines with a collection rule, and set the connector or diagnostic setting of the missing sources.',
  facts: ['machines', 'agents', 'usage'],
  judge(customer) {
    const unknown = [...unreached(customer, 'machines'), ...unreadCentres(customer)];
    const evidence = [...silentMachines(customer, unknown), ...missingSources(customer, unknown)];
    const declared = customer.customer.declared?.sources ?? [];
    const hasMachines = customer.tenants.some(
      ({ facts }) => facts?.machines.state === 'known' && facts.machines.value.length > 0,
    );
    const notApplicable =
      declared.length === 0 && !hasMachines && unknown.length === 0
        ? { notApplicable: 'It has no machines in Azure, and no sources are declared for it.' }
        : {};
    if (evidence.length === 0) return { findings: [], unknown, ...notApplicable };
    const { regions } = customer.customer.declared ?? {};
    return {
      findings: [
        {
          severity: 'medium',
          subject: customerSubject(customer),
          title: `${customer.customer.name}: ${list(evidence.map(({ says }) => says))} not collected`,
          evidence: evidence.map(({ text, measured }) => ({ text, measured })),
          actions: [
            ...(customer.own.length === 0
              ? [{ kind: 'provisionWorkspace' as const, ...(regions?.[0] ? { region: regions[0] } : {}) }]
              : []),
            { kind: 'openCustomers' },
          ],
          message: `Some of what you have sends no logs. ${evidence.map(({ text }) => text).join('. ')}. Is that meant to be so, or shall we set it up?`,
        },
      ],
      unknown,
    };
  },
};

type Missing = Evidence & { readonly says: string };

function silentMachines(customer: CustomerFacts, unknown: Unknown[]): readonly Missing[] {
  const before = unknown.length;
  const ids = new Set<string>(),
    names = new Set<string>();
  const central = partsOf(customer);
  for (const facts of [...customer.own, ...central.map(({ shared }) => shared)])
    for (const { resourceId, computer } of known(facts.agents, 'agents', workspaceSubject(facts), unknown) ?? []) {
      if (resourceId !== '') ids.add(resourceId);
      // Of a shared workspace only ids are compared: a name there may be another customer's.
      else if (customer.own.includes(facts)) names.add(short(computer));
    }
  for (const computer of central.flatMap(({ computers }) => computers)) names.add(short(computer));
  const blind = unknown.length > before || customer.unknownCentral > 0;
  return customer.tenants.flatMap(({ name, facts }): Missing[] => {
    if (!facts) return [];
    const machines = known(facts.machines, 'machines', { kind: 'tenant', name }, unknown) ?? [];
    const silent = machines.filter((machine) => !ids.has(machine.id) && !names.has(short(machine.name)));
    if (silent.length === 0 || blind) return [];
    return [
      {
        says: `${silent.length} of ${count(machines.length, 'machine')} of ${name}`,
        text: `No heartbeat of ${list(silent.map((machine) => machine.name).sort(), 10)}`,
        measured: facts.machines,
      },
    ];
  });
}

function missingSources(customer: CustomerFacts, unknown: Unknown[]): readonly Missing[] {
  const declared = customer.customer.declared?.sources ?? [];
  if (declared.length === 0) return [];
  const before = unknown.length;
  const filled = new Set(partsOf(customer).flatMap(({ tables }) => Object.keys(tables)));
  for (const facts of customer.own) {
    const usage = known(facts.usage, 'usage', workspaceSubject(facts), unknown);
    for (const table of usage ? tablesWithData(usage) : []) filled.add(table);
  }
  const blind =
    unknown.length > before || customer.unknownCentral > 0 || customer.tenants.some(({ state }) => state !== 'entered');
  const missing = declared.filter((source) => !SOURCE_TABLES[source].some((table) => filled.has(table)));
  if (blind || missing.length === 0) return [];
  return [
    {
      says: count(missing.length, 'declared source'),
      text: `No data in 30 days of ${list(
        missing.map((source) => `${source} (${SOURCE_TABLES[source].join(', ')})`),
        10,
      )}`,
      measured: declaredIn(customer, 'sources'),
    },
  ];
}

function short(computer: string): string {
  return computer.toLowerCase().split('.', 1)[0]!;
}
