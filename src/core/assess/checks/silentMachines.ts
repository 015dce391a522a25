import { overOwn } from '../look/overWorkspaces.ts';
import { DAY } from '../look/volumes.ts';
import { count, list, percent } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

const QUERY = `Heartbeat
| summarize LastHeartbeat = max(TimeGenerated) by Computer, OSType, _ResourceId
| where LastHeartbeat < ago(1d)
| order by LastHeartbeat asc`;

/** Machines that reported within two weeks and no longer do. */
export const silentMachines: Check = {
  id: 'silentMachines',
  title: 'Every machine that reported within two weeks still does',
  severity: 'high',
  rule: "The last heartbeat of a computer lies within 14 days and is older than 24 hours. High from a quarter of a workspace's computers on.",
  why: 'A machine that reports nothing is watched by nobody: it may be switched off, or its agent broken, or somebody silenced it.',
  remedy:
    "See which of them are meant to be off. On the others look at the agent's service, its way to Azure, and its collection rule.",
  facts: ['agents'],
  judge(customer) {
    const now = Date.parse(customer.at);
    return overOwn(customer, 'agents', (facts, subject, unknown) => {
      const agents = known(facts.agents, 'agents', subject, unknown) ?? [];
      const silent = agents
        .filter(({ last }) => now - Date.parse(last) > DAY)
        .sort((a, b) => a.last.localeCompare(b.last) || a.computer.localeCompare(b.computer));
      if (silent.length === 0) return;
      const share = silent.length / agents.length;
      const names = list(silent.map(({ computer }) => computer));
      return {
        severity: share >= 0.25 ? 'high' : 'medium',
        subject,
        title: `${silent.length} of ${count(agents.length, 'machine')} of ${subject.name} sent no heartbeat for a day (${percent(share)})`,
        evidence: [{ text: `Longest silent first: ${names}`, measured: facts.agents }],
        actions: [{ kind: 'openQuery', workspace: facts.workspace.key, query: QUERY, timespan: 'P14D' }],
        message: `${silent.length === 1 ? 'This machine has' : 'These machines have'} sent nothing to your workspace ${subject.name} for more than a day: ${names}. Are they meant to be off?`,
      };
    });
  },
};
