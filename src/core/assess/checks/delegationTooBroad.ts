import type { Severity } from '../../../model/assessment/findings.ts';
import { overDelegations } from '../look/delegations.ts';
import type { Delegation } from '../look/delegations.ts';
import { isRole } from '../look/roles.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';

/** A delegation gives away more than reading and running logs needs. */
export const delegationTooBroad: Check = {
  id: 'delegationTooBroad',
  title: 'Delegations give away no more than is needed',
  severity: 'medium',
  rule:
    'A delegation of the customer has a role that can grant access to others (User Access Administrator, Role Based Access Control ' +
    'Administrator, Owner): medium. Or it has Contributor on a whole subscription for good, not only when activated: low.',
  why: "Whoever takes over one of the provider's accounts has these rights in every customer that delegated them, at any hour.",
  remedy:
    'Delegate Log Analytics Contributor and Monitoring Contributor instead, and what is rarely needed as an eligible role that is activated.',
  facts: ['delegations'],
  judge(customer) {
    return overDelegations(customer, (delegation, subject) => {
      const worst = judge(delegation);
      if (!worst) return;
      const { severity, roles } = worst;
      return {
        severity,
        subject,
        title:
          severity === 'medium'
            ? `${subject.name} delegates ${count(roles.length, 'role')} that can grant access: ${list(roles)}`
            : `${subject.name} delegates Contributor for good on ${count(delegation.subscriptions.length, 'whole subscription')}`,
        evidence: [
          {
            text: `Roles: ${list(
              [
                ...new Set(
                  delegation.roles.map(({ roleName, eligible }) => (eligible ? `${roleName} (eligible)` : roleName)),
                ),
              ],
              10,
            )}`,
            measured: delegation.measured,
          },
          { text: `On ${list(delegation.scopes)}`, measured: delegation.measured },
        ],
        message: `Our delegation "${subject.name}" gives us more than we need (${list(roles)}). We would like to replace it by a narrower one; we will send you the template to deploy.`,
      };
    });
  },
};

function judge({ roles }: Delegation): { severity: Severity; roles: readonly string[] } | undefined {
  const granting = roles.filter((role) =>
    isRole(role, 'userAccessAdministrator', 'accessControlAdministrator', 'owner'),
  );
  if (granting.length > 0) return { severity: 'medium', roles: unique(granting) };
  const permanent = roles.filter((role) => isRole(role, 'contributor') && !role.eligible && role.wholeSubscription);
  return permanent.length > 0 ? { severity: 'low', roles: unique(permanent) } : undefined;
}

function unique(roles: readonly { readonly roleName: string }[]): readonly string[] {
  return [...new Set(roles.map(({ roleName }) => roleName))].sort();
}
