import type { Estate, Tenant, Workspace } from '../../../src/model/estate.ts';
import {
  toAccountId,
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../../src/model/ids.ts';

export const HOME = toTenantId('00000000-0000-4000-8000-000000000001');
export const FABRIKAM = toTenantId('00000000-0000-4000-8000-000000000002');
export const LOCKED = toTenantId('00000000-0000-4000-8000-000000000003');
const ME = toAccountId('vscode:me');

export function workspace(name: string, change: Partial<Workspace> = {}): Workspace {
  const armId = `/subscriptions/${change.subscription ?? 'sub-1'}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/${name}`;
  return {
    key: toWorkspaceKey(armId),
    armId,
    guid: toWorkspaceGuid(`guid-${name}`),
    name,
    customer: toCustomerKey('contoso'),
    tenant: HOME,
    subscription: toSubscriptionId('sub-1'),
    subscriptionName: 'Production',
    resourceGroup: 'rg',
    region: 'westeurope',
    tags: {},
    sku: 'PerGB2018',
    retentionDays: 90,
    cap: 'none',
    sentinel: false,
    paths: [{ kind: 'home', account: ME, issuer: HOME }],
    ...change,
  };
}

export function tenant(id: Tenant['id'], name: string, customer: string, change: Partial<Tenant> = {}): Tenant {
  return {
    id,
    name,
    customer: toCustomerKey(customer),
    state: 'entered',
    accounts: [ME],
    defaultDomain: `${customer}.example`,
    ...change,
  };
}

/** Two customers, one of them with two workspaces, and a third whose tenant wants a sign-in. */
export function sampleEstate(): Estate {
  return {
    cloud: 'public',
    seenAt: '2026-11-22T10:00:00Z',
    accounts: [{ id: ME, label: 'me@contoso.example', homeTenant: HOME }],
    problems: [],
    customers: [
      { key: toCustomerKey('contoso'), name: 'Contoso Ltd', groups: ['gold'], tags: {}, tenants: [HOME] },
      { key: toCustomerKey('fabrikam'), name: 'Fabrikam', groups: [], tags: { tier: 'basic' }, tenants: [FABRIKAM] },
      { key: toCustomerKey('locked'), name: 'Locked', groups: [], tags: {}, tenants: [LOCKED] },
    ],
    tenants: [
      tenant(HOME, 'Contoso', 'contoso'),
      tenant(FABRIKAM, 'Fabrikam', 'fabrikam'),
      tenant(LOCKED, 'Locked', 'locked', {
        state: 'signInRequired',
        error: {
          code: 'auth.signInRequired',
          message: 'Locked wants multi-factor sign-in. Sign in to it.',
          retryable: false,
        },
      }),
    ],
    workspaces: [
      workspace('law-one'),
      workspace('law-two', { region: 'northeurope', sentinel: true, dailyCapGb: 5, cap: 'hit' }),
      workspace('law-three', {
        customer: toCustomerKey('fabrikam'),
        tenant: FABRIKAM,
        paths: [
          { kind: 'lighthouse', account: ME, issuer: HOME },
          { kind: 'guest', account: ME, issuer: FABRIKAM },
        ],
      }),
    ],
  };
}
