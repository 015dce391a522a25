import { overOwn } from '../look/overWorkspaces.ts';
import { hasData } from '../look/volumes.ts';
import { count } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

const QUERY = `Usage
| summarize GB = sum(Quantity) / 1000, Last = max(EndTime) by DataType
| order by Last desc`;

/** A workspace that nothing sends to. */
export const workspaceEmpty: Check = {
  id: 'workspaceEmpty',
  title: 'Every workspace receives logs',
  severity: 'low',
  rule: 'No table of a workspace of the customer, except those that the service itself fills (Usage, Operation), has had data in 30 days.',
  why: 'An empty workspace costs nothing but attention: it is searched, counted and secured, and people believe that logs lie there.',
  remedy: 'Delete it, or find out what should send there. For 14 days it can be recovered.',
  facts: ['usage'],
  judge(customer) {
    return overOwn(customer, 'usage', (facts, subject, unknown) => {
      const usage = known(facts.usage, 'usage', subject, unknown);
      if (!usage || hasData(usage)) return;
      return {
        severity: 'low',
        subject,
        title: `${subject.name} has received nothing in ${count(usage.days, 'day')}`,
        evidence: [{ text: `No table with data in ${count(usage.days, 'day')}`, measured: facts.usage }],
        actions: [
          { kind: 'openQuery', workspace: facts.workspace.key, query: QUERY, timespan: 'P90D' },
          { kind: 'openPortal', armId: facts.workspace.armId },
        ],
      };
    });
  },
};
