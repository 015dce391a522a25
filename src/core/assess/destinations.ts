import type { DestinationOwner } from '../../model/assessment/subject.ts';
import type { SubscriptionFacts, TenantFacts, WorkspaceFacts } from '../../model/assessment/facts.ts';
import type { CustomerKey, SubscriptionId } from '../../model/ids.ts';
import { toSubscriptionId } from '../../model/ids.ts';
import { subscriptionOf } from './facts/agents.ts';

/** What of a customer sends somewhere: its tenants' rules, its workspaces' exports and diagnostic settings. */
export interface Senders {
  readonly own: readonly WorkspaceFacts[];
  readonly tenants: readonly TenantFacts[];
  readonly subscriptions: readonly SubscriptionFacts[];
}

/**
 * Whose the subscriptions are that a customer's rules, exports and diagnostic settings send to. `ownerOf` gives the
 * customer that has a subscription, undefined where no account lists it. Those of others are told apart, not named.
 */
export function destinationsOf(
  { own, tenants, subscriptions }: Senders,
  key: CustomerKey,
  providers: ReadonlySet<CustomerKey>,
  ownerOf: (subscription: string) => CustomerKey | undefined,
): Readonly<Record<SubscriptionId, DestinationOwner>> {
  const mine = new Set(subscriptions.map(({ subscription }) => subscription));
  const sentTo = [
    ...tenants.flatMap(({ rules }) => (rules.state === 'known' ? rules.value.flatMap((rule) => rule.workspaces) : [])),
    ...own.flatMap(({ exports }) => (exports.state === 'known' ? exports.value.map((rule) => rule.destination) : [])),
    ...own.flatMap(({ diagnostics }) =>
      diagnostics.state === 'known'
        ? diagnostics.value.flatMap(({ workspace, storage, eventHub }) => [workspace, storage, eventHub])
        : [],
    ),
  ];
  const owners: Record<SubscriptionId, DestinationOwner> = {};
  for (const armId of sentTo) {
    const subscription = toSubscriptionId(subscriptionOf(armId ?? ''));
    if (subscription === '') continue;
    const owner = ownerOf(subscription);
    owners[subscription] =
      owner === key || mine.has(subscription)
        ? 'own'
        : owner === undefined
          ? 'unknown'
          : providers.has(owner)
            ? 'provider'
            : 'other';
  }
  return owners;
}
