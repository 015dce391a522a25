import type { WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { RETENTION_DAYS } from '../../provision/rules.ts';
import { declaredIn, overOwn, overParts, seen, together, valueOf } from '../look/overWorkspaces.ts';
import { tablesWithData } from '../look/volumes.ts';
import { count, list } from '../look/words.ts';
import type { Check, Found } from './check.ts';
import { known } from './check.ts';

/** Logs are kept for fewer days than was promised. */
export const retentionBelowDeclared: Check = {
  id: 'retentionBelowDeclared',
  title: 'Logs are kept for as long as was promised',
  severity: 'high',
  rule:
    "The customers file declares more days than the retention of a workspace that holds the customer's logs (its own, or the provider's), " +
    'or, where that suffices (or is at its most, 730 days), than the total retention of a table with data of the last 30 days.',
  why: 'What is deleted too early cannot be brought back. The promise is broken on the day somebody asks for it.',
  remedy:
    'Raise the retention of the workspace, or the total retention of the tables, whose later part is cheap long-term storage.',
  facts: ['configuration', 'tables', 'usage'],
  judge(customer) {
    const days = customer.customer.declared?.retentionDays;
    if (days === undefined) return { findings: [], unknown: [], notApplicable: 'No retention is declared for it.' };
    return together(
      overOwn(customer, 'configuration', (facts, subject, unknown) =>
        judge(customer, facts, subject, unknown, days, () => {
          const usage = known(facts.usage, 'usage', subject, unknown);
          return usage && tablesWithData(usage);
        }),
      ),
      overParts(customer, (part, subject, unknown) =>
        judge(customer, part.shared, subject, unknown, days, () => Object.keys(part.tables)),
      ),
    );
  },
};

function judge(
  customer: CustomerFacts,
  facts: WorkspaceFacts,
  subject: FindingSubject,
  unknown: Unknown[],
  days: number,
  tablesInUse: () => Iterable<string> | undefined,
): Found | undefined {
  const { name, armId, key } = facts.workspace;
  const configuration = valueOf(facts.configuration);
  const kept = configuration?.retentionDays ?? facts.workspace.retentionDays;
  const promise = {
    text: `The customers file promises ${count(days, 'day')}`,
    measured: declaredIn(customer, 'retentionDays'),
  };
  const actions: Found['actions'] = [{ kind: 'openPortal', armId }];
  const reachable = Math.min(days, RETENTION_DAYS.most);
  if (kept < reachable)
    return {
      severity: 'high',
      subject,
      title: `The retention of ${name} is ${count(kept, 'day')}, ${days} are promised`,
      evidence: [
        {
          text: `Retention of the workspace: ${count(kept, 'day')}`,
          measured: configuration ? facts.configuration : seen(customer),
        },
        promise,
      ],
      actions: [{ kind: 'setRetention', workspace: key, days: reachable }, ...actions],
    };
  const tables = known(facts.tables, 'tables', subject, unknown);
  const inUse = tablesInUse();
  if (!tables || !inUse) return undefined;
  const used = new Set(inUse);
  // -1 stands for the workspace's own retention, which suffices here.
  const short = tables
    .filter(({ name: table, totalRetentionDays: total }) => used.has(table) && total >= 0 && total < days)
    .sort((a, b) => a.totalRetentionDays - b.totalRetentionDays || a.name.localeCompare(b.name));
  if (short.length === 0) return undefined;
  return {
    severity: 'high',
    subject,
    title: `${count(short.length, 'table')} of ${name} ${short.length === 1 ? 'is' : 'are'} kept for less than the ${days} days promised`,
    evidence: [
      {
        text: list(
          short.map((table) => `${table.name} (${count(table.totalRetentionDays, 'day')})`),
          10,
        ),
        measured: facts.tables,
      },
      promise,
    ],
    actions,
  };
}
