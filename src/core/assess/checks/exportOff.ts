import { overOwn } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** An export of logs was set up and does not run. */
export const exportOff: Check = {
  id: 'exportOff',
  title: 'Every export rule runs',
  severity: 'medium',
  rule: 'A workspace of the customer has a data export rule that is disabled.',
  why: 'Rows that arrive while a rule is off are never exported. Whoever reads the copy does not see that it has a hole.',
  remedy: 'Turn the rule on again, or delete it if nobody needs the copy.',
  facts: ['exports'],
  judge(customer) {
    return overOwn(customer, 'exports', (facts, subject, unknown) => {
      const rules = known(facts.exports, 'exports', subject, unknown) ?? [];
      const off = rules.filter(({ enabled }) => !enabled);
      if (off.length === 0) return;
      return {
        severity: 'medium',
        subject,
        title: `${off.length} of ${count(rules.length, 'export rule')} of ${subject.name} ${off.length === 1 ? 'is' : 'are'} turned off`,
        evidence: [
          {
            text: off
              .map(({ name, tables }) => `${name} (${list(tables)})`)
              .sort()
              .join('; '),
            measured: facts.exports,
          },
        ],
        actions: [{ kind: 'openPortal', armId: facts.workspace.armId }],
      };
    });
  },
};
