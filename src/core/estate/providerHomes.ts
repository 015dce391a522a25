import type { Estate } from '../../model/estate.ts';
import { PERSONAL_ACCOUNTS } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import { allSubscriptions } from './scopeSubscriptions.ts';

/**
 * Tenants of the provider: those of whom the customers file calls so, and those that an account which reaches other
 * tenants is at home in, with what else the same company has. One whose account reaches nothing but its home is of a
 * customer: an application of its own, or an administrator who is signed in here.
 */
export function providerHomes(estate: Estate): ReadonlySet<TenantId> {
  const declared = new Set(estate.customers.filter(({ provider }) => provider).map(({ key }) => key));
  const reached = [...estate.workspaces, ...allSubscriptions(estate)];
  const homes = estate.accounts.flatMap(({ id, homeTenant, personal }) => {
    if (homeTenant === undefined || personal || homeTenant === PERSONAL_ACCOUNTS) return [];
    const goesOut = reached.some(
      ({ tenant, paths }) => tenant !== homeTenant && paths.some(({ account }) => account === id),
    );
    return goesOut ? [homeTenant] : [];
  });
  const own = new Set([
    ...declared,
    ...estate.tenants.filter(({ id }) => homes.includes(id)).map((one) => one.customer),
  ]);
  return new Set([...homes, ...estate.tenants.filter((one) => own.has(one.customer)).map(({ id }) => id)]);
}
