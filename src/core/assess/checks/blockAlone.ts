import { LEGACY_AGENTS } from '../look/kql.ts';
import { overParts } from '../look/overWorkspaces.ts';
import { count } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** One customer's agents cannot be blocked without those of others. */
export const blockAlone: Check = {
  id: 'blockAlone',
  title: "This customer's agents can be blocked without anybody else's",
  severity: 'high',
  rule:
    'A workspace of the provider holds rows of this customer and of at least one other, accepts workspace keys, and retired agents, ' +
    'which sign in with the key, reported there within 14 days.',
  why:
    "All retired agents of a workspace share one key. To stop one customer's, after an incident or at the end of a contract, the key has to " +
    "be changed, and everybody else's stop as well.",
  remedy:
    'Replace the retired agents by the Azure Monitor Agent with a data collection rule per customer, then turn the keys off ' +
    "(disableLocalAuth). A rule's associations can be removed for one customer alone.",
  facts: ['configuration', 'agents'],
  judge(customer) {
    return overParts(customer, (part, subject, unknown) => {
      if (part.customers < 2) return;
      const { shared } = part;
      const configuration = known(shared.configuration, 'configuration', subject, unknown);
      const legacy = known(part.legacyAgents, 'agents', subject, unknown) ?? 0;
      if (!configuration?.localAuth || legacy === 0) return;
      return {
        severity: 'high',
        subject,
        title: `One key of ${subject.name} lets ${count(legacy, 'retired agent')} in, of any of its ${part.customers} customers`,
        evidence: [
          {
            text: `${count(legacy, 'retired agent')} seen within 14 days`,
            measured: part.legacyAgents,
          },
          { text: 'The workspace accepts its keys', measured: shared.configuration },
        ],
        actions: [
          { kind: 'openQuery', workspace: shared.workspace.key, query: LEGACY_AGENTS, timespan: 'P14D' },
          { kind: 'openPortal', armId: shared.workspace.armId },
        ],
        internal: true,
      };
    });
  },
};
