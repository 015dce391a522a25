import type { CustomerFacts, DestinationOwner } from '../../model/assessment/subject.ts';
import type { SubscriptionId, TenantId } from '../../model/ids.ts';
import { toSubscriptionId } from '../../model/ids.ts';

/** Whose tenants are whose, and which subscription lies in which: of the whole estate. */
export interface Owners {
  readonly own: ReadonlySet<TenantId>;
  readonly provider: ReadonlySet<TenantId>;
  readonly tenantOf: ReadonlyMap<SubscriptionId, TenantId>;
}

/**
 * Whose the subscriptions are that the rules, exports and diagnostic settings of a customer send to. Somebody else of
 * the estate is `other`, without a name; a subscription that nobody lists is `unknown`.
 */
export function findDestinations(
  { tenants, own }: Pick<CustomerFacts, 'tenants' | 'own'>,
  owners: Owners,
): CustomerFacts['destinations'] {
  const destinations: Record<SubscriptionId, DestinationOwner> = {};
  for (const place of placesOf(tenants, own)) {
    const subscription = subscriptionOf(place);
    if (subscription !== undefined) destinations[subscription] = ownerOf(owners.tenantOf.get(subscription), owners);
  }
  return destinations;
}

/** The subscription that an ARM id lies in; undefined for what lies in none. */
export function subscriptionOf(armId: string): SubscriptionId | undefined {
  const id = /^\/subscriptions\/([^/]+)/i.exec(armId)?.[1];
  return id === undefined ? undefined : toSubscriptionId(id);
}

function ownerOf(tenant: TenantId | undefined, { own, provider }: Owners): DestinationOwner {
  if (tenant === undefined) return 'unknown';
  if (own.has(tenant)) return 'own';
  return provider.has(tenant) ? 'provider' : 'other';
}

function placesOf(tenants: CustomerFacts['tenants'], own: CustomerFacts['own']): readonly string[] {
  const rules = tenants.flatMap(({ facts }) => (facts?.rules.state === 'known' ? facts.rules.value : []));
  const exports = own.flatMap((facts) => (facts.exports.state === 'known' ? facts.exports.value : []));
  const settings = own.flatMap((facts) => (facts.diagnostics.state === 'known' ? facts.diagnostics.value : []));
  return [
    ...rules.flatMap(({ workspaces }) => workspaces),
    ...exports.map(({ destination }) => destination),
    ...settings.flatMap(({ workspace, storage, eventHub }) => [workspace, storage, eventHub]),
  ].filter((place) => place !== undefined);
}
