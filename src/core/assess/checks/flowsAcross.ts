import type { FindingSubject } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { flowsOfRules, flowsOfWorkspace } from '../look/flows.ts';
import type { Flow } from '../look/flows.ts';
import { customerSubject, declaredIn, overOwn, unreached } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check, Found } from './check.ts';

/** Logs leave the customer's tenants. */
export const flowsAcross: Check = {
  id: 'flowsAcross',
  title: 'Its logs stay where they may be',
  severity: 'critical',
  rule:
    "A collection rule of the customer's tenants, or an export rule or diagnostic setting of one of its workspaces, sends to a subscription that " +
    "is neither the customer's nor the provider's: critical. It sends to the provider's, and isolation is declared: high.",
  why: "Rows that have left the tenant are under somebody else's access, retention and bill, and nothing brings them back.",
  remedy:
    "Point the rule or setting at a workspace of the customer's own. If the flow is wanted, correct what the customers file declares.",
  facts: ['rules', 'exports', 'diagnostics'],
  judge(customer) {
    const unknown = unreached(customer, 'rules');
    const ofRules = judge(customer, flowsOfRules(customer, unknown), customerSubject(customer));
    const own = overOwn(customer, 'exports', (facts, subject, missing) =>
      judge(customer, flowsOfWorkspace(customer, facts, subject, missing), subject),
    );
    return { findings: [...ofRules, ...own.findings], unknown: [...unknown, ...own.unknown] };
  },
};

function judge(customer: CustomerFacts, flows: readonly Flow[], subject: FindingSubject): Found[] {
  const { isolation } = customer.customer.declared ?? {};
  const strange = flows.filter(({ to }) => to === 'other');
  const central = isolation ? flows.filter(({ to }) => to === 'provider') : [];
  const bad = [...strange, ...central];
  if (bad.length === 0) return [];
  const whose =
    strange.length > 0
      ? "a tenant that is neither its own nor the provider's"
      : 'the provider, though isolation is declared';
  const what = [...new Set(bad.map((flow) => flow.what))].sort();
  return [
    {
      severity: strange.length > 0 ? 'critical' : 'high',
      subject,
      title: `${count(what.length, 'flow')} of ${subject.name} ${what.length === 1 ? 'goes' : 'go'} to ${whose}`,
      evidence: [
        ...bad.map((flow) => ({
          text: `${flow.what} sends to ${flow.to === 'other' ? 'somebody else' : 'the provider'}`,
          measured: flow.measured,
        })),
        ...(central.length > 0 ? [{ text: 'Isolation is declared', measured: declaredIn(customer, 'isolation') }] : []),
      ],
      actions: [{ kind: 'openCustomers' }],
      message: `Logs of yours leave your directory by ${list(what)}, to ${strange.length > 0 ? 'a place that is neither yours nor ours' : 'us'}. Is that meant to be so? If not, please point it at a workspace of your own.`,
    },
  ];
}
