import type { Check, Found } from './check.ts';
import { known } from './check.ts';
import { workspaceSubject } from './subjects.ts';
import type { Unknown } from '../../../model/assessment/findings.ts';

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
    if (customer.own.length === 0)
      return { findings: [], unknown: [], notApplicable: 'It has no workspace of its own.' };
    const unknown: Unknown[] = [];
    const findings: Found[] = [];
    for (const facts of customer.own) {
      const subject = workspaceSubject(facts);
      const operations = known(facts.operations, 'operations', subject, unknown);
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      const days = operations?.capDays.length ?? 0;
      const now = configuration?.cap === 'hit';
      if (days === 0 && !now) continue;
      findings.push({
        severity: 'high',
        subject,
        title:
          days > 0
            ? `The daily cap stopped ${facts.workspace.name} on ${days} of the last 30 days`
            : `${facts.workspace.name} is over its daily cap now`,
        evidence: [
          days > 0
            ? { text: `Stopped on ${operations!.capDays.join(', ')}`, measured: facts.operations }
            : { text: `Cap ${String(configuration?.dailyCapGb)} GB a day, over it`, measured: facts.configuration },
        ],
        actions: [{ kind: 'setCap', workspace: facts.workspace.key }],
      });
    }
    return { findings, unknown };
  },
};
