import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import type { Estate } from '../../model/estate.ts';
import type { AccountId, CustomerKey, SubscriptionId, TenantId } from '../../model/ids.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

/** A subscription where a workspace could be, and whose token would make it. */
export interface ReachableSubscription {
  readonly account: AccountId;
  readonly issuer: TenantId;
  readonly tenant: TenantId;
  readonly customer: CustomerKey;
  readonly subscription: SubscriptionId;
  readonly name: string;
}

/**
 * Every enabled subscription some account reaches, of one customer or of all, by customer and name. One that is reached
 * in several ways
 * is listed once, by the token of its own tenant where there is one. A tenant that does not answer hides nothing else;
 * rejects where none does.
 */
export async function reachableSubscriptions(
  estate: Estate,
  directory: Pick<DirectoryPort, 'subscriptions'>,
  customer?: CustomerKey,
  signal?: CancelSignal,
): Promise<ReachableSubscription[]> {
  const owners = new Map(estate.tenants.map((tenant) => [tenant.id, tenant]));
  const issuers = estate.tenants
    .filter((tenant) => tenant.state === 'entered')
    .flatMap((tenant) => tenant.accounts.map((account): Issuer => ({ account, tenant: tenant.id })));
  const failures: AppError[] = [];
  const found = new Map<SubscriptionId, ReachableSubscription>();
  await Promise.all(
    issuers.map(async (issuer) => {
      try {
        for (const listing of await directory.subscriptions(issuer, signal)) {
          const owner = owners.get(listing.tenant);
          if (
            !owner ||
            listing.state.toLowerCase() !== 'enabled' ||
            (customer !== undefined && owner.customer !== customer)
          )
            continue;
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
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'cancelled') throw error;
        failures.push(error);
      }
    }),
  );
  if (found.size === 0 && failures[0]) throw failures[0];
  const names = new Map(estate.customers.map((entry) => [entry.key, entry.name]));
  const order = (entry: ReachableSubscription): string =>
    `${names.get(entry.customer) ?? ''}\u0000${entry.name}\u0000${entry.subscription}`;
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
