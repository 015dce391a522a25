import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, cancelled } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { draftDeletion, draftSettings, draftWorkspace } from '../../../src/core/provision/draftWorkspace.ts';
import { toWorkspaceKey } from '../../../src/model/ids.ts';
import type { ChangeProgress } from '../../../src/model/plan.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { FakePort, TENANT, carryOut, handlersOf, hastyClock, planOn, request } from './fakePort.ts';

const withGroup = draftWorkspace(request({ createResourceGroup: true, dailyCapGb: 5 }));
const armId =
  '/subscriptions/5ub/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-contoso';
const existing = {
  armId,
  name: 'law-contoso',
  issuer: { account: request().account, tenant: TENANT },
  owner: TENANT,
};
const BODY = { location: 'westeurope', tags: { env: 'prod' }, sku: 'PerGB2018', retentionDays: 90, dailyCapGb: -1 };

test('a plan is done step by step, reported, and read back', async () => {
  const port = new FakePort(),
    progress: ChangeProgress[] = [];
  const { result, notes } = await carryOut(port, withGroup, (step) => progress.push(step));
  assert.equal(result.ok, true);
  assert.deepEqual(port.calls, ['group rg-logs', 'put law-contoso']);
  assert.deepEqual(result.done, ['createResourceGroup', 'createWorkspace']);
  assert.deepEqual(notes, [{ kind: 'present', listing: port.existing.get(armId.toLowerCase()) }]);
  assert.equal(port.existing.get(armId.toLowerCase())?.dailyCapGb, 5);
  assert.equal(result.changes[1]?.target, armId);
  const fractions = progress.map((step) => step.fraction);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
    'progress never goes back',
  );
  assert.ok(progress.some((step) => step.message.endsWith(': running')));
});

test('a failure in the middle says what exists now and how to go on', async () => {
  const port = new FakePort();
  port.fail.put = {
    error: new AppError('input.conflict', 'The workspace name is not unique.', { data: { status: 409 } }),
  };
  const { result } = await carryOut(port, withGroup);
  assert.deepEqual(
    [result.ok, result.done, result.exists, result.error?.code],
    [false, ['createResourceGroup'], ['resource group rg-logs'], 'input.conflict'],
  );
  assert.match(
    result.error!.message,
    /not unique\. There is now: resource group rg-logs\. Run the plan again: it goes on/,
  );
});

test('a failure at the first step says that nothing was created', async () => {
  const port = new FakePort();
  port.fail.group = { error: new AppError('access.insufficient', 'No access.') };
  const { result } = await carryOut(port, withGroup);
  assert.match(result.error!.message, /No access\. Nothing was created\./);
  assert.deepEqual(port.calls, ['group rg-logs']);
});

test('a call that failed after it had done its work is seen through', async () => {
  const port = new FakePort();
  port.fail.put = { error: new AppError('network.reset', 'The connection was cut.'), late: true };
  const { result } = await carryOut(port, withGroup);
  assert.deepEqual(result.exists, ['resource group rg-logs', 'workspace law-contoso in westeurope']);
  assert.match(result.error!.message, /check its settings/);
});

test('cancelling says what the service may still do', async () => {
  const port = new FakePort();
  port.fail.put = { error: cancelled() };
  const { result } = await carryOut(port, withGroup);
  assert.equal(result.error?.code, 'cancelled.byUser');
  assert.match(result.error!.message, /may still finish creating law-contoso/);
  const signal = new LocalSignal();
  signal.abort();
  const untouched = new FakePort();
  const { result: nothing } = await carryOut(untouched, withGroup, () => undefined, signal);
  assert.match(nothing.error!.message, /Nothing was created/);
  assert.deepEqual(
    nothing.changes.map(({ state }) => state),
    ['skipped', 'skipped'],
  );
  assert.deepEqual(untouched.calls, []);
});

test('a workspace that came out otherwise than planned is not called a success', async () => {
  const port = new FakePort();
  const put = port.putWorkspace.bind(port);
  port.putWorkspace = (who, armId, body, report) => put(who, armId, { ...body, retentionDays: 30 }, report);
  const { result } = await carryOut(port, withGroup);
  assert.equal(result.error?.code, 'service.notVerified');
  assert.match(result.error!.message, /retention is 30 days, not 90/);
});

