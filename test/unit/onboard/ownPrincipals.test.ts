import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOurs, ownTenants } from '../../../src/core/onboard/leaving/ownPrincipals.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toAccountId } from '../../../src/model/ids.ts';
import type { PrincipalName } from '../../../src/ports/microsoftGraph.ts';
import { customer, PROVIDER, sampleEstate, tenant, tenantOf } from '../estate/sampleEstate.ts';

const provider = customer('provider', 9, { tenants: [PROVIDER], declared: { domains: ['ops.example'] } });
// Somebody is signed in with an account of Contoso's own, beside Ann of the provider.
const estate: Estate = {
  ...sampleEstate(),
  accounts: [
    ...sampleEstate().accounts,
    { id: toAccountId('cli:admin'), label: 'admin@contoso.example', homeTenant: tenantOf(1) },
  ],
  customers: [...sampleEstate().customers, provider],
  tenants: [...sampleEstate().tenants, tenant('provider', 9, 'entered', { id: PROVIDER })],
};
const contoso = estate.customers[0]!;
const is = (principal: Partial<PrincipalName> | undefined): boolean =>
  isOurs(principal && { name: 'somebody', kind: 'unknown', ...principal }, { estate, customer: contoso });

test('ours are guests of our domains and applications of our tenants, never what the customer has itself', () => {
  assert.deepEqual([...ownTenants({ estate, customer: contoso })], [PROVIDER]);
  assert.equal(is({ kind: 'user', guestOf: 'provider.example' }), true);
  assert.equal(is({ kind: 'user', guestOf: 'ops.example' }), true);
  assert.equal(is({ kind: 'application', ownerTenant: PROVIDER }), true);
  assert.equal(is({ kind: 'user' }), false, 'a member');
  assert.equal(is({ kind: 'user', guestOf: 'partner.example' }), false, 'a guest of another');
  assert.equal(is({ kind: 'user', guestOf: 'contoso.example' }), false, 'between tenants of its own');
  assert.equal(is({ kind: 'application', ownerTenant: tenantOf(1) }), false, 'its own application');
  assert.equal(is({ kind: 'group' }), false);
  assert.equal(is(undefined), false, '"Identity not found" may be anybody');
});

test('a customer whose own account is signed in here is no provider: its guests at another are not ours', () => {
  const local = { id: toAccountId('sp:fabrikam'), label: 'an application', homeTenant: tenantOf(2) };
  const beside = { ...estate, accounts: [...estate.accounts, local] };
  assert.deepEqual([...ownTenants({ estate: beside, customer: contoso })], [PROVIDER]);
  const guest: PrincipalName = { name: 'Kai', kind: 'user', guestOf: 'fabrikam.example' };
  const application: PrincipalName = { name: 'Joint', kind: 'application', ownerTenant: tenantOf(2) };
  for (const one of [guest, application]) assert.equal(isOurs(one, { estate: beside, customer: contoso }), false);
});
