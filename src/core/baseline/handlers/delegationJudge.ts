import { AppError } from '../../../base/errors.ts';
import type { BaselineDelegation } from '../../../model/baseline.ts';
import type { DelegationFact } from '../../../model/assessment/facts.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** What is to be delegated of a subscription, and how it is called. */
export interface WantedDelegation extends BaselineDelegation {
  readonly name: string;
  readonly subscriptionName: string;
}

/**
 * Compares what is delegated. No program of the provider changes that: an offer is accepted and changed by the
 * customer's own people, so that a difference is told and never planned.
 */
export const DELEGATION_JUDGE: Pick<ChangeHandler<WantedDelegation, readonly DelegationFact[]>, 'resource' | 'diff'> = {
  resource: 'agreedDelegation',
  diff: ({ wanted }, now = []): Effect => {
    const { name, subscriptionName, authorizations } = wanted;
    const managed = now.filter(({ managedBy }) => managedBy.toLowerCase() === wanted.managedBy.toLowerCase());
    const has = new Map(
      managed.flatMap(({ roles }) =>
        roles.flatMap(({ principalId, principalName, roleId, roleName }) => {
          const title = `${roleName} for ${principalName ?? principalId}`;
          return [roleId, roleName].map((role) => [keyOf(principalId, role), title] as const);
        }),
      ),
    );
    const missing = authorizations.filter(({ principalId, role }) => !has.has(keyOf(principalId, role)));
    const wantedTitles = new Set(
      authorizations.flatMap(({ principalId, role }) => has.get(keyOf(principalId, role)) ?? []),
    );
    const surplus = [...new Set(has.values())].filter((title) => !wantedTitles.has(title));
    if (missing.length === 0 && surplus.length === 0)
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
        ...surplus.map((title) => `${title} is more than was agreed`),
      ].join('; ')}. Only people of the customer can change what it delegates: hand the offer ${name} over again.`,
    );
  },
};

function keyOf(principalId: string, role: string): string {
  return `${principalId}\n${role}`.toLowerCase();
}