test('a group that exists is never written again: it keeps its tags, and the plan says so', async () => {
  const port = new FakePort();
  port.groups.set('rg-logs', {
    name: 'RG-Logs',
    region: 'northeurope',
    provisioningState: 'Succeeded',
    tags: { cost: '12' },
  });
  const { plan } = await planOn(port, withGroup);
  assert.deepEqual(
    plan.changes.map(({ action, title }) => [action, title]),
    [
      ['none', 'Resource group RG-Logs exists already'],
      ['create', 'Create workspace law-contoso'],
    ],
  );
  assert.ok(!plan.commands.some((command) => command.includes('group create')), 'nor by the commands');
  const { result } = await carryOut(port, withGroup);
  assert.deepEqual([result.ok, result.done, port.calls], [true, ['createWorkspace'], ['put law-contoso']]);
  assert.deepEqual(port.groups.get('rg-logs')?.tags, { cost: '12' });
});

test('a group that somebody made after the plan was shown is left as it is as well', async () => {
  const port = new FakePort();
  const read = port.resourceGroup.bind(port);
  let reads = 0;
  port.resourceGroup = (...question) => {
    if (reads++ === 1)
      port.groups.set('rg-logs', { name: 'rg-logs', region: 'westeurope', provisioningState: 'Succeeded' });
    return read(...question);
  };
  const { result } = await carryOut(port, withGroup);
  assert.deepEqual([result.ok, port.calls], [true, ['put law-contoso']]);
  assert.equal(result.changes[0]?.state, 'unchanged');
});

test('carried out again, a plan finds everything there and sends nothing', async () => {
  const port = new FakePort();
  await carryOut(port, withGroup);
  port.calls.length = 0;
  const { result } = await carryOut(port, withGroup);
  assert.deepEqual([result.ok, result.done, port.calls], [true, [], []]);
  assert.deepEqual(
    result.changes.map(({ state }) => state),
    ['unchanged', 'unchanged'],
  );
});

test('done is what a later GET calls Succeeded; until then it is waited for', async () => {
  const port = new FakePort(),
    messages: string[] = [];
  port.states = ['Creating', 'Updating'];
  const { result } = await carryOut(port, withGroup, ({ message }) => messages.push(message));
  assert.equal(result.ok, true);
  assert.ok(messages.includes('Create workspace law-contoso: Updating'), messages.join('\n'));
  const failing = new FakePort();
  failing.states = ['Creating', 'Failed'];
  const { result: failed } = await carryOut(failing, withGroup);
  assert.equal(failed.error?.code, 'service.notVerified');
  assert.match(failed.error.message, /did not finish workspace law-contoso: it says Failed\. There is now/);
});

test('a change sends only what changes; null takes the cap off', async () => {
  const port = new FakePort();
  port.store(armId, { ...BODY, dailyCapGb: 3 });
  const change = { workspace: toWorkspaceKey(armId), dailyCapGb: null, tags: { a: 'b' } };
  const { plan } = await planOn(port, draftSettings(existing, change));
  assert.deepEqual(plan.changes[0]?.differences, [
    { name: 'Daily cap', before: '3 GB', after: 'none' },
    { name: 'Tag env', before: 'prod' },
    { name: 'Tag a', after: 'b' },
  ]);
  const { result } = await carryOut(port, draftSettings(existing, change));
  assert.deepEqual([result.ok, result.done], [true, ['updateWorkspace']]);
  assert.deepEqual(port.calls, ['patch {"dailyCapGb":-1,"tags":{"a":"b"}}']);
  const again = await planOn(port, draftSettings(existing, change));
  assert.equal(again.plan.changes[0]?.action, 'none', 'it is so already');
  assert.throws(() => draftSettings(existing, { workspace: toWorkspaceKey(armId), retentionDays: 5 }), {
    code: 'input.workspace',
  });
  assert.throws(() => draftSettings(existing, { workspace: toWorkspaceKey(armId) }), { code: 'input.workspace' });
  assert.equal(port.calls.length, 1);
});

test('a change whose cost falls on data that is there warns', async () => {
  const port = new FakePort();
  port.store(armId, BODY);
  const warnings = async (change: { retentionDays?: number; dailyCapGb?: number }) =>
    (await planOn(port, draftSettings(existing, { workspace: toWorkspaceKey(armId), ...change }))).plan.warnings;
  assert.match((await warnings({ retentionDays: 30 })).join(), /older than 30 days will be removed from law-contoso/);
  assert.match((await warnings({ dailyCapGb: 1 })).join(), /loses further logs of that day/);
  assert.deepEqual(await warnings({ retentionDays: 180 }), []);
});

