import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataActions } from '../../../src/core/onboard/preflight/dataActions.ts';
import type { PreflightLook } from '../../../src/core/onboard/preflight/preflightCheck.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { ComingAccess } from '../../../src/model/onboarding.ts';
import type { Permission } from '../../../src/ports/onboarding.ts';

const THEIRS = toTenantId('11111111-1111-4111-8111-111111111111');
const OURS = toTenantId('22222222-2222-4222-8222-222222222222');
const CONTRIBUTOR: Permission = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] };
const PUBLISHER: Permission = { actions: [], notActions: [], dataActions: ['Microsoft.Insights/Telemetry/Write'] };

/** What the check says to who comes that way with these roles. */
function look(access: ComingAccess, held: readonly Permission[]) {
  const customer = {
    access,
    tenant: THEIRS,
    subscription: toSubscriptionId('33333333-3333-4333-8333-333333333333'),
    resourceGroup: 'rg (logs)',
  };
  const issuer = { account: toAccountId('a'), tenant: access === 'lighthouse' ? OURS : THEIRS };
  const port = { permissions: () => Promise.resolve(held) };
  return dataActions.look({ customer, issuer, port } as unknown as PreflightLook);
}

test('roles on data, by each way of access: what we lack, the way round it, and who has to go it', async () => {
  const delegated = await look('lighthouse', [CONTRIBUTOR, PUBLISHER]);
  assert.equal(delegated?.state, 'warns', 'whatever the roles are called, a delegation passes no data actions on');
  assert.match(delegated.message, /^Monitoring Metrics Publisher cannot be given through Azure Lighthouse/);
  assert.match(
    delegated.remedy!,
    /an Owner or User Access Administrator of the customer's own tenant runs "az role assignment create --role 'Monitoring Metrics Publisher' --scope '\/subscriptions\/3{8}.*\/rg \(logs\)'.* managed identity or guest there/,
  );
  for (const access of ['guest', 'servicePrincipal'] as const) {
    const without = await look(access, [CONTRIBUTOR]);
    assert.equal(without?.state, 'warns');
    assert.match(without.message, /on resources and not on data.*Machines with the Azure Monitor Agent need no role/);
    assert.match(
      without.remedy!,
      /an Owner or User Access Administrator of the customer runs "az role assignment create/,
    );
    assert.equal((await look(access, [CONTRIBUTOR, PUBLISHER]))?.state, 'fine');
    const taken = { ...PUBLISHER, dataActions: ['*'], notDataActions: ['Microsoft.Insights/Telemetry/*'] };
    assert.equal((await look(access, [taken]))?.state, 'warns', 'a role takes back from itself');
  }
});
