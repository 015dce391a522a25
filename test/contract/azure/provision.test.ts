import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import type { AppliedPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { Draft } from '../../../src/core/changes/makePlan.ts';
import { checkName, workspaceArmId } from '../../../src/core/provision/checkName.ts';
import { draftDeletion, draftSettings, draftWorkspace } from '../../../src/core/provision/draftWorkspace.ts';
import { resourceGroupHandler } from '../../../src/core/provision/resourceGroupHandler.ts';
import { workspaceHandler } from '../../../src/core/provision/workspaceHandler.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { toAccountId, toPlanId, toSubscriptionId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import type { WorkspaceRequest } from '../../../src/model/plan.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { ProvisionPort } from '../../../src/ports/workspaces.ts';
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

/** Plans a draft on the emulator and carries it out. */
async function carryOut(port: ProvisionPort, draft: Draft, hear?: (message: string) => void): Promise<AppliedPlan> {
  const handlers = [resourceGroupHandler(port), workspaceHandler(port)];
  const prepared = await makePlan(toPlanId('plan'), draft, handlers);
  return applyPlan(prepared, {
    handlers,
    clock: SYSTEM_CLOCK,
    report: ({ message }) => {
      hear?.(message);
    },
  });
}

test('from nothing to a workspace, then changed, deleted, recovered and deleted for good', async () => {
  const { provision } = connection;
  const armId = workspaceArmId(place.subscription, 'rg-new', 'law-life');
  assert.deepEqual(await checkName(provision, place, 'law-life'), { state: 'free' });
  const messages: string[] = [];
  const listing = async () => (await provision.workspace(issuer, armId))!.listing!;
  const { result: made, notes } = await carryOut(
    provision,
    draftWorkspace(request('law-life', { createResourceGroup: true })),
    (message) => messages.push(message),
  );
  assert.deepEqual(
    [made.ok, made.error, made.exists],
    [true, undefined, ['resource group rg-new', 'workspace law-life in westeurope']],
  );
  const first = await listing();
  assert.deepEqual(notes, [{ kind: 'present', listing: first }]);
  assert.equal(first.tenant, small.contoso.tenantId, 'the owner is the customer, not whose token made it');
  assert.deepEqual([first.retentionDays, first.dailyCapGb, first.tags], [90, 5, { owner: 'soc' }]);
  assert.ok(
    messages.some((message) => /running/i.test(message)),
    'the long operation is heard of',
  );
  assert.equal((await checkName(provision, place, 'LAW-life')).state, 'taken');

  const there = { armId, name: 'law-life', issuer, owner: toTenantId(small.contoso.tenantId) };
  const change = { workspace: toWorkspaceKey(armId), retentionDays: 180, dailyCapGb: null, tags: { owner: 'noc' } };
  assert.equal((await carryOut(provision, draftSettings(there, change))).result.ok, true);
  const changed = await listing();
  assert.deepEqual([changed.retentionDays, changed.dailyCapGb, changed.tags], [180, undefined, { owner: 'noc' }]);

  assert.equal((await carryOut(provision, draftDeletion(there, false))).result.ok, true);
  const held = await checkName(provision, place, 'law-life');
  assert.deepEqual([held.state, held.state === 'softDeleted' && held.recoverable], ['softDeleted', true]);
  assert.equal((await checkName(provision, { ...place, region: 'eastus' }, 'law-life')).state, 'softDeleted');
  assert.equal(await provision.workspace(issuer, armId), undefined);

  const { result: back } = await carryOut(provision, draftWorkspace(request('law-life'), { recover: true }));
  assert.deepEqual([back.ok, back.done, (await listing()).guid], [true, ['recoverWorkspace'], first.guid]);
  assert.equal((await carryOut(provision, draftDeletion(there, true, 'law-life'))).result.ok, true);
  assert.deepEqual(await checkName(provision, place, 'law-life'), { state: 'free' });
});

test('a resource group that exists keeps its tags: it is not written again', async () => {
  const { provision } = connection;
  const group = [...emulator.world.resourceGroups.values()].find(
    ({ subscriptionId, name }) => subscriptionId === small.delegated.subscriptionId && name === 'rg-logs',
  )!;
  group.tags = { cost: '12' };
  emulator.calls.clear();
  const { result } = await carryOut(
    provision,
    draftWorkspace(request('law-beside', { resourceGroup: 'RG-Logs', createResourceGroup: true })),
  );
  assert.deepEqual([result.ok, result.done, result.changes[0]?.state], [true, ['createWorkspace'], 'unchanged']);
  assert.deepEqual(group.tags, { cost: '12' });
  // The same request through the adapter is what took them off.
  await provision.createResourceGroup(issuer, place.subscription, 'rg-logs', group.location);
  assert.deepEqual(group.tags, {});
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
  const { result } = await carryOut(
    connection.provision,
    draftWorkspace(request('law-fails', { resourceGroup: 'rg-half', createResourceGroup: true })),
  );
  assert.equal(result.ok, false);
  assert.deepEqual(result.done, ['createResourceGroup']);
  assert.match(result.error!.message, /gave it up.*No capacity in the region.*There is now: resource group rg-half/);
});

test('a resource group that is not there, and an identity that may only read', async () => {
  const { result: missing } = await carryOut(
    connection.provision,
    draftWorkspace(request('law-nowhere', { resourceGroup: 'rg-none' })),
  );
  assert.equal(missing.error?.code, 'access.notFound');
  assert.match(missing.error.message, /Nothing was created/);
  const reader = signedIn(emulator, small.reader, 'pass'),
    readers = connect(emulator, reader);
  const { result: refused } = await carryOut(
    readers.provision,
    draftWorkspace(
      request('law-refused', {
        subscription: toSubscriptionId(small.home.subscriptionId),
        tenant: issuer.tenant,
        resourceGroup: 'rg-logs',
      }),
    ),
  );
  assert.equal(refused.error?.code, 'access.insufficient', JSON.stringify(refused));
  reader.close();
  readers.dispose();
});
