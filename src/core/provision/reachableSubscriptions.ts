import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Estate, Tenant } from '../../model/estate.ts';
import type { AccountId, CustomerKey, SubscriptionId, TenantId } from '../../model/ids.ts';
import type { DirectoryPort, SubscriptionListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { fanOut } from '../fanOut/fanOut.ts';

/** A subscription where a workspace could be, and whose token would make it. */
export interface ReachableSubscription {
  readonly account: AccountId;
  readonly issuer: TenantId;
  readonly tenant: TenantId;
  readonly customer: CustomerKey;
  readonly subscription: SubscriptionId;
  readonly name: string;
}

/** Tenants asked at once, as many as a walk through the estate visits. */
const TENANTS_AT_ONCE = 16;

/**
 * Every enabled subscription some account reaches, of one customer or of all, by customer and name. One that is reached
 * in several ways is listed once, by the token of its own tenant where there is one. A tenant that does not answer
 * hides nothing else; rejects where none does.
 */
export async function reachableSubscriptions(
  estate: Estate,
  directory: Pick<DirectoryPort, 'subscriptions'>,
  customer?: CustomerKey,
  signal: CancelSignal = NEVER,
): Promise<ReachableSubscription[]> {
  const index = EstateIndex.of(estate);
  const listed = await fanOut({
    name: 'subscriptions',
    targets: estate.tenants
      .filter((tenant) => tenant.state === 'entered')
      .flatMap((tenant) => tenant.accounts.map((account): Issuer => ({ account, tenant: tenant.id }))),
    quota: new Limiter(TENANTS_AT_ONCE),
    signal,
    work: (issuer) => directory.subscriptions(issuer, signal),
  });
  if (signal.aborted) throw cancelled();
  const found = new Map<SubscriptionId, ReachableSubscription>();
  for (const { target: issuer, outcome } of listed)
    for (const listing of outcome.ok ? outcome.value : []) {
      const owner = index.tenants.get(listing.tenant);
      if (!owner || !isWanted(listing, owner, customer)) continue;
      const known = found.get(listing.id);
      if (known && (known.issuer === known.tenant || issuer.tenant !== owner.id)) continue;
      found.set(listing.id, {
        account: issuer.account,
        issuer: issuer.tenant,
        tenant: owner.id,
        customer: owner.customer,
        subscription: listing.id,
        name: listing.name,
      });
    }
  const failures = listed.flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.error]));
  if (found.size === 0 && failures[0]) throw AppError.fromData(failures[0]);
  const order = (entry: ReachableSubscription): string =>
    `${index.customers.get(entry.customer)?.name ?? ''}\u0000${entry.name}\u0000${entry.subscription}`;
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function isWanted(listing: SubscriptionListing, owner: Tenant, customer: CustomerKey | undefined): boolean {
  return listing.state.toLowerCase() === 'enabled' && (customer === undefined || owner.customer === customer);
}
