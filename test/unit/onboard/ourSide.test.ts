import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOurSide } from '../../../src/core/onboard/ourSide.ts';
import type { Tenant, TenantState } from '../../../src/model/estate.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';

const OURS = toTenantId('11111111-1111-4111-8111-111111111111');
const THEIRS = toTenantId('22222222-2222-4222-8222-222222222222');
const seen = (id: Tenant['id'], state: TenantState): Tenant => ({
  id,
  name: 'T',
  customer: toCustomerKey('t'),
  accounts: [],
  state,
  error: { code: `access.${state}`, message: state, retryable: false },
});
const ask = (access: 'lighthouse' | 'guest' | 'servicePrincipal', tenants: readonly Tenant[]) => () =>
  checkOurSide({ access, tenant: THEIRS }, { managedBy: OURS }, { tenants });

test('whom nobody reaches: whose turn it is, the customer’s or ours', () => {
  // An offer shows in our own tenant: as long as that is entered, the customer has not accepted it.
  ask('lighthouse', [seen(OURS, 'entered'), seen(THEIRS, 'signInRequired')])();
  for (const state of ['failed', 'signInRequired', 'noAccess'] as const)
    assert.throws(ask('lighthouse', [seen(OURS, state)]), { code: `access.${state}` });
  assert.throws(ask('lighthouse', []), {
    code: 'auth.signInRequired',
    message: /^Nobody who is signed in is of tenant 1/,
  });
  for (const access of ['guest', 'servicePrincipal'] as const) {
    // Not invited, not installed, or refused by its policies.
    ask(access, [seen(OURS, 'failed')])();
    ask(access, [seen(THEIRS, 'noAccess')])();
    ask(access, [seen(THEIRS, 'entered')])();
    assert.throws(ask(access, [seen(THEIRS, 'signInRequired')]), { code: 'access.signInRequired' });
    assert.throws(ask(access, [seen(THEIRS, 'failed')]), { code: 'access.failed' });
  }
});
