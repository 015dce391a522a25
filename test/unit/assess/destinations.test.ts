import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findDestinations } from '../../../src/core/assess/destinations.ts';
import { toTenantId } from '../../../src/model/ids.ts';
import {
  healthyCustomer,
  PROVIDER,
  PROVIDERS_SUBSCRIPTION,
  STRANGERS_SUBSCRIPTION,
  SUBSCRIPTION,
  UNLISTED_SUBSCRIPTION,
  valueOf,
  withOwn,
  without,
  withTenant,
  WOODGROVE,
} from '../../harness/customerFacts.ts';

const owners = {
  own: new Set([WOODGROVE]),
  provider: new Set([PROVIDER]),
  tenantOf: new Map([
    [SUBSCRIPTION, WOODGROVE],
    [PROVIDERS_SUBSCRIPTION, PROVIDER],
    [STRANGERS_SUBSCRIPTION, toTenantId('cccccccc-0000-4000-8000-000000000003')],
  ]),
};

describe('whose the places are that logs are sent to', () => {
  const place = (subscription: string) => `/Subscriptions/${subscription.toUpperCase()}/resourcegroups/rg/x`;
  const [rule] = valueOf(healthyCustomer().tenants[0]!.facts!.rules);
  const sending = withTenant(
    withOwn(healthyCustomer(), {
      exports: [{ name: 'copy', tables: [], destination: place(STRANGERS_SUBSCRIPTION), enabled: true }],
      diagnostics: [{ name: 'all', categories: [], storage: place(UNLISTED_SUBSCRIPTION) }],
    }),
    { rules: [{ ...rule!, workspaces: [place(SUBSCRIPTION), place(PROVIDERS_SUBSCRIPTION)] }] },
  );

  it('is found for rules, exports and settings, and for no other subscription', () => {
    assert.deepEqual(findDestinations(sending, owners), {
      [SUBSCRIPTION]: 'own',
      [PROVIDERS_SUBSCRIPTION]: 'provider',
      [STRANGERS_SUBSCRIPTION]: 'other',
      [UNLISTED_SUBSCRIPTION]: 'unknown',
    });
  });

  it('is nothing where the facts are unknown', () => {
    assert.deepEqual(findDestinations(without(sending, 'rules', 'exports', 'diagnostics'), owners), {});
  });
});
