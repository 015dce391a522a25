import { PERSONAL_ACCOUNTS } from '../../../model/ids.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { PrincipalName } from '../../../ports/microsoftGraph.ts';
import { allSubscriptions } from '../../estate/scopeSubscriptions.ts';
import type { Leaving } from './leavingNotes.ts';

/**
 * Tenants that are ours as far as a customer that is let go is concerned: those of the provider in the customers file,
 * and those that an account which reaches other tenants is at home in. Never one of the customer's own, nor one whose
 * account reaches nothing but its home: it is of another customer, whose guests and delegations are none of ours.
 */
export function ownTenants({ estate, customer }: Pick<Leaving, 'estate' | 'customer'>): ReadonlySet<TenantId> {
  const theirs = new Set(customer.tenants);
  const declared = new Set(estate.customers.filter(({ provider }) => provider).map(({ key }) => key));
  const reached = [...estate.workspaces, ...allSubscriptions(estate)];
  const homes = estate.accounts.flatMap(({ id, homeTenant, personal }) => {
    if (homeTenant === undefined || personal || homeTenant === PERSONAL_ACCOUNTS) return [];
    const goesOut = reached.some(
      ({ tenant, paths }) => tenant !== homeTenant && paths.some(({ account }) => account === id),
    );
    return goesOut ? [homeTenant] : [];
  });
  // A home is one of several that the same company has.
  const own = new Set([
    ...declared,
    ...estate.tenants.filter(({ id }) => homes.includes(id)).map((one) => one.customer),
  ]);
  const tenants = [...homes, ...estate.tenants.filter((one) => own.has(one.customer)).map(({ id }) => id)];
  return new Set(tenants.filter((id) => !theirs.has(id)));
}

/** Whether it is a guest from a domain of ours, or an application that lives in a directory of ours. */
export function isOurs(principal: PrincipalName | undefined, leaving: Pick<Leaving, 'estate' | 'customer'>): boolean {
  if (!principal) return false;
  const ours = ownTenants(leaving);
  if (principal.ownerTenant !== undefined) return ours.has(principal.ownerTenant as TenantId);
  if (principal.guestOf === undefined) return false;
  const { tenants, customers } = leaving.estate;
  const domains = [
    ...tenants.filter(({ id }) => ours.has(id)).map(({ defaultDomain }) => defaultDomain),
    ...customers
      .filter(
        ({ key, provider, tenants: own }) =>
          key !== leaving.customer.key && (provider || own.some((id) => ours.has(id))),
      )
      .flatMap(({ declared }) => declared?.domains ?? []),
  ];
  return domains.some((domain) => domain?.toLowerCase() === principal.guestOf);
}
