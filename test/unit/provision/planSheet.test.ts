/** The sheet of a plan, whole, and the same sheet as the receipt: for two customers that are both called Contoso. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { ChangeService } from '../../../src/core/changes/changeService.ts';
import { planSheet } from '../../../src/core/changes/planSheet.ts';
import { lossesOf } from '../../../src/core/provision/losses.ts';
import { Provisioning } from '../../../src/core/provision/provisioning.ts';
import { confirmText } from '../../../src/extension/provision/confirmText.ts';
import { toCustomerKey, toSubscriptionId, toTenantId, toWorkspaceGuid } from '../../../src/model/ids.ts';
import type { DirectoryPort } from '../../../src/ports/directory.ts';
import { tenant, workspace } from '../extension/sampleEstate.ts';
import { FakePort, TENANT, handlersOf, hastyClock, request } from './fakePort.ts';

const UK = toTenantId('00000000-0000-4000-8000-0000000000bb');
const SUBSCRIPTION = toSubscriptionId('5ub');
const ANN = request().account;

const there = workspace('law-contoso', {
  subscription: SUBSCRIPTION,
  subscriptionName: 'Contoso Production',
  resourceGroup: 'rg-logs',
  armId: '/subscriptions/5ub/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-contoso',
  guid: toWorkspaceGuid('workspace-guid'),
  tenant: TENANT,
  customer: toCustomerKey('contoso'),
  retentionDays: 90,
  sentinel: true,
  paths: [{ kind: 'lighthouse', account: ANN, issuer: UK }],
});

const ESTATE = {
  cloud: 'public',
  seenAt: '2026-11-29T10:00:00Z',
  problems: [],
  accounts: [{ id: ANN, label: 'ann@northbridge.example', homeTenant: UK }],
  customers: ['contoso', 'contoso-uk'].map((key) => ({
    key: toCustomerKey(key),
    name: 'Contoso',
    groups: [],
    tags: {},
    tenants: [key === 'contoso' ? TENANT : UK],
  })),
  tenants: [
    { ...tenant(TENANT, 'Contoso', 'contoso'), accounts: [] },
    { ...tenant(UK, 'Contoso', 'contoso-uk'), accounts: [ANN] },
  ],
  workspaces: [there],
};

const table = (name: string, totalRetentionDays: number, kind: 'Microsoft' | 'CustomLog' = 'Microsoft') =>
  ({ name, plan: 'Analytics', kind, retentionDays: 90, totalRetentionDays, classic: false }) as const;
const directory: Pick<DirectoryPort, 'subscriptions' | 'tables' | 'functions'> = {
  subscriptions: async () => [],
  tables: async () => [table('Heartbeat', 90), table('SecurityEvent', 4383), table('App_CL', 90, 'CustomLog')],
  functions: async () => [{ name: 'fnHosts', parameters: '', body: '' }],
};

function open(port = new FakePort()) {
  const estate = { load: async () => ESTATE, notePresent: () => undefined, noteGone: () => undefined };
  let made = 0;
  const changes = new ChangeService({
    handlers: handlersOf(port),
    estate,
    clock: hastyClock(),
    newId: () => `plan-${++made}`,
  });
  return { port, provisioning: new Provisioning({ port, directory, estate, changes }) };
}

const silent = (): void => undefined;
const wanted = request({ createResourceGroup: true, subscription: SUBSCRIPTION, tags: { env: 'prod' } });

test('a plan says for whom, with every id named, and which of the two', async () => {
  const { provisioning } = open();
  const plan = await provisioning.planWorkspace(wanted);
  const sheet = planSheet(plan);
  assert.match(
    sheet,
    /^Create workspace law-contoso for Contoso \(contoso\.example\)\n\nPLAN - nothing has been done yet/,
  );
  assert.match(sheet, /\n {2}Tenant +Contoso \(contoso\.example\) {2}00000000-0000-4000-8000-000000000001\n/);
  assert.match(sheet, /\n {2}Subscription +Contoso Production {2}5ub\n/);
  assert.match(sheet, /\n {5}Region +West Europe \(westeurope\)\n/);
  assert.match(sheet, /\n {2}5ub - subscription Contoso Production\n/);
  assert.ok(
    plan.commands.every((command) => sheet.includes(`  ${command}\n`)),
    'the whole of it',
  );
  assert.ok(sheet.indexOf('For whom') < sheet.indexOf('What will happen'));
});

test('carried out, the same sheet is the receipt: what was made, when, and with which ids', async () => {
  const { provisioning } = open();
  const plan = await provisioning.planWorkspace(wanted);
  const result = await provisioning.apply(plan.id, silent);
  const sheet = planSheet(plan, { kind: 'over', result });
  assert.match(
    sheet,
    /^Create workspace law-contoso for Contoso \(contoso\.example\)\n\nDONE - 1970-01-01 00:00:0\d UTC, after/,
  );
  assert.match(sheet, /\n {2}1\. Create resource group rg-logs - done\n/);
  assert.match(sheet, /\n {5}Time +1970-01-01 .* UTC to 1970-01-01 .* UTC \(\d+ s\)\n/);
  assert.match(sheet, /\n {5}Resource ID +\/subscriptions\/5ub\/resourceGroups\/rg-logs\/providers\/.*\/law-contoso\n/);
  assert.match(sheet, /\n {5}Workspace ID +guid\n/);
  assert.doesNotMatch(sheet, /nothing has been done|What will happen/);
});

test('of a failure the receipt says what failed, what there is, and what to do', async () => {
  const { port, provisioning } = open();
  port.fail.put = { error: new AppError('input.conflict', 'The workspace name is not unique.') };
  const plan = await provisioning.planWorkspace(wanted);
  const sheet = planSheet(plan, { kind: 'over', result: await provisioning.apply(plan.id, silent) });
  assert.match(sheet, /\n\nFAILED - a part was done, /);
  assert.match(
    sheet,
    /What went wrong, and what to do\n {2}The workspace name is not unique\. There is now: .*Run the plan again/,
  );
  assert.match(sheet, /1\. Create resource group rg-logs - done\n/);
  assert.match(sheet, /2\. Create workspace law-contoso - FAILED\n {5}Why: The workspace name is not unique\.\n/);
});

test('a deletion names customer, tenant, workspace and what is lost, and wants the name for good', async () => {
  const { port, provisioning } = open();
  port.store(there.armId, { location: 'westeurope', tags: {}, sku: 'PerGB2018', retentionDays: 90, dailyCapGb: -1 });
  const plan = await provisioning.planDeletion(there.key, true);
  const sheet = planSheet(plan);
  assert.equal(
    confirmText(plan).split('\n\n')[0],
    'Customer: Contoso\nTenant: Contoso (contoso.example), 00000000-0000-4000-8000-000000000001\nWorkspace: law-contoso, workspace-guid',
  );
  assert.equal(confirmText(plan).split('\n\n')[1], plan.warnings.join('\n'));
  assert.match(sheet, /^Delete workspace law-contoso of Contoso \(contoso\.example\) permanently\n/);
  assert.match(sheet, /Carrying it out asks for the name "law-contoso"/);
  assert.match(sheet, /\n {2}Workspace +law-contoso {2}workspace-guid\n/);
  assert.match(
    sheet,
    /\n {2}Done as +ann@northbridge\.example\n {2}Through tenant +Contoso \(contoso-uk\.example\) {2}0/,
  );
  assert.deepEqual(plan.warnings, [
    'Lost for good: the logs of law-contoso of up to 90 days. Nobody can bring them back.',
    'With it goes what it has of its own: 1 table (App_CL).',
    'Kept for longer than the workspace, and gone as well: SecurityEvent (4383 days).',
    'With it goes what is saved in it: 1 function (fnHosts).',
    'Microsoft Sentinel works on it: its rules, incidents and watchlists go with it.',
  ]);
  await assert.rejects(provisioning.apply(plan.id, silent, undefined, 'law'), { code: 'input.notConfirmed' });
  assert.equal((await provisioning.apply(plan.id, silent, undefined, 'law-contoso')).ok, true);
  assert.deepEqual(port.calls, ['delete permanently']);
});

test('what could not be looked at is said, and a soft deletion says what comes back', async () => {
  const refusing = {
    tables: async () => {
      throw new AppError('access.insufficient', 'No access.');
    },
    functions: async () => [],
  };
  const issuer = { account: ANN, tenant: UK };
  const losses = await lossesOf({ ...there, sentinel: false }, false, refusing, issuer);
  assert.match(losses[0]!, /stops taking in logs at once.*Recovered within 14 days they are back/);
  assert.deepEqual(losses.slice(1), ['Its tables could not be listed: No access.']);
});

test('a plan of nothing says so, and one whose worker is gone says that', async () => {
  const { port, provisioning } = open();
  port.store(there.armId, { location: 'westeurope', tags: {}, sku: 'PerGB2018', retentionDays: 90, dailyCapGb: -1 });
  const plan = await provisioning.planSettings({ workspace: there.key, retentionDays: 90 });
  assert.match(planSheet(plan), /\n\nNOTHING TO DO - /);
  const lost = planSheet(plan, { kind: 'lost', message: 'The worker ended.\u001b[2J' });
  assert.match(lost, /\n\nNO RECEIPT - The worker ended\.\u241b\[2J\n/);
});

test('what a template cannot say is named above it', async () => {
  const { provisioning } = open();
  const plan = await provisioning.planWorkspace(wanted);
  const update = { title: 'Change workspace law-old', action: 'update', target: there.armId } as const;
  const more = { ...update, resources: [], commands: [['az', 'x']], requests: [] };
  const sheet = planSheet({ ...plan, source: { ...plan.source, steps: [...plan.source.steps, more] } });
  const left = (text: string): string[] =>
    [...text.matchAll(/^ {2}Not in it, but in the commands above: (.*)$/gm)].map((m) => m[1]!);
  assert.deepEqual(left(sheet), ['Create resource group rg-logs', 'Change workspace law-old']);
  assert.deepEqual(left(planSheet(plan)), ['Create resource group rg-logs'], 'a group is made before what is in it');
});
