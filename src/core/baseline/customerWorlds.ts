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
      mains: new Map(customer.tenants.map((tenant) => [tenant, mainOf(estate, customer, baseline, tenant)])),
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

/** Of all workspaces of the customer in the tenant, in the scope or not: what it sends to is no matter of scope. */
function mainOf(estate: Estate, customer: Customer, { main }: Baseline, tenant: TenantId): Outcome<ReachedWorkspace> {
  const all = estate.workspaces
    .filter((workspace) => workspace.customer === customer.key && workspace.tenant === tenant)
    .flatMap((workspace): ReachedWorkspace[] => {
      const path = choosePath(workspace);
      return path ? [{ workspace, issuer: { account: path.account, tenant: path.issuer } }] : [];
    });
  const named = all.filter(({ workspace }) => workspace.name.toLowerCase() === main?.toLowerCase());
  const [only] = named.length > 0 ? named : all;
  if (only && (named.length || all.length) === 1) return { ok: true, value: only };
  const where = estate.tenants.find(({ id }) => id === tenant)?.name ?? tenant;
  const message = only
    ? `${customer.name} has ${all.length} workspaces in tenant ${where}: say with "main" in its layer of the baseline which one its rules and diagnostic settings send to.`
    : `${customer.name} has no workspace in tenant ${where} that can be reached, and what is of one tenant goes to no workspace of another.`;
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
