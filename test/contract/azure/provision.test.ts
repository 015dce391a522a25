import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import type { AppliedPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { Draft } from '../../../src/core/changes/makePlan.ts';
import { checkName, workspaceArmId } from '../../../src/core/provision/checkName.ts';
import { draftDeletion, draftSettings, draftWorkspace } from '../../../src/core/provision/draftWorkspace.ts';
import { resourceGroupHandler } from '../../../src/core/provision/resourceGroupHandler.ts';
import { needsRegistration, resourceProviderHandler } from '../../../src/core/provision/resourceProviderHandler.ts';
import { workspaceHandler } from '../../../src/core/provision/workspaceHandler.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { toAccountId, toPlanId, toSubscriptionId, toTenantId, toWorkspaceKey } from '../../../src/model/ids.ts';
import type { WorkspaceRequest } from '../../../src/model/plan.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { ProvisionPort } from '../../../src/ports/workspaces.ts';
import { addSubscription, assignRole } from '../../../src/emulator/populate.ts';
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
  const handlers = [resourceProviderHandler(port), resourceGroupHandler(port), workspaceHandler(port)];
  const prepared = await makePlan(toPlanId('plan'), draft, handlers);
  return applyPlan(prepared, {
    handlers,
    clock: SYSTEM_CLOCK,
    report: ({ message }) => {
      hear?.(message);
    },
  });
}

/** The two ways in which the service answers a PUT and a DELETE: as recorded from it, and with an operation to poll. */
for (const style of ['the resource itself', 'an operation to poll'] as const)
  test(`from nothing to a workspace, then changed, deleted, recovered and deleted for good: ${style}`, async () => {
    const ofOperations = style === 'an operation to poll';
    if (ofOperations) emulator.faults.add({ match: { path: '/workspaces/' }, fault: { kind: 'asyncOperation' } });
    await wholeLife(ofOperations ? 'law-life' : 'law-lives', ofOperations ? /running/ : /: Creating$/);
  });

async function wholeLife(name: string, heard: RegExp): Promise<void> {
  const { provision } = connection;
  const resourceGroup = `rg-${name}`;
  const here = { ...place, resourceGroup };
  const armId = workspaceArmId(place.subscription, resourceGroup, name);
  assert.deepEqual(await checkName(provision, here, name), { state: 'free' });
  const messages: string[] = [];
  const listing = async () => (await provision.workspace(issuer, armId))!.listing!;
  const { result: made, notes } = await carryOut(
    provision,
    draftWorkspace(request(name, { resourceGroup, createResourceGroup: true })),
    (message) => messages.push(message),
  );
  assert.deepEqual(
    [made.ok, made.error, made.exists],
    [true, undefined, [`resource group ${resourceGroup}`, `workspace ${name} in westeurope`]],
  );
  const first = await listing();
  assert.deepEqual(notes, [{ kind: 'present', listing: first }]);
  assert.equal(first.tenant, small.contoso.tenantId, 'the owner is the customer, not whose token made it');
  assert.deepEqual([first.retentionDays, first.dailyCapGb, first.tags], [90, 5, { owner: 'soc' }]);
  assert.ok(
    messages.some((message) => heard.test(message)),
    `the service is heard to be at it: ${messages.join('; ')}`,
  );
  assert.equal((await checkName(provision, here, name.toUpperCase())).state, 'taken');

  const there = { armId, name, issuer, owner: toTenantId(small.contoso.tenantId) };
  const change = { workspace: toWorkspaceKey(armId), retentionDays: 180, dailyCapGb: null, tags: { owner: 'noc' } };
  assert.equal((await carryOut(provision, draftSettings(there, change))).result.ok, true);
  const changed = await listing();
  assert.deepEqual([changed.retentionDays, changed.dailyCapGb, changed.tags], [180, undefined, { owner: 'noc' }]);

  assert.equal((await carryOut(provision, draftDeletion(there, false))).result.ok, true);
  const held = await checkName(provision, here, name);
  assert.deepEqual([held.state, held.state === 'softDeleted' && held.recoverable], ['softDeleted', true]);
  assert.equal((await checkName(provision, { ...here, region: 'eastus' }, name)).state, 'softDeleted');
  assert.equal(await provision.workspace(issuer, armId), undefined);

  const { result: back } = await carryOut(
    provision,
    draftWorkspace(request(name, { resourceGroup }), { recover: true }),
  );
  assert.deepEqual([back.ok, back.done, (await listing()).guid], [true, ['recoverWorkspace'], first.guid]);
  assert.equal((await carryOut(provision, draftDeletion(there, true))).result.ok, true);
  assert.deepEqual(await checkName(provision, here, name), { state: 'free' });
}

