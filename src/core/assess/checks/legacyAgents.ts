import { LEGACY_AGENTS } from '../look/kql.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** Machines still report with the retired agent. */
export const legacyAgents: Check = {
  id: 'legacyAgents',
  title: 'No machine reports with the retired agent',
  severity: 'high',
  rule: 'The newest heartbeat of a computer, within 14 days, comes from the Log Analytics agent (Category "Direct Agent").',
  why: 'The agent was retired on 31 August 2024. What it sends may be slowed down or refused on any day, and nobody mends it.',
  remedy:
    'Install the Azure Monitor Agent with a collection rule for what the old agent sent, compare the rows, then remove the old one.',
  facts: ['agents'],
  judge(customer) {
    return overOwn(customer, 'agents', (facts, subject, unknown) => {
      const agents = known(facts.agents, 'agents', subject, unknown) ?? [];
      const legacy = agents
        .filter((agent) => agent.legacy)
        .map(({ computer }) => computer)
        .sort();
      if (legacy.length === 0) return;
      return {
        severity: 'high',
        subject,
        title: `${legacy.length} of ${count(agents.length, 'machine')} of ${subject.name} ${legacy.length === 1 ? 'reports' : 'report'} with the retired agent`,
        evidence: [{ text: list(legacy), measured: facts.agents }],
        actions: [{ kind: 'openQuery', workspace: facts.workspace.key, query: LEGACY_AGENTS, timespan: 'P14D' }],
        message: `${count(legacy.length, 'machine')} of yours still ${legacy.length === 1 ? 'reports' : 'report'} with the Log Analytics agent, which Microsoft retired on 31 August 2024: ${list(legacy, 20)}. We would like to replace it by the Azure Monitor Agent; please tell us when that suits.`,
      };
    });
  },
};
