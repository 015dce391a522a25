import { AppError } from '../../../base/errors.ts';
import type { BaselineDelegation } from '../../../model/baseline.ts';
import type { DelegatedRole, DelegationFact } from '../../../model/assessment/facts.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** What is to be delegated of a subscription, and how it is called. */
export interface WantedDelegation extends BaselineDelegation {
  readonly name: string;
  readonly subscriptionName: string;
  /** What other offers of the same manager are to give it beside this one. */
  readonly alsoAgreed?: BaselineDelegation['authorizations'];
}

/**
 * Compares what is delegated. No program of the provider changes that: an offer is accepted and changed by the
 * customer's own people, so that a difference is told and never planned.
 */
export const DELEGATION_JUDGE: Pick<ChangeHandler<WantedDelegation, readonly DelegationFact[]>, 'resource' | 'diff'> = {
  resource: 'agreedDelegation',
  diff: ({ wanted }, now = []): Effect => {
    const { name, subscriptionName, authorizations, alsoAgreed = [] } = wanted;
    const managed = now.filter(({ managedBy }) => managedBy.toLowerCase() === wanted.managedBy.toLowerCase());
    const given = managed.flatMap(({ roles }) => roles);
    const missing = authorizations.filter((agreed) => !given.some((one) => isAgreed(one, agreed)));
    const surplus = new Set(
      given
        .filter((one) => ![...authorizations, ...alsoAgreed].some((agreed) => isAgreed(one, agreed)))
        .map(({ roleName, principalId, principalName }) =>
          principalName === undefined
            ? `${roleName} for ${principalId}`
            : // Whoever offers chooses the name: two may have one.
              `${roleName} for ${principalName} (${principalId})`,
        ),
    );
    if (missing.length === 0 && surplus.size === 0)
      return {
        action: 'none',
        title: `${subscriptionName} delegates what ${name} says`,
        detail: '',
        differences: [],
      };
    throw new AppError(
      'input.delegation',
      `${[
        ...missing.map(({ principalId, role, name: who }) => `${role} for ${who ?? principalId} is missing`),
        ...[...surplus].map((title) => `${title} is more than was agreed`),
      ].join('; ')}. Only people of the customer can change what it delegates: hand the offer ${name} over again.`,
    );
  },
};

function isAgreed(
  { principalId, roleId, roleName }: DelegatedRole,
  agreed: BaselineDelegation['authorizations'][number],
): boolean {
  const role = agreed.role.toLowerCase();
  return (
    principalId.toLowerCase() === agreed.principalId.toLowerCase() &&
    (roleId.toLowerCase() === role || roleName.toLowerCase() === role)
  );
}
