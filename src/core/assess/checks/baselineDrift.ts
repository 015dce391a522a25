import type { BaselineFact } from '../../../model/assessment/facts.ts';
import { changedText, differenceText, settingText } from '../../../model/driftTexts.ts';
import type { Drift, DriftSeverity } from '../../../model/drift.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import { unreached } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** So many differences are told one by one. */
const SHOWN = 25;
const WORST: readonly DriftSeverity[] = ['high', 'medium', 'low'];

/** Something is not as it was agreed with the customer. */
export const baselineDrift: Check = {
  id: 'baselineDrift',
  title: 'Everything is as agreed in the baseline',
  severity: 'high',
  rule: 'A setting that the baseline agrees with the customer (.tenantscope/baseline.json) is missing, or is another one; as bad as the worst of them.',
  why: 'What was agreed is what the customer pays for and what others rely on. A setting that changed unseen loses logs, costs more, or lets somebody in.',
  remedy:
    'Look at the plan that puts it right: "tenantscope baseline fix", or Fix Baseline in VS Code. What changed for a good reason belongs into the baseline.',
  facts: ['baseline'],
  judge(facts) {
    const { customer, baseline } = facts;
    if (!baseline) return { findings: [], unknown: [], notApplicable: 'Nothing was agreed with it in a baseline.' };
    const subject: FindingSubject = { kind: 'customer', name: customer.name };
    const unknown: Unknown[] = [];
    const found = known(baseline, 'baseline', subject, unknown);
    if (!found) return { findings: [], unknown };
    if (found.settings === 0 && found.unknown.length === 0)
      return { findings: [], unknown, notApplicable: 'Nothing was agreed with it in a baseline.' };
    unknown.push(...unreached(facts, 'baseline'), ...unread(found, subject));
    const drift = WORST.flatMap((severity) => found.drift.filter((one) => one.severity === severity));
    const [worst] = drift;
    if (!worst) return { findings: [], unknown };
    const texts = evidenceTexts(drift);
    const rest = texts.length - SHOWN;
    return {
      unknown,
      findings: [
        {
          severity: worst.severity,
          subject,
          actions: [{ kind: 'fixBaseline' }],
          title: `${count(drift.length, 'setting')} of ${customer.name} ${drift.length === 1 ? 'is' : 'are'} not as the baseline agrees`,
          evidence: [
            ...texts.slice(0, SHOWN),
            ...(rest > 0 ? [`${count(rest, 'difference')} that matter less`] : []),
          ].map((text) => ({ text, measured: baseline })),
        },
      ],
    };
  },
};

/**
 * `law-a and law-b, table Syslog: Retention: 30 days instead of 90 days. Last changed ... by ...`: what differs alike
 * in many places is told once, in the order of the first of them.
 */
function evidenceTexts(drift: readonly Drift[]): readonly string[] {
  const groups = new Map<string, { readonly what: string; readonly since: Set<string>; readonly where: string[] }>();
  for (const one of drift) {
    const differs = one.missing && one.blocked === undefined ? 'missing' : differenceText(one);
    const what = `${subjectText(one)}: ${differs}`;
    const group = groups.get(what) ?? { what, since: new Set(), where: [] };
    groups.set(what, group);
    group.where.push(one.where);
    group.since.add(changedText(one));
  }
  return [...groups.values()].map(({ what, since, where }) => {
    const [only = ''] = since.size === 1 ? since : [];
    return `${list(where)}, ${what}.${only === '' ? '' : ` ${only}.`}`;
  });
}

/** An association is called by its rule and its machine, which is where it is. */
function subjectText(drift: Drift): string {
  const [, rule] = drift.section === 'collectionRules' ? (/^(.*?) on /.exec(drift.name) ?? []) : [];
  return rule === undefined ? settingText(drift) : `association with collection rule ${rule}`;
}

/** Each reason once: a list that nobody may read is missing for all its settings. Closed tenants are told above. */
function unread({ unknown }: BaselineFact, subject: FindingSubject): readonly Unknown[] {
  return [
    ...new Map(
      unknown.flatMap(({ where, error }) => (where.startsWith('tenant ') ? [] : [[error.message, error] as const])),
    ).values(),
  ].map((error) => ({
    subject,
    fact: 'baseline' as const,
    error,
  }));
}
