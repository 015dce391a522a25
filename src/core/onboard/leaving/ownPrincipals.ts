import type { TenantId } from '../../../model/ids.ts';
import type { PrincipalName } from '../../../ports/microsoftGraph.ts';
import { providerHomes } from '../../estate/providerHomes.ts';
import type { Leaving } from './leavingNotes.ts';

/**
 * Tenants that are ours as far as a customer that is let go is concerned: never one of its own, though somebody is
 * signed in here with an account of it.
 */
export function ownTenants({ estate, customer }: Pick<Leaving, 'estate' | 'customer'>): ReadonlySet<TenantId> {
  const theirs = new Set(customer.tenants);
  return new Set([...providerHomes(estate)].filter((id) => !theirs.has(id)));
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
