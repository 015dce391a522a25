import type { MachineFact } from '../../../model/assessment/facts.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { count, list, percent } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

const LEAST_MACHINES = 2;
const LEAST_SHARE = 0.25;

/** Machines send their logs to a workspace in another region. */
export const crossRegion: Check = {
  id: 'crossRegion',
  title: 'Machines send to a workspace of their own region',
  severity: 'low',
  rule:
    'At least 2 of the machines that send heartbeats to a workspace of the customer, and 25 % or more of those whose region is known, lie in ' +
    'another region than the workspace.',
  why: 'Traffic between regions is billed, and when one region fails, what happens in the other cannot be seen either.',
  remedy: "Make a workspace in the machines' region with a collection rule of its own, and query both.",
  facts: ['agents', 'machines'],
  judge(customer) {
    const machines = new Map<string, MachineFact>();
    const judgement = overOwn(customer, 'agents', () => undefined);
    const unknown = [...judgement.unknown];
    if (judgement.notApplicable !== undefined) return judgement;
    for (const { name, facts } of customer.tenants)
      if (facts)
        for (const machine of known(facts.machines, 'machines', { kind: 'tenant', name }, unknown) ?? [])
          machines.set(machine.id, machine);
    const { findings, unknown: rest } = overOwn(customer, 'agents', (facts, subject, missing) => {
      const agents = known(facts.agents, 'agents', subject, missing) ?? [];
      const placed = agents.flatMap(({ resourceId }) => machines.get(resourceId) ?? []);
      const { region, key } = facts.workspace;
      const away = placed.filter((machine) => machine.region !== region.toLowerCase());
      if (away.length < LEAST_MACHINES || away.length < LEAST_SHARE * placed.length) return;
      const regions = [...new Set(away.map((machine) => machine.region))].sort();
      return {
        severity: 'low',
        subject,
        title: `${away.length} of ${count(placed.length, 'machine')} send to ${subject.name} in ${region} from ${list(regions)} (${percent(away.length / placed.length)})`,
        evidence: [{ text: list(away.map(({ name }) => name).sort(), 10), measured: facts.agents }],
        actions: [
          { kind: 'provisionWorkspace', region: regions[0]! },
          { kind: 'openQuery', workspace: key, query: QUERY, timespan: 'P14D' },
        ],
      };
    });
    return { findings, unknown: [...unknown, ...rest.filter(({ subject }) => subject.kind !== 'tenant')] };
  },
};

const QUERY = `Heartbeat
| summarize LastHeartbeat = max(TimeGenerated) by Computer, ComputerEnvironment, _ResourceId
| order by Computer asc`;