test('a change that the service refuses says so, and no more than it knows', async () => {
  const port = new FakePort();
  port.store(armId, BODY);
  port.fail.patch = { error: new AppError('access.insufficient', 'Ask for Log Analytics Contributor.') };
  const draft = draftSettings(existing, { workspace: toWorkspaceKey(armId), retentionDays: 180 });
  assert.equal((await carryOut(port, draft)).result.error?.message, 'Ask for Log Analytics Contributor.');
  port.fail.patch = { error: cancelled() };
  assert.equal(
    (await carryOut(port, draft)).result.error?.message,
    'Cancelled. The service may still finish changing law-contoso: look again in a minute before you repeat the plan.',
  );
});

test('a deletion is done, softly or for good, and the estate is told', async () => {
  const port = new FakePort();
  port.store(armId, BODY);
  const { result, notes } = await carryOut(port, draftDeletion(existing, true));
  assert.deepEqual([result.ok, result.done], [true, ['deleteWorkspace']]);
  assert.deepEqual(notes, [{ kind: 'gone', workspace: toWorkspaceKey(armId) }]);
  port.store(armId, BODY);
  assert.equal((await carryOut(port, draftDeletion(existing, false))).result.ok, true);
  assert.deepEqual(port.calls, ['delete permanently', 'delete softly']);
  const gone = await planOn(port, draftDeletion(existing, false));
  assert.equal(gone.plan.changes[0]?.action, 'none', 'there is nothing to delete');
});

test('another workspace of the same name is not the one that somebody agreed to lose', async () => {
  const port = new FakePort();
  port.store(armId, BODY);
  const prepared = await planOn(port, draftDeletion(existing, true));
  port.store(armId, { ...BODY, tags: { env: 'prod', hold: 'legal' } });
  const { result } = await applyPlan(prepared, {
    handlers: handlersOf(port),
    clock: hastyClock(),
    report: () => undefined,
  });
  assert.deepEqual([result.ok, result.error?.code, port.calls], [false, 'input.planOutdated', []]);
});

test('the result says when each change was made, and the ids of what is there', async () => {
  const port = new FakePort();
  const { result } = await carryOut(port, withGroup);
  assert.deepEqual(
    result.changes.map(({ ids }) => ids),
    [undefined, [{ name: 'Workspace ID', value: 'guid' }]],
  );
  for (const { began, ended } of result.changes) assert.ok(result.began <= began! && ended! <= result.ended);
  const refusing = new FakePort();
  refusing.fail.group = { error: new AppError('access.insufficient', 'No access.') };
  const [first, second] = (await carryOut(refusing, withGroup)).result.changes;
  assert.deepEqual([typeof first?.ended, second?.state, second?.ended], ['string', 'skipped', undefined]);
});

test('a retention that the pricing tier fixes is refused before anything is asked', () => {
  const wanted = (sku: string, retentionDays: number) => () =>
    draftSettings({ ...existing, sku }, { workspace: toWorkspaceKey(armId), retentionDays });
  assert.throws(wanted('Free', 30), {
    code: 'input.workspace',
    message: /legacy pricing tier Free keeps logs for 7 days/,
  });
  assert.throws(wanted('Premium', 90), { message: /365 days, no more and no less/ });
  assert.doesNotThrow(wanted('Premium', 365));
  assert.doesNotThrow(wanted('CapacityReservation', 31));
});

test('a tag that was to go and is still there is no success', async () => {
  const port = new FakePort();
  port.store(armId, BODY);
  port.patchWorkspace = () => Promise.resolve();
  const draft = draftSettings({ ...existing, tags: BODY.tags }, { workspace: toWorkspaceKey(armId), tags: {} });
  const { result } = await carryOut(port, draft);
  assert.equal(result.ok, false);
  assert.match(result.error!.message, /still has the tags env/);
});

test('a registration is waited for, and what becomes registered meanwhile is left alone', async () => {
  const port = new FakePort();
  // Seen by the plan, by the change, and three times afterwards.
  port.registrations = ['NotRegistered', 'NotRegistered', 'Registering', 'Registering', 'Registered'];
  const messages: string[] = [];
  const draft = draftWorkspace(request(), { register: true });
  const { result } = await carryOut(port, draft, ({ message }) => messages.push(message));
  assert.deepEqual([result.ok, port.calls], [true, ['register Microsoft.OperationalInsights', 'put law-contoso']]);
  assert.equal(messages.filter((message) => message.endsWith('is Registering')).length, 2);

  const other = new FakePort();
  other.registrations = ['NotRegistered', 'Registered'];
  const { result: right } = await carryOut(other, draft);
  assert.deepEqual([right.ok, right.changes[0]?.state, other.calls], [true, 'unchanged', ['put law-contoso']]);
});
