import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, cancelled } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { applyPlan } from '../../../src/core/provision/applyPlan.ts';
import { changeWorkspace, deleteWorkspace } from '../../../src/core/provision/changeWorkspace.ts';
import { planWorkspace } from '../../../src/core/provision/planWorkspace.ts';
import { toWorkspaceKey } from '../../../src/model/ids.ts';
import type { ProvisionProgress } from '../../../src/model/plan.ts';
import { FakePort, TENANT, request } from './fakePort.ts';

const withGroup = planWorkspace(request({ createResourceGroup: true, dailyCapGb: 5 }));
const issuer = { account: request().account, tenant: TENANT };

test('a plan is done step by step, reported, and read back', async () => {
  const port = new FakePort(),
    progress: ProvisionProgress[] = [];
  const result = await applyPlan(withGroup, port, (step) => progress.push(step));
  assert.equal(result.ok, true);
  assert.deepEqual(port.calls, ['group rg-logs', 'put law-contoso']);
  assert.deepEqual(result.done, ['createResourceGroup', 'createWorkspace']);
  assert.equal(result.listing?.dailyCapGb, 5);
  assert.match(result.workspace!, /^\/subscriptions\/5ub\/resourcegroups\/rg-logs\/.*law-contoso$/);
  const fractions = progress.map((step) => step.fraction!);
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
  const result = await applyPlan(withGroup, port, () => undefined);
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
  const result = await applyPlan(withGroup, port, () => undefined);
  assert.match(result.error!.message, /No access\. Nothing was created\./);
  assert.deepEqual(port.calls, ['group rg-logs']);
});

test('a call that failed after it had done its work is seen through', async () => {
  const port = new FakePort();
  port.fail.put = { error: new AppError('network.reset', 'The connection was cut.'), late: true };
  const result = await applyPlan(withGroup, port, () => undefined);
  assert.deepEqual(result.exists, ['resource group rg-logs', 'workspace law-contoso in westeurope']);
  assert.match(result.error!.message, /check its settings/);
});

test('cancelling says what the service may still do', async () => {
  const port = new FakePort();
  port.fail.put = { error: cancelled() };
  const result = await applyPlan(withGroup, port, () => undefined);
  assert.equal(result.error?.code, 'cancelled.byUser');
  assert.match(result.error!.message, /may still finish creating law-contoso/);
  const signal = new LocalSignal();
  signal.abort();
  const untouched = new FakePort();
  assert.match((await applyPlan(withGroup, untouched, () => undefined, signal)).error!.message, /Nothing was created/);
  assert.deepEqual(untouched.calls, []);
});

test('a workspace that came out otherwise than planned is not called a success', async () => {
  const port = new FakePort();
  const put = port.putWorkspace.bind(port);
  port.putWorkspace = (who, armId, body, report) => put(who, armId, { ...body, retentionDays: 30 }, report);
  const result = await applyPlan(withGroup, port, () => undefined);
  assert.equal(result.error?.code, 'service.notVerified');
  assert.match(result.error!.message, /retention is 30 days, not 90/);
});

const armId =
  '/subscriptions/5ub/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-contoso';

test('a change sends only what changes; null takes the cap off', async () => {
  const port = new FakePort();
  await changeWorkspace(port, issuer, armId, { workspace: toWorkspaceKey(armId), dailyCapGb: null, tags: { a: 'b' } });
  assert.deepEqual(port.calls, ['patch {"dailyCapGb":-1,"tags":{"a":"b"}}']);
  await assert.rejects(changeWorkspace(port, issuer, armId, { workspace: toWorkspaceKey(armId), retentionDays: 5 }), {
    code: 'input.workspace',
  });
  await assert.rejects(changeWorkspace(port, issuer, armId, { workspace: toWorkspaceKey(armId) }), {
    code: 'input.workspace',
  });
  assert.equal(port.calls.length, 1);
});

test('permanent deletion needs the name, typed exactly', async () => {
  const port = new FakePort();
  for (const typedName of [undefined, '', 'LAW-contoso'])
    await assert.rejects(
      deleteWorkspace(
        port,
        issuer,
        { armId, name: 'law-contoso', permanent: true, ...(typedName === undefined ? {} : { typedName }) },
        () => undefined,
      ),
      { code: 'input.notConfirmed' },
    );
  assert.deepEqual(port.calls, []);
  assert.equal(
    (
      await deleteWorkspace(
        port,
        issuer,
        { armId, name: 'law-contoso', permanent: true, typedName: 'law-contoso' },
        () => undefined,
      )
    ).ok,
    true,
  );
  assert.equal(
    (await deleteWorkspace(port, issuer, { armId, name: 'law-contoso', permanent: false }, () => undefined)).ok,
    true,
  );
  assert.deepEqual(port.calls, ['delete permanently', 'delete softly']);
});
