import { AppError } from '../../../base/errors.ts';
import type { SubscriptionOwner } from '../../../model/assessment/subject.ts';
import type { TenantFacts } from '../../../model/assessment/facts.ts';
import type { SubscriptionId, TenantId } from '../../../model/ids.ts';
import { ARM_LIMITS } from './askArm.ts';
import type { Measuring } from './measuring.ts';
import { Questions } from './questions.ts';
import { distinctIssuers, sightOf } from './sight.ts';
import type { SubscriptionListing } from '../../../ports/directory.ts';

/**
 * Which subscription is whose, over the whole estate: rows in a shared workspace may be of anybody, asked for or not.
 * One listing per account and tenant; one that fails leaves what the workspaces tell.
 */
export async function askOwners(measuring: Measuring): Promise<readonly SubscriptionOwner[]> {
  const { world, scope, ledger } = measuring;
  const { estate } = scope;
  const questions = new Questions(measuring, ARM_LIMITS);
  const issuers = distinctIssuers([...sightOf(estate, estate.tenants, estate.workspaces).values()].flat());
  const listed = await Promise.all(
    issuers.map(async (issuer) => {
      const fact = await questions.ask({
        fact: undefined,
        tenant: issuer.tenant,
        issuer: () => issuer,
        bucket: '',
        source: { kind: 'arm', path: '/subscriptions', apiVersion: '2022-12-01' },
        ask: async (_issuer, signal) => ({ value: await world.directory.subscriptions(issuer, signal), calls: 1 }),
        read: (value) => {
          if (Array.isArray(value)) return value as readonly SubscriptionListing[];
          throw new AppError('service.unreadable', 'The list of subscriptions is no list.');
        },
      });
      ledger.spent('attribution', fact.calls, fact.ms);
      return fact.state === 'known' ? fact.value : [];
    }),
  );
  return ownersOf([
    ...estate.workspaces.map(({ subscription, tenant }) => ({ subscription, tenant })),
    ...listed.flat().map(({ id, tenant }) => ({ subscription: id, tenant })),
  ]);
}

/** The owners, and those that the facts of tenants tell beside them. */
export function withTenantFacts(
  owners: readonly SubscriptionOwner[],
  tenants: readonly TenantFacts[],
): readonly SubscriptionOwner[] {
  const told = tenants.flatMap(({ tenant, resources, machines }) =>
    [resources, machines].flatMap((fact) =>
      fact.state === 'known' ? fact.value.map(({ subscription }) => ({ subscription, tenant })) : [],
    ),
  );
  return ownersOf([...told, ...owners]);
}

/** One owner for each subscription: what was told last. */
function ownersOf(told: readonly SubscriptionOwner[]): readonly SubscriptionOwner[] {
  const owners = new Map<SubscriptionId, TenantId>(told.map(({ subscription, tenant }) => [subscription, tenant]));
  return [...owners].map(([subscription, tenant]) => ({ subscription, tenant }));
}
