import type { Account } from '../../../model/estate.ts';
import type { DirectoryPort, TenantListing } from '../../../ports/directory.ts';
import { listingIssuer } from '../../estate/discover.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';

/** Which tenants an account is told of. */
export function probeTenants(
  account: Account,
  directory: Pick<DirectoryPort, 'tenants'>,
  { clock, signal }: ProbeCall,
): Promise<Probed<readonly TenantListing[]>> {
  const head = { probe: 'tenants', service: 'resourceManager', names: { account: account.label } } as const;
  return probe(head, clock, async () => {
    const listings = await directory.tenants(listingIssuer(account), signal);
    if (listings.length > 0)
      return { value: listings, detail: `${listings.length} tenant${listings.length === 1 ? '' : 's'}` };
    return {
      value: listings,
      state: 'warns',
      detail: 'in no tenant with Azure',
      next: 'Nothing to do, unless this account was meant to see customers: then have it invited.',
    };
  });
}
