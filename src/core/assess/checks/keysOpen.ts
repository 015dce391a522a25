import { overOwn } from '../look/overWorkspaces.ts';
import { count } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** A workspace accepts keys that nobody needs any more. */
export const keysOpen: Check = {
  id: 'keysOpen',
  title: 'Workspace keys are turned off where no agent needs them',
  severity: 'low',
  rule: 'A workspace of the customer accepts its keys (disableLocalAuth is not set), and no retired agent was seen within 14 days.',
  why: 'Whoever holds a key can write rows into the workspace, false ones too, and nothing tells who it was. Keys do not expire.',
  remedy:
    'Set disableLocalAuth on the workspace. Look first that no program still sends through the retired Data Collector API.',
  facts: ['configuration', 'agents'],
  judge(customer) {
    return overOwn(customer, 'configuration', (facts, subject, unknown) => {
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      const agents = known(facts.agents, 'agents', subject, unknown);
      if (!configuration?.localAuth || !agents || agents.some(({ legacy }) => legacy)) return;
      return {
        severity: 'low',
        subject,
        title:
          agents.length === 0
            ? `${subject.name} accepts its keys, and has 0 agents that could need them`
            : `${subject.name} accepts its keys, and none of its ${count(agents.length, 'agent')} needs them`,
        evidence: [
          { text: 'disableLocalAuth is not set', measured: facts.configuration },
          { text: `${count(agents.length, 'agent')} within 14 days, no retired one`, measured: facts.agents },
        ],
        actions: [{ kind: 'openPortal', armId: facts.workspace.armId }],
      };
    });
  },
};
