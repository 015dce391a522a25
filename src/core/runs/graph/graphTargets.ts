import { counted } from '../../../base/counted.ts';
import { AppError } from '../../../base/errors.ts';
import type { Estate, Subscription } from '../../../model/estate.ts';
import type { SubscriptionId } from '../../../model/ids.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import { EstateIndex } from '../../estate/estateIndex.ts';
import type { PlannedTarget } from '../plannedTarget.ts';

/**
 * Subscriptions one request is about: learn.microsoft.com, Resource Graph, guidance for throttled requests, advises to
 * stay below some hundred.
 */
const MOST_SUBSCRIPTIONS = 300;

/**
 * One target for the subscriptions of each customer, tenant and token: whose rows an answer has is then known whatever
 * the query leaves of them, and no request names subscriptions of two customers.
 */
export function graphTargets(subscriptions: readonly Subscription[], estate: Estate): PlannedTarget[] {
  const index = EstateIndex.of(estate);
  const groups = new Map<string, Subscription[]>();
  for (const one of subscriptions) {
    const [path] = one.paths;
    const key = `${one.customer}\n${one.tenant}\n${path ? issuerKey({ account: path.account, tenant: path.issuer }) : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const parts = inParts(group);
    return parts.map((part, i) => toTarget(part, index, parts.length > 1 ? `, part ${i + 1} of ${parts.length}` : ''));
  });
}

function inParts(group: readonly Subscription[]): (readonly Subscription[])[] {
  const parts: (readonly Subscription[])[] = [];
  for (let from = 0; from < group.length; from += MOST_SUBSCRIPTIONS)
    parts.push(group.slice(from, from + MOST_SUBSCRIPTIONS));
  return parts;
}

function toTarget(part: readonly Subscription[], index: EstateIndex, which: string): PlannedTarget {
  const { tenant, customer, paths, id: first, name } = part[0]!;
  const [path] = paths;
  const tenantName = index.tenantName(tenant);
  const names: ReadonlyMap<SubscriptionId, string> = new Map(part.map((one) => [one.id, one.name]));
  return {
    ...(path ? { way: { issuer: { account: path.account, tenant: path.issuer }, subscriptions: names } } : {}),
    target: {
      kind: 'subscriptions',
      key: `subscriptions:${tenant}:${first}`,
      name: part.length === 1 ? name : `${counted(part.length, 'subscription')}${which}`,
      subscriptions: part.map(({ id }) => id),
      customer,
      customerName: index.customerName(customer),
      tenant,
      tenantName,
      path: path?.kind ?? 'home',
      state: path ? 'waiting' : 'skipped',
      rows: 0,
      attempts: 0,
      ...(path ? {} : { error: noPath(tenantName).toData() }),
    },
  };
}

function noPath(tenant: string): AppError {
  return new AppError(
    'access.noPath',
    `No signed-in account reaches the subscriptions of ${tenant}. Sign in, or ask for access.`,
  );
}
