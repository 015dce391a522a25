import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { applyPlan } from '../../../src/core/provision/applyPlan.ts';
import { changeWorkspace, deleteWorkspace } from '../../../src/core/provision/changeWorkspace.ts';
import { checkName, workspaceArmId } from '../../../src/core/provision/checkName.ts';
import { planWorkspace } from '../../../src/core/provision/planWorkspace.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { toAccountId, toSubscriptionId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import type { WorkspaceRequest } from '../../../src/model/plan.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

const small = smallEstate();
const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(small.provider.tenantId) };
const place = {
  issuer,
  subscription: toSubscriptionId(small.delegated.subscriptionId),
  resourceGroup: 'rg-new',
  region: 'westeurope',
};

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;
before(async () => {
  emulator = await startSmall(small, { operations: { durationMs: 200, retryAfterSeconds: 0 } });
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

/** A workspace in Contoso's subscription, made through the provider's delegation. */
function request(name: string, more: Partial<WorkspaceRequest> = {}): WorkspaceRequest {
  return {
    account: issuer.account,
    issuer: issuer.tenant,
    tenant: toTenantId(small.contoso.tenantId),
    subscription: place.subscription,
    resourceGroup: 'rg-new',
    createResourceGroup: false,
    name,
    region: 'westeurope',
    sku: { name: 'PerGB2018' },
    retentionDays: 90,
    dailyCapGb: 5,
    tags: { owner: 'soc' },
    ...more,
  };
}

test('from nothing to a workspace, then changed, deleted, recovered and deleted for good', async () => {
  const { provision } = connection;
  const armId = workspaceArmId(place.subscription, 'rg-new', 'law-life');
  assert.deepEqual(await checkName(provision, place, 'law-life'), { state: 'free' });
  const messages: string[] = [];
  const made = await applyPlan(
    planWorkspace(request('law-life', { createResourceGroup: true })),
    provision,
    (progress) => messages.push(progress.message),
  );
  assert.deepEqual(
    [made.ok, made.error, made.exists],
    [true, undefined, ['resource group rg-new', 'workspace law-life in westeurope']],
  );
  assert.equal(made.listing?.tenant, small.contoso.tenantId, 'the owner is the customer, not whose token made it');
  assert.deepEqual([made.listing.retentionDays, made.listing.dailyCapGb, made.listing.tags], [90, 5, { owner: 'soc' }]);
  assert.ok(
    messages.some((message) => /running/i.test(message)),
    'the long operation is heard of',
  );
  assert.equal((await checkName(provision, place, 'LAW-life')).state, 'taken');

  const changed = await changeWorkspace(provision, issuer, armId, {
    workspace: toWorkspaceKey(armId),
    retentionDays: 180,
    dailyCapGb: null,
    tags: { owner: 'noc' },
  });
  assert.deepEqual([changed.retentionDays, changed.dailyCapGb, changed.tags], [180, undefined, { owner: 'noc' }]);

  assert.equal(
    (await deleteWorkspace(provision, issuer, { armId, name: 'law-life', permanent: false }, () => undefined)).ok,
    true,
  );
  const held = await checkName(provision, place, 'law-life');
  assert.deepEqual([held.state, held.state === 'softDeleted' && held.recoverable], ['softDeleted', true]);
  assert.equal((await checkName(provision, { ...place, region: 'eastus' }, 'law-life')).state, 'softDeleted');
  assert.equal(await provision.workspace(issuer, armId), undefined);

  const back = await applyPlan(planWorkspace(request('law-life'), { recover: true }), provision, () => undefined);
  assert.deepEqual([back.ok, back.done, back.listing?.guid], [true, ['recoverWorkspace'], made.listing.guid]);
  assert.equal(
    (
      await deleteWorkspace(
        provision,
        issuer,
        { armId, name: 'law-life', permanent: true, typedName: 'law-life' },
        () => undefined,
      )
    ).ok,
    true,
  );
  assert.deepEqual(await checkName(provision, place, 'law-life'), { state: 'free' });
});

test('what can be chosen: locations and resource groups', async () => {
  const { provision } = connection;
  assert.ok(
    (await provision.locations(issuer, place.subscription)).some(
      (location) => location.name === 'westeurope' && location.displayName === 'West Europe',
    ),
  );
  assert.ok((await provision.resourceGroups(issuer, place.subscription)).some((group) => group.name === 'rg-logs'));
});

test('an operation that the service accepts and gives up says what exists now', async () => {
  emulator.faults.add({
    match: { method: 'PUT', path: '/workspaces/' },
    fault: { kind: 'failOperation', code: 'QuotaExceeded', message: 'No capacity in the region' },
  });
  const result = await applyPlan(
    planWorkspace(request('law-fails', { resourceGroup: 'rg-half', createResourceGroup: true })),
    connection.provision,
    () => undefined,
  );
  assert.equal(result.ok, false);
  assert.deepEqual(result.done, ['createResourceGroup']);
  assert.match(result.error!.message, /gave it up.*No capacity in the region.*There is now: resource group rg-half/);
});

test('a resource group that is not there, and an identity that may only read', async () => {
  const missing = await applyPlan(
    planWorkspace(request('law-nowhere', { resourceGroup: 'rg-none' })),
    connection.provision,
    () => undefined,
  );
  assert.equal(missing.error?.code, 'access.notFound');
  assert.match(missing.error.message, /Nothing was created/);
  const reader = signedIn(emulator, small.reader, 'pass'),
    readers = connect(emulator, reader);
  const refused = await applyPlan(
    planWorkspace(
      request('law-refused', {
        subscription: toSubscriptionId(small.home.subscriptionId),
        tenant: issuer.tenant,
        resourceGroup: 'rg-logs',
      }),
    ),
    readers.provision,
    () => undefined,
  );
  assert.equal(refused.error?.code, 'access.insufficient', JSON.stringify(refused));
  reader.close();
  readers.dispose();
});
