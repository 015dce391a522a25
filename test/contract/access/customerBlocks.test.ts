import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { blockSenders } from '../../../src/app/onboarding.ts';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import { CustomerBlocks } from '../../../src/core/access/block/customerBlocks.ts';
import { parseUndo, printUndo } from '../../../src/core/access/block/undoFile.ts';
import { ChangeService } from '../../../src/core/changes/changeService.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addSubscription, addTenant, addWorkspace, delegate } from '../../../src/emulator/populate.ts';
import { addCollectionRule, addResource } from '../../../src/emulator/populateFlows.ts';
import type { Subscription } from '../../../src/emulator/state.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Workspace } from '../../../src/model/estate.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';

describe('one customer of a shared workspace', () => {
  const estate = smallEstate();
  const { world, provider, engineer, workspaces } = estate;
  const tailspin = addTenant(world, { displayName: 'Tailspin', domain: 'tailspin.example' });
  const theirs = addSubscription(world, { tenant: tailspin, displayName: 'Tailspin' });
  const local = addWorkspace(world, {
    subscription: theirs,
    resourceGroup: 'rg-logs',
    name: 'law-tailspin',
    location: 'westeurope',
  });
  delegate(world, {
    scope: `/subscriptions/${theirs.subscriptionId}`,
    to: provider,
    authorizations: [{ principalId: world.guid('group', 'operations'), name: 'Operations', role: 'Contributor' }],
  });
  const machine = (subscription: Subscription, name: string): string =>
    addResource(world, {
      subscription,
      resourceGroup: 'rg-logs',
      type: 'Microsoft.Compute/virtualMachines',
      name,
      location: 'westeurope',
    }).id;
  // One rule of the provider for everybody, and one of Contoso's own for its own workspace.
  const machines = {
    contoso: [machine(estate.delegated, 'vm-contoso-1'), machine(estate.delegated, 'vm-contoso-2')],
    tailspin: [machine(theirs, 'vm-tailspin-1')],
  };
  addCollectionRule(world, {
    subscription: estate.home,
    resourceGroup: 'rg-logs',
    name: 'dcr-shared',
    location: 'westeurope',
    streams: ['Microsoft-Event'],
    workspaces: [workspaces.provider],
    machines: [...machines.contoso, ...machines.tailspin],
  });
  addCollectionRule(world, {
    subscription: estate.delegated,
    resourceGroup: 'rg-logs',
    name: 'dcr-own',
    location: 'westeurope',
    streams: ['Microsoft-Event'],
    workspaces: [workspaces.contoso],
    machines: machines.contoso.slice(0, 1),
  });
  world.collectionAssociations[0] = { ...world.collectionAssociations[0]!, description: 'set by hand' };
  let emulator: Emulator;
  let connection: Connection;
  let person: ReturnType<typeof signedIn>;
  let blocks: CustomerBlocks;
  let changes: ChangeService;
  let shared: Workspace;
  const follow = (): string[] =>
    world.collectionAssociations.map(({ resourceId, ruleId }) => `${last(resourceId)} ${last(ruleId!)}`).sort();
  before(async () => {
    emulator = await startSmall(estate);
    person = signedIn(emulator, engineer, 'pass');
    connection = connect(emulator, person);
    const customers = { load: async () => parseCustomers('{"customers":[]}', 'customers.json') };
    const service = new EstateService({
      accounts: connection.tokens,
      directory: connection.directory,
      customers,
      clock: SYSTEM_CLOCK,
      cloud: 'emulator',
    });
    let plans = 0;
    changes = new ChangeService({
      handlers: changeHandlers(connection.clients),
      estate: service,
      clock: { now: Date.now, sleep: async () => undefined },
      newId: () => `plan-${++plans}`,
    });
    blocks = new CustomerBlocks({
      estate: service,
      customers,
      assess: new AssessClient(connection.clients),
      logs: connection.logs,
      quota: new QuotaScheduler(SYSTEM_CLOCK),
      changes,
      clock: SYSTEM_CLOCK,
      senders: blockSenders(connection.clients),
    });
    shared = (await service.load()).workspaces.find(({ name }) => name === 'law-provider')!;
  });
  after(async () => {
    connection.dispose();
    person.close();
    await emulator.close();
  });

  it('is taken from it by a plan, others stay; and is let in again exactly as it was', async () => {
    const whole = structuredClone(world.collectionAssociations);
    const { plans, undo, unseen, problems } = await blocks.block('Contoso', shared);
    assert.deepEqual([plans.length, unseen, problems], [1, [], []]);
    assert.deepEqual(
      plans[0]!.changes.map(({ action, title }) => [action, title]),
      ['vm-contoso-1', 'vm-contoso-2'].map((name) => ['delete', `Take ${name} from data collection rule dcr-shared`]),
    );
    // A plan does nothing by itself.
    assert.deepEqual(world.collectionAssociations, whole);
    const kept = printUndo(undo);
    const done = await changes.apply(plans[0]!.id, () => undefined);
    assert.ok(done.ok, JSON.stringify(done.error));
    assert.deepEqual(follow(), ['vm-contoso-1 dcr-own', 'vm-tailspin-1 dcr-shared']);
    assert.deepEqual((await blocks.block('Contoso', shared)).plans, []);

    const [back] = await blocks.unblock(parseUndo(kept, 'undo.json'));
    assert.deepEqual(
      back!.changes.map(({ action }) => action),
      ['create', 'create'],
    );
    assert.ok((await changes.apply(back!.id, () => undefined)).ok);
    const sorted = (all: typeof whole) =>
      all
        .map(({ name, resourceId, ruleId, description }) =>
          [name, resourceId, ruleId, description].join(' ').toLowerCase(),
        )
        .sort();
    assert.deepEqual(sorted(world.collectionAssociations), sorted(whole));
  });

  it('is refused where the workspace is its own, the name is nobody’s, or the file another customer’s', async () => {
    await assert.rejects(blocks.block('Nobody', shared), { code: 'input.customer' });
    await assert.rejects(blocks.block('Provider', shared), { code: 'input.customer', message: /own workspace/ });
    const { undo } = await blocks.block('Contoso', shared);
    await assert.rejects(blocks.unblock({ ...undo, customer: 'tailspin' }), { code: 'input.undoFile' });
    await assert.rejects(blocks.unblock({ ...undo, cloud: 'public' }), { code: 'input.undoFile' });
    assert.equal(local.name, 'law-tailspin');
  });

  it('says what it cannot tell: rules that are not visible', async () => {
    const at = world.collectionAssociations.findIndex(
      ({ ruleId, resourceId }) => ruleId?.endsWith('dcr-shared') && resourceId.endsWith('vm-contoso-1'),
    );
    const before_ = world.collectionAssociations[at]!;
    world.collectionAssociations[at] = { ...before_, ruleId: before_.ruleId!.replace('dcr-shared', 'dcr-gone') };
    world.touch();
    const { unseen } = await blocks.block('Contoso', shared);
    assert.deepEqual(unseen.map(last), ['vm-contoso-1']);
    world.collectionAssociations[at] = before_;
    world.touch();
  });
});

function last(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
