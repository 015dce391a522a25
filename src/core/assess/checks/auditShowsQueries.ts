import { auditSettings } from '../look/audit.ts';
import { declaredIn, overOwn } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

const QUERY = `LAQueryLogs
| where TimeGenerated > ago(7d)
| summarize Queries = count(), People = dcount(AADEmail), Last = max(TimeGenerated) by AADTenantId
| order by Queries desc`;

/** The customer can read the text of the provider's confidential queries. */
export const auditShowsQueries: Check = {
  id: 'auditShowsQueries',
  title: 'The customer does not see the text of confidential queries',
  severity: 'medium',
  rule:
    'The customers file says that the text of queries is confidential, and a diagnostic setting of a workspace of the customer has the ' +
    'category Audit (or the group audit or allLogs).',
  why: "The audit keeps the whole text of each query where the customer's administrators read it: what is hunted for, and indicators of others.",
  remedy:
    'Run confidential queries over a copy at the centre, write no indicators into the text, or agree with the customer on who reads the audit.',
  facts: ['diagnostics'],
  judge(customer) {
    if (customer.customer.declared?.confidentialQueries !== true)
      return { findings: [], unknown: [], notApplicable: 'Queries are not declared to be confidential.' };
    return overOwn(customer, 'diagnostics', (facts, subject, unknown) => {
      const settings = auditSettings(known(facts.diagnostics, 'diagnostics', subject, unknown) ?? []);
      if (settings.length === 0) return;
      return {
        severity: 'medium',
        subject,
        title: `${count(settings.length, 'diagnostic setting')} of ${subject.name} ${settings.length === 1 ? 'records' : 'record'} the text of our queries`,
        evidence: [
          { text: `Audit is on: ${list(settings.map(({ name }) => name))}`, measured: facts.diagnostics },
          { text: 'Query text is declared to be confidential', measured: declaredIn(customer, 'confidentialQueries') },
        ],
        actions: [
          { kind: 'openQuery', workspace: facts.workspace.key, query: QUERY, timespan: 'P7D' },
          { kind: 'openPortal', armId: facts.workspace.armId },
        ],
        internal: true,
      };
    });
  },
};
