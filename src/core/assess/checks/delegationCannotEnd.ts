import { overDelegations } from '../look/delegations.ts';
import { isRole } from '../look/roles.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';

/** The provider cannot give a delegation back. */
export const delegationCannotEnd: Check = {
  id: 'delegationCannotEnd',
  title: 'The provider can end each delegation itself',
  severity: 'low',
  rule: 'No authorization of a delegation has the role Managed Services Registration assignment Delete Role.',
  why: "When the contract ends, only the customer can take the access away. Until somebody there does, the provider's people keep it.",
  remedy:
    'Add the role to the offer, for a small group of the provider, and have the customer deploy it once more under the same name.',
  facts: ['delegations'],
  judge(customer) {
    return overDelegations(customer, ({ each, scopes: all, measured }, subject) => {
      const endless = each.flatMap((roles, at) =>
        roles.some((role) => isRole(role, 'delegationDelete')) ? [] : [{ roles, scope: all[at]! }],
      );
      if (endless.length === 0) return;
      const scopes = endless.map(({ scope }) => scope);
      const roles = new Set(endless.flatMap((one) => one.roles.map(({ roleId }) => roleId))).size;
      return {
        severity: 'low',
        subject,
        title: `None of the ${count(roles, 'role')} of ${subject.name} lets us end it`,
        evidence: [{ text: `On ${list(scopes)}`, measured }],
        message: `We cannot end our own access to you: the delegation "${subject.name}" lacks the role for it. We will send you the template to deploy once more.`,
      };
    });
  },
};
