import { AppError } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { MachineFact } from '../../model/assessment/facts.ts';
import type { Baseline } from '../../model/baseline.ts';
import type { UnknownSetting } from '../../model/drift.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import type { SubscriptionId, TenantId } from '../../model/ids.ts';
import type { TypedResource } from '../../ports/baseline.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { choosePath, comparePaths, noPath } from '../estate/path.ts';
import type { CustomerWorld, ReachedSubscription, ReachedWorkspace } from './setting.ts';

/** What of many customers was asked beforehand, by tenant; an error where it could not be had. */
export interface AskedBefore {
  readonly machines: ReadonlyMap<TenantId, Outcome<readonly MachineFact[]>>;
  readonly resources: ReadonlyMap<TenantId, Outcome<readonly TypedResource[]>>;
}

/** A customer's part of the estate, with whose token each part is asked, and what nobody reaches. */
export function customerWorld(
  estate: Estate,
  customer: Customer,
  baseline: Baseline,
  workspaces: readonly Workspace[],
  asked: AskedBefore,
): { readonly world: CustomerWorld; readonly unknown: readonly UnknownSetting[] } {
  const reached: ReachedWorkspace[] = [];
  const unknown: UnknownSetting[] = [];
  for (const workspace of workspaces) {
    const path = choosePath(workspace);
    if (path) reached.push({ workspace, issuer: { account: path.account, tenant: path.issuer } });
    else
      unknown.push({
        customer: customer.key,
        customerName: customer.name,
        section: 'workspace',
        name: 'settings',
        where: `workspace ${workspace.name}`,
        target: workspace.armId,
        error: noPath(workspace).toData(),
      });
  }
  const subscriptions = subscriptionsOf(estate, customer, reached);
  const tenants = [...new Set(subscriptions.map(({ tenant }) => tenant))];
  return {
    unknown,
    world: {
      estate,
      customer,
      baseline,
      workspaces: reached,
      subscriptions,
      main: mainOf(customer, baseline, reached),
      machines: together(tenants, asked.machines),
      resources: together(tenants, asked.resources),
    },
  };
}

/** Every subscription of the customer that somebody sees, also those without a workspace: each has an activity log. */
export function subscriptionsOf(
  { subscriptions = [] }: Pick<Estate, 'subscriptions'>,
  customer: Pick<Customer, 'key'>,
  workspaces: readonly ReachedWorkspace[],
): readonly ReachedSubscription[] {
  const found = new Map<SubscriptionId, ReachedSubscription>();
  for (const { workspace, issuer } of workspaces) {
    const { subscription: id, subscriptionName: name, tenant } = workspace;
    if (!found.has(id)) found.set(id, { id, name, tenant, issuer });
  }
  for (const { id, name, tenant, paths, customer: whose } of subscriptions) {
    const [path] = [...paths].sort(comparePaths);
    if (whose === customer.key && path && !found.has(id))
      found.set(id, { id, name, tenant, issuer: { account: path.account, tenant: path.issuer } satisfies Issuer });
  }
  return [...found.values()];
}

function mainOf(
  { name }: Customer,
  { main }: Baseline,
  workspaces: readonly ReachedWorkspace[],
): Outcome<ReachedWorkspace> {
  const fitting =
    main === undefined
      ? workspaces
      : workspaces.filter(({ workspace }) => workspace.name.toLowerCase() === main.toLowerCase());
  const [only] = fitting;
  if (only && fitting.length === 1) return { ok: true, value: only };
  const message =
    main !== undefined
      ? `${name} has ${only ? 'several workspaces' : 'no workspace'} called ${main} that can be reached.`
      : only
        ? `${name} has ${fitting.length} workspaces: say with "main" in its layer of the baseline which one its rules and diagnostic settings send to.`
        : `${name} has no workspace that can be reached.`;
  return { ok: false, error: new AppError('input.baselineMain', message).toData() };
}

function together<V>(
  tenants: readonly TenantId[],
  asked: ReadonlyMap<TenantId, Outcome<readonly V[]>>,
): Outcome<readonly V[]> {
  const all: V[] = [];
  for (const tenant of tenants) {
    const outcome = asked.get(tenant);
    if (outcome && !outcome.ok) return outcome;
    all.push(...(outcome?.value ?? []));
  }
  return { ok: true, value: all };
}
