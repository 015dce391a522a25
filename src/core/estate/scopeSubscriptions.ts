import { counted } from '../../base/counted.ts';
import type { Estate, Subscription, Workspace } from '../../model/estate.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { Scope, Selector } from '../../model/scope.ts';
import { printScope } from '../../kql/scopeLine.ts';
import { resolveScope } from './scope.ts';
import type { ResolvedScope } from './scope.ts';
import { readSelector } from './selectors.ts';
import type { SelectorMeaning } from './selectors.ts';

/** The subscriptions a scope means; sound when `problems` is empty. */
export interface ResolvedSubscriptions extends Pick<ResolvedScope, 'problems' | 'gaps'> {
  readonly subscriptions: readonly Subscription[];
}

type Meaning = Extract<SelectorMeaning, { ok: true }>;

/**
 * The subscriptions of a scope, in the estate's order: all of a group, customer or tenant it names; of a workspace, a
 * tag or a region those that hold such a workspace. One whose workspaces are all left out is left out.
 */
export function resolveSubscriptions(scope: Scope, estate: Estate): ResolvedSubscriptions {
  const { problems, gaps } = resolveScope(scope, estate);
  const wrong = problems.filter(({ selector }) => selector);
  if (wrong.length > 0) return { subscriptions: [], problems: wrong, gaps };
  const meanings = (selectors: readonly Selector[]): Meaning[] =>
    selectors.flatMap((selector) => {
      const meaning = readSelector(selector, estate);
      return meaning.ok ? [meaning] : [];
    });
  const include = scope.include === 'all' ? 'all' : meanings(scope.include);
  const except = meanings(scope.except);
  const held = new Map<SubscriptionId, Workspace[]>();
  for (const workspace of estate.workspaces) {
    const others = held.get(workspace.subscription);
    if (others) others.push(workspace);
    else held.set(workspace.subscription, [workspace]);
  }
  const subscriptions = allSubscriptions(estate).filter((one) => {
    const workspaces = held.get(one.id) ?? [];
    const isIn = (meaning: Meaning): boolean =>
      meaning.covers(one.tenant, one.customer) || workspaces.some((workspace) => meaning.matches(workspace));
    const isOut = (meaning: Meaning): boolean => meaning.covers(one.tenant, one.customer);
    const left = workspaces.filter((workspace) => !except.some((meaning) => meaning.matches(workspace)));
    return (
      (include === 'all' || include.some(isIn)) && !except.some(isOut) && (workspaces.length === 0 || left.length > 0)
    );
  });
  if (subscriptions.length > 0 || gaps.length > 0) return { subscriptions, problems: [], gaps };
  const message = `No subscription is in the scope "${printScope(scope)}". Widen it, or refresh the estate.`;
  return { subscriptions, problems: [{ message, suggestions: [] }], gaps };
}

/** What the status bar says: `12 subscriptions, 8 customers`, or the one subscription by name. */
export function subscriptionsLabel({ subscriptions }: Pick<ResolvedSubscriptions, 'subscriptions'>): string {
  const [first, second] = subscriptions;
  if (!first) return 'no subscriptions';
  if (!second) return first.name;
  const customers = new Set(subscriptions.map(({ customer }) => customer)).size;
  return `${counted(subscriptions.length, 'subscription')}, ${counted(customers, 'customer')}`;
}

/** Those that were listed, and those that are known by their workspaces alone. */
export function allSubscriptions(estate: Estate): readonly Subscription[] {
  const listed = estate.subscriptions ?? [];
  const known = new Set<SubscriptionId>(listed.map(({ id }) => id));
  const others = new Map<SubscriptionId, Workspace>();
  for (const workspace of estate.workspaces)
    if (!known.has(workspace.subscription)) others.set(workspace.subscription, workspace);
  return [
    ...listed,
    ...[...others].map(([id, { subscriptionName, customer, tenant, paths }]) => ({
      id,
      name: subscriptionName,
      customer,
      tenant,
      paths,
    })),
  ];
}
