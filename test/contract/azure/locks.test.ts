import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import { draftDeletion } from '../../../src/core/provision/draftWorkspace.ts';
import { workspaceHandler } from '../../../src/core/provision/workspaceHandler.ts';
import { addLock } from '../../../src/emulator/populate.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { Workspace } from '../../../src/emulator/state.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { toAccountId, toPlanId, toTenantId } from '../../../src/model/ids.ts';
import type { PlanResult } from '../../../src/model/plan.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

// A workspace that somebody has locked, deleted through the real SDKs: the outcome says who locked what, and who can help.

const small = smallEstate();
const { world } = small;
const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(small.provider.tenantId) };

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;
before(async () => {
  emulator = await startSmall(small);
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
});
afterEach(() => {
  world.locks.length = 0;
  emulator.faults.clear();
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

async function remove(workspace: Workspace): Promise<PlanResult> {
  const handlers = [workspaceHandler(connection.provision)];
  const owner = toTenantId(small.world.subscriptions.get(workspace.subscriptionId)!.tenantId);
  const draft = draftDeletion(
    { armId: workspaceScope(workspace), name: workspace.name, issuer, owner, tags: {} },
    false,
  );
  const prepared = await makePlan(toPlanId('plan'), draft, handlers);
  return (await applyPlan(prepared, { handlers, clock: SYSTEM_CLOCK, report: () => undefined })).result;
}

function reasonOf(result: PlanResult): { code: string; message: string; data: Record<string, unknown> } {
  assert.equal(result.ok, false);
  const [outcome] = result.changes;
  assert.equal(outcome!.state, 'failed');
  return result.error as unknown as ReturnType<typeof reasonOf>;
}

test('a lock of the resource group, set by a person with a note', async () => {
  const scope = `/subscriptions/${small.home.subscriptionId}/resourceGroups/rg-logs`;
  addLock(world, { scope, name: 'keep', notes: 'audit\nuntil May', by: 'olga@provider.example' });
  const { code, message, data } = reasonOf(await remove(small.workspaces.provider));
  assert.equal(code, 'access.locked');
  assert.equal(
    message,
    'A lock keeps the workspace law-provider as it is: CanNotDelete "keep" on the resource group rg-logs (set by olga@provider.example, note: audit until May). ' +
      'Somebody with Owner or User Access Administrator there removes it (Locks in the portal, or "az lock delete"), then try again.',
  );
  assert.deepEqual(data['locks'], [{ name: 'keep', level: 'CanNotDelete', scope }]);
  assert.ok(world.workspaces.has(workspaceScope(small.workspaces.provider).toLowerCase()));
});

test("several locks of a customer's subscription and workspace: by delegation nobody removes them", async () => {
  const { contoso } = small.workspaces;
  addLock(world, { scope: `/subscriptions/${small.delegated.subscriptionId}`, name: 'all', by: 'it@contoso.example' });
  addLock(world, {
    scope: workspaceScope(contoso).toLowerCase(),
    name: 'one',
    level: 'ReadOnly',
    by: 'it@contoso.example',
  });
  const { message } = reasonOf(await remove(contoso));
  assert.match(message, /^Locks keep the workspace law-contoso as it is: CanNotDelete "all" on the subscription /);
  assert.match(
    message,
    /; ReadOnly "one" on the workspace law-contoso \(set by it@contoso\.example\)\. A delegation by Azure/,
  );
  assert.match(message, /somebody of the customer with Owner or User Access Administrator there removes them/);
});

test("where the locks may not be listed, the service's own words say which scope is locked", async () => {
  const scope = `/subscriptions/${small.home.subscriptionId}`;
  addLock(world, { scope, name: 'all', by: 'olga@provider.example' });
  emulator.faults.add({
    match: { method: 'GET', path: '/locks' },
    fault: { kind: 'status', status: 403 },
  });
  const { code, message } = reasonOf(await remove(small.workspaces.provider));
  assert.equal(code, 'access.locked');
  assert.match(message, new RegExp(`following scope\\(s\\) are locked: '${scope}'`));
  assert.match(message, /removes the lock/);
});
