import type { AccessPath, Customer, Estate, Tenant, TenantState, Workspace } from '../../../src/model/estate.ts';
import {
  toAccountId,
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../../src/model/ids.ts';

export const ACCOUNT = toAccountId('vscode:ann');
export const PROVIDER = toTenantId('00000000-0000-4000-8000-0000000000aa');

export function tenantOf(n: number) {
  return toTenantId(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
}

export function customer(key: string, n: number, more: Partial<Customer> = {}): Customer {
  return {
    key: toCustomerKey(key),
    name: key[0]!.toUpperCase() + key.slice(1),
    groups: [],
    tags: {},
    tenants: [tenantOf(n)],
    ...more,
  };
}

export function tenant(key: string, n: number, state: TenantState = 'entered', more: Partial<Tenant> = {}): Tenant {
  return {
    id: tenantOf(n),
    name: `${key} directory`,
    defaultDomain: `${key}.example`,
    customer: toCustomerKey(key),
    state,
    accounts: state === 'entered' ? [ACCOUNT] : [],
    ...more,
  };
}

export function workspace(
  name: string,
  key: string,
  n: number,
  more: Partial<Workspace> & { group?: string } = {},
): Workspace {
  const { group = 'rg-logs', ...rest } = more;
  const armId = `/subscriptions/sub-${n}/resourceGroups/${group}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
  const path: AccessPath = { kind: 'lighthouse', account: ACCOUNT, issuer: PROVIDER };
  return {
    key: toWorkspaceKey(armId),
    armId,
    guid: toWorkspaceGuid(
      `11111111-0000-4000-8000-${name.length.toString().padStart(2, '0')}${String(n).padStart(10, '0')}`,
    ),
    name,
    customer: toCustomerKey(key),
    tenant: tenantOf(n),
    subscription: toSubscriptionId(`sub-${n}`),
    subscriptionName: `Subscription ${n}`,
    resourceGroup: group,
    region: 'westeurope',
    tags: {},
    sku: 'PerGB2018',
    retentionDays: 90,
    cap: 'none',
    sentinel: false,
    paths: [path],
    ...rest,
  };
}

/** Four customers: two in group gold, one with two workspaces of one name elsewhere, one that cannot be entered. */
export function sampleEstate(): Estate {
  return {
    cloud: 'test',
    accounts: [{ id: ACCOUNT, label: 'ann@provider.example', homeTenant: PROVIDER }],
    seenAt: '2026-11-22T08:00:00.000Z',
    problems: [],
    customers: [
      customer('contoso', 1, { name: 'Contoso Ltd', groups: ['gold', 'EU'] }),
      customer('fabrikam', 2, { groups: ['gold'], tags: { tier: 'one' } }),
      customer('litware', 3),
      customer('northwind', 4, { groups: ['EU'] }),
    ],
    tenants: [
      tenant('contoso', 1),
      tenant('fabrikam', 2),
      tenant('litware', 3),
      tenant('northwind', 4, 'signInRequired', {
        error: { code: 'auth.interactionRequired', message: 'Sign in.', retryable: false },
      }),
    ],
    workspaces: [
      workspace('law-main', 'contoso', 1, { tags: { env: 'prod' } }),
      workspace('law-test', 'contoso', 1, { tags: { env: 'test' }, region: 'northeurope' }),
      workspace('law-main', 'fabrikam', 2, {
        region: 'eastus',
        paths: [
          { kind: 'home', account: ACCOUNT, issuer: tenantOf(2) },
          { kind: 'lighthouse', account: ACCOUNT, issuer: PROVIDER },
        ],
      }),
      workspace('law-litware', 'litware', 3, { tags: { env: 'prod', owner: 'soc' } }),
    ],
  };
}
