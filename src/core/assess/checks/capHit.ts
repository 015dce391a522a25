import { overOwn } from '../look/overWorkspaces.ts';
import { count, gigabytes, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

const QUERY = `_LogOperation
| where Category =~ "Ingestion" and Detail contains "OverQuota"
| project TimeGenerated, Operation, Level, Detail
| order by TimeGenerated desc`;

/** The daily cap stopped a workspace's billable logs. */
export const capHit: Check = {
  id: 'capHit',
  title: 'No daily cap stopped the logs',
  severity: 'high',
  rule: 'A workspace of the customer reported over the last 30 days that its daily cap was reached, or is over it now.',
  why: 'From the moment the cap is reached until it is reset, billable logs are lost for good. Alerts that read them stay silent.',
  remedy: 'Raise the cap, or find the table that grew and collect less of it.',
  facts: ['operations', 'configuration'],
  judge(customer) {
    return overOwn(customer, 'operations', (facts, subject, unknown) => {
      const operations = known(facts.operations, 'operations', subject, unknown);
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      const days = operations?.capDays ?? [];
      if (days.length === 0 && configuration?.cap !== 'hit') return;
      const { name, key } = facts.workspace;
      const cap = configuration?.dailyCapGb;
      const limit = cap === undefined ? 'its daily cap' : `its daily cap of ${gigabytes(cap)}`;
      return {
        severity: 'high',
        subject,
        title:
          days.length > 0
            ? `The daily cap stopped ${name} on ${count(days.length, 'day')} of the last 30`
            : `${name} is over ${limit} now`,
        evidence: [
          ...(days.length > 0 ? [{ text: `Stopped on ${list(days, 10)}`, measured: facts.operations }] : []),
          ...(configuration?.cap === 'hit' ? [{ text: `It is over ${limit}`, measured: facts.configuration }] : []),
        ],
        actions: [
          { kind: 'setCap', workspace: key },
          { kind: 'openQuery', workspace: key, query: QUERY, timespan: 'P30D' },
        ],
      };
    });
  },
};
