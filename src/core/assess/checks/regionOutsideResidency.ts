import type { WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { declaredIn, overOwn, overParts, seen, together } from '../look/overWorkspaces.ts';
import { list } from '../look/words.ts';
import type { Check, Found } from './check.ts';
import { workspaceSubject } from './subjects.ts';

/** Logs lie in a region that the customer did not agree to. */
export const regionOutsideResidency: Check = {
  id: 'regionOutsideResidency',
  title: 'Its logs lie in the regions that were agreed on',
  severity: 'critical',
  rule: "The customers file declares regions, and a workspace that holds the customer's logs (its own, or the provider's) lies in another.",
  why: 'Where logs lie decides under which law. A region outside what was agreed on is a breach from the first row on.',
  remedy:
    'A workspace cannot be moved to another region: make one in an agreed region, send there, and keep the old one until its logs expire.',
  facts: [],
  judge(customer) {
    const allowed = (customer.customer.declared?.regions ?? []).map(plain);
    if (allowed.length === 0) return { findings: [], unknown: [], notApplicable: 'No regions are declared for it.' };
    return together(
      overOwn(customer, 'configuration', (facts) => judge(customer, facts, allowed)),
      overParts(customer, ({ shared }) => judge(customer, shared, allowed)),
    );
  },
};

function judge(customer: CustomerFacts, facts: WorkspaceFacts, allowed: readonly string[]): Found[] {
  const { name, region, armId } = facts.workspace;
  if (allowed.includes(plain(region))) return [];
  return [
    {
      severity: 'critical',
      subject: workspaceSubject(facts),
      title: `${name} lies in ${region}; declared: ${list(allowed, 3)}`,
      evidence: [
        { text: `The workspace lies in ${region}`, measured: seen(customer) },
        { text: `Declared: ${list(allowed, 10)}`, measured: declaredIn(customer, 'regions') },
      ],
      actions: [
        { kind: 'provisionWorkspace', region: allowed[0]! },
        { kind: 'openPortal', armId },
        { kind: 'openCustomers' },
      ],
    },
  ];
}

function plain(region: string): string {
  return region.toLowerCase().replaceAll(/\s/g, '');
}
