import { managingTenants, maySee, reachesSubscription } from '../access.ts';
import { key } from '../armId.ts';
import { PERSONAL_ACCOUNTS } from '../ids.ts';
import { mayEnter, objectIdIn } from '../lookup.ts';
import { armError, type Answer } from '../router.ts';
import type { Subscription, Tenant, World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { REGIONS, toLocation } from './regions.ts';

const TYPE = 'Microsoft.Resources/subscriptions';

/** Subscriptions and tenants a page. */
export const PAGE = 1_000;

/** Tenants, subscriptions and their locations. */
export function registerSubscriptions(gate: ArmGate): void {
  const { world } = gate;
  gate.add('GET', '/tenants', { type: 'Microsoft.Resources/tenants' }, (call) => page(call, tenantsOf(world, call)));
  gate.add('GET', '/subscriptions', { type: TYPE }, (call) =>
    page(
      call,
      visibleSubscriptions(world, call).map((subscription) => toBody(world, subscription, call)),
    ),
  );
  gate.add(
    'GET',
    '/subscriptions/{subscriptionId}',
    { type: TYPE, action: 'Microsoft.Resources/subscriptions/read', list: true },
    (call) => ({ status: 200, body: toBody(world, call.subscription, call) }),
  );
  gate.add(
    'GET',
    '/subscriptions/{subscriptionId}/locations',
    {
      type: TYPE,
      action: 'Microsoft.Resources/subscriptions/locations/read',
      list: true,
    },
    ({ subscription }) => ({
      status: 200,
      body: { value: REGIONS.map((region) => toLocation(region, subscription.subscriptionId)) },
    }),
  );
}

/**
 * Subscriptions a token sees: those its tenant reaches and where it holds any reading role, at the subscription or
 * beneath.
 */
export function visibleSubscriptions(world: World, call: Pick<ArmCall, 'claims' | 'grants'>): Subscription[] {
  return [...world.subscriptions.values()].filter(
    (subscription) =>
      subscription.state !== 'Deleted' &&
      reachesSubscription(world, call.claims, subscription) &&
      maySee(call.grants, 'Microsoft.Resources/subscriptions/read', `/subscriptions/${subscription.subscriptionId}`),
  );
}

/** One page of a list, with an absolute nextLink. `$top` may ask for less. */
export function page(call: ArmCall, all: readonly object[]): Answer {
  const { ctx } = call;
  const token = ctx.query('$skiptoken') ?? ctx.query('$skipToken');
  const first = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(first) || first < 0)
    throw armError(400, 'InvalidSkipToken', `The skip token '${token}' is not valid.`);
  const size = Math.min(PAGE, Math.max(1, Number(ctx.query('$top') ?? PAGE) || PAGE));
  const value = all.slice(first, first + size);
  const more = first + size < all.length;
  return {
    status: 200,
    body: {
      value,
      ...(more ? { nextLink: ctx.link({ $skiptoken: Buffer.from(String(first + size)).toString('base64url') }) } : {}),
    },
  };
}

function toBody(world: World, subscription: Subscription, call: ArmCall): object {
  const { subscriptionId, displayName, tenantId, state, tags } = subscription;
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: managingTenants(world, subscriptionId).map((tenant) => ({ tenantId: tenant })),
    ...(Object.keys(tags).length ? { tags } : {}),
    subscriptionId,
    tenantId,
    displayName,
    state,
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
    ...(call.apiVersion >= '2022-12-01' ? {} : { tenantId }),
  };
}

/**
 * The tenants of a token: where its person is a member or guest (`Home`), and those that delegate to its tenant
 * (`ManagedBy`). An application is told of the token's own tenant, wherever else it is installed.
 */
function tenantsOf(world: World, { claims }: ArmCall): object[] {
  const account = [...world.accounts.values()].find(
    (one) => key(objectIdIn(one, claims.tid) ?? '') === key(claims.oid),
  );
  const members = [...world.tenants.values()].filter(
    (tenant) =>
      key(tenant.tenantId) !== PERSONAL_ACCOUNTS &&
      (key(tenant.tenantId) === key(claims.tid) || (account?.kind === 'user' && mayEnter(account, tenant.tenantId))),
  );
  const delegating = new Set(
    [...world.subscriptions.values()]
      .filter((subscription) =>
        managingTenants(world, subscription.subscriptionId).some((tenant) => key(tenant) === key(claims.tid)),
      )
      .map((subscription) => key(subscription.tenantId)),
  );
  const managed = [...world.tenants.values()].filter(
    (tenant) => delegating.has(key(tenant.tenantId)) && !members.includes(tenant),
  );
  return [
    ...members.map((tenant) => tenantBody(tenant, 'Home')),
    ...managed.map((tenant) => tenantBody(tenant, 'ManagedBy')),
  ];
}

function tenantBody(tenant: Tenant, tenantCategory: string): object {
  const { tenantId, displayName, defaultDomain, domains, countryCode } = tenant;
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    countryCode,
    displayName,
    domains,
    tenantCategory,
    defaultDomain,
    tenantType: 'AAD',
  };
}