test('a PUT that was answered is not done: what the service says later is', async () => {
  emulator.faults.add({ match: { method: 'PUT', path: '/workspaces/' }, fault: { kind: 'failOperation' } });
  const armId = workspaceArmId(place.subscription, 'rg-logs', 'law-unmade');
  const body = { location: 'westeurope', tags: {}, sku: 'PerGB2018', retentionDays: 30, dailyCapGb: -1 };
  await connection.provision.putWorkspace(issuer, armId, body, () => undefined);
  assert.equal((await connection.provision.workspace(issuer, armId))!.provisioningState, 'Creating');
  const { result } = await carryOut(
    connection.provision,
    draftWorkspace(request('law-unmade2', { resourceGroup: 'rg-logs' })),
  );
  assert.equal(result.error?.code, 'service.notVerified');
  assert.match(result.error.message, /did not finish workspace law-unmade2: it says Failed/);
});

test('a subscription that never had a workspace is registered first, by somebody who may', async () => {
  const fresh = addSubscription(small.world, {
    tenant: small.provider,
    displayName: 'Fresh',
    notRegistered: ['Microsoft.OperationalInsights'],
    closedRegions: ['mexicocentral'],
  });
  const scope = `/subscriptions/${fresh.subscriptionId}`;
  const subscription = toSubscriptionId(fresh.subscriptionId);
  assignRole(small.world, { scope, principalId: small.engineer.objectId, role: 'Contributor' });
  assignRole(small.world, { scope, principalId: small.reader.objectId, role: 'Reader' });
  const { provision } = connection;
  const wanted = request('law-first', {
    subscription,
    tenant: issuer.tenant,
    resourceGroup: 'rg-first',
    createResourceGroup: true,
  });

  // The plan of a day when nobody looked: the service's own words, with who can mend it.
  const { result: unregistered } = await carryOut(provision, draftWorkspace(wanted));
  assert.equal(unregistered.error?.code, 'access.notRegistered');
  assert.match(unregistered.error.message, /az provider register --namespace Microsoft\.OperationalInsights/);

  const reader = signedIn(emulator, small.reader, 'pass'),
    readers = connect(emulator, reader);
  assert.equal(await needsRegistration(readers.provision, issuer, subscription), true);
  const { result: refused } = await carryOut(readers.provision, draftWorkspace(wanted, { register: true }));
  assert.equal(refused.error?.code, 'access.notRegistered');
  assert.match(refused.error.message, /may not register subscription .*somebody who has it runs "az provider register/);
  assert.deepEqual(
    refused.changes.map(({ resource, state }) => `${resource} ${state}`),
    ['resourceProvider failed', 'resourceGroup skipped', 'workspace skipped'],
  );
  reader.close();
  readers.dispose();

  const messages: string[] = [];
  const { result } = await carryOut(provision, draftWorkspace(wanted, { register: true }), (m) => messages.push(m));
  assert.deepEqual([result.ok, result.done], [true, ['updateResourceProvider', 'createWorkspace']]);
  assert.ok(messages.some((message) => message.endsWith('Microsoft.OperationalInsights is Registering')));
  assert.equal(await needsRegistration(provision, issuer, subscription), false);

  const regions = (await provision.locations(issuer, subscription)).map(({ name }) => name);
  assert.deepEqual([regions.includes('westeurope'), regions.includes('mexicocentral')], [true, false]);
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
  emulator.faults.add({ match: { path: '/workspaces/' }, fault: { kind: 'asyncOperation' } });
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
