import { overParts } from '../look/overWorkspaces.ts';
import { count, gigabytes, percent, whole } from '../look/words.ts';
import type { Check } from './check.ts';

const QUERY = `union withsource = Table *
| where TimeGenerated > ago(1d)
| extend Computer = tostring(column_ifexists("Computer", "")), Subscription = tostring(column_ifexists("_SubscriptionId", ""))
| where isempty(Subscription)
| extend Domain = tolower(extract("^[^.]+[.](.+)$", 1, Computer))
| summarize Rows = count(), GB = sum(_BilledSize) / 1e9 by Table, Domain
| order by Rows desc`;

/** Rows of a shared workspace that nothing names a customer of. */
export const rowsUnattributable: Check = {
  id: 'rowsUnattributable',
  title: "Every row of a shared workspace can be told to be somebody's",
  severity: 'critical',
  rule:
    'A workspace of the provider holds rows of this customer and of at least one other, and of the rows of the last day 1 % or more ' +
    '(critical: 10 %) carry neither a known subscription nor a computer name in a domain that one customer alone claims.',
  why: "Rows that belong to nobody can be neither handed over, deleted nor billed, and nobody can show one customer its own without the others'.",
  remedy:
    'Connect machines outside Azure with Azure Arc, so that their rows carry a subscription, or declare the domains of their names in the ' +
    'customers file. What stays unclear belongs into a workspace of its own.',
  facts: ['attribution'],
  judge(customer) {
    return overParts(customer, (part, subject, unknown) => {
      const { rows, gb, of } = part.unattributed;
      const { unread = 0 } = part;
      if (unread > 0) {
        const message = `Whose the rows of ${count(unread, 'table')} of ${subject.name} are is not known: Basic, Auxiliary and protected tables were not read.`;
        unknown.push({
          subject,
          fact: 'attribution',
          error: { code: 'access.unreadTables', message, retryable: false },
        });
      }
      if (part.customers < 2 || of === 0 || rows / of < 0.01) return;
      return {
        severity: rows / of >= 0.1 ? 'critical' : 'high',
        subject,
        title: `${count(rows, 'row')} of ${subject.name} in one day belong to nobody: ${percent(rows / of)} of all`,
        evidence: [
          {
            text:
              `${whole(rows)} of ${whole(of)} rows (${gigabytes(gb)}) of the last day name neither a subscription nor a domain that one ` +
              `customer alone has; ${count(part.customers, 'customer')} send there`,
            measured: part.shared.attribution,
          },
        ],
        actions: [
          { kind: 'openQuery', workspace: part.shared.workspace.key, query: QUERY, timespan: 'P1D' },
          { kind: 'openCustomers' },
        ],
        internal: true,
      };
    });
  },
};
