import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addWorkspace } from '../../../src/emulator/populate.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

// The service writes one workspace's id in several cases. To the product it is one workspace, under its own name.

const small = smallEstate();
addWorkspace(small.world, {
  subscription: small.home,
  resourceGroup: 'RG-Old',
  name: 'LAW-Old',
  location: 'westeurope',
  properties: { createdDate: '2020-05-29T08:00:00.0000000Z' },
  solutions: ['LogManagement', 'SecurityInsights'],
});

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;
before(async () => {
  emulator = await startSmall(small, { engine: () => openEngine() });
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
});
beforeEach(() => {
  emulator.faults.clear();
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

const estate = (): EstateService =>
  new EstateService({
    accounts: person,
    directory: connection.directory,
    customers: { load: () => Promise.resolve({ customers: [], problems: [] }) },
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    cloud: 'emulator',
  });

for (const source of ['Resource Graph', 'Resource Manager'] as const)
  test(`a workspace whose id is in lower case has its own name, and Sentinel by ${source}`, async () => {
    if (source === 'Resource Manager')
      emulator.faults.add({
        match: { service: 'graph' },
        fault: { kind: 'status', status: 403 },
      });
    const service = estate();
    const { workspaces } = await service.load();
    const found = workspaces.filter(({ name }) => /^law-old$/i.test(name));
    assert.deepEqual(
      found.map(({ name, key, armId }) => [name, key === armId.toLowerCase(), armId.endsWith('/workspaces/LAW-Old')]),
      [['LAW-Old', true, true]],
    );
    if (source === 'Resource Graph') assert.equal(found[0]!.sentinel, true);
    const tables = await service.tables(found[0]!);
    assert.ok(Array.isArray(tables));
  });

test('the deleted list, in lower case throughout, still finds the one that is to be recovered', async () => {
  const { provision } = connection;
  const { home, world } = small;
  const { accounts } = await estate().load();
  const issuer = { account: accounts[0]!.id, tenant: toTenantId(small.provider.tenantId) };
  const armId = `/subscriptions/${home.subscriptionId}/resourceGroups/RG-Old/providers/Microsoft.OperationalInsights/workspaces/LAW-Old`;
  await provision.deleteWorkspace(issuer, armId, false, () => undefined);
  const gone = await provision.deletedWorkspaces(issuer, toSubscriptionId(home.subscriptionId));
  assert.deepEqual(gone, [{ name: 'LAW-Old', resourceGroup: 'rg-old', region: 'westeurope' }]);
  assert.ok(world.deletedWorkspaces.has(armId.toLowerCase()));
});
