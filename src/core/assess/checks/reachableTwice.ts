import { PATH_NAMES } from '../../estate/path.ts';
import { overOwn, seen } from '../look/overWorkspaces.ts';
import { list } from '../look/words.ts';
import type { Check } from './check.ts';

/** Two kinds of access lead to the same workspace. */
export const reachableTwice: Check = {
  id: 'reachableTwice',
  title: 'One kind of access leads to each workspace',
  severity: 'low',
  rule: 'A workspace of the customer is reached in two or more kinds of ways: home, Lighthouse, service principal, guest.',
  why: 'Access that exists twice is reviewed once. Who takes one way back, at the end of a contract, believes that it is over.',
  remedy: 'Keep one: Azure Lighthouse in most cases. Have the guest accounts or assignments of the other taken away.',
  facts: [],
  judge(customer) {
    return overOwn(customer, 'configuration', ({ workspace }, subject) => {
      const kinds = [...new Set(workspace.paths.map(({ kind }) => kind))].sort().map((kind) => PATH_NAMES[kind]);
      if (kinds.length < 2) return;
      return {
        severity: 'low',
        subject,
        title: `${workspace.name} is reached in ${kinds.length} ways: ${list(kinds)}`,
        evidence: [{ text: `Ways in: ${list(kinds)}`, measured: seen(customer) }],
        actions: [{ kind: 'openPortal', armId: workspace.armId }],
      };
    });
  },
};
