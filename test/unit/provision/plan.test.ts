import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { readTags } from '../../../src/cli/commands/workspaceAction.ts';
import { checkName } from '../../../src/core/provision/checkName.ts';
import { draftWorkspace } from '../../../src/core/provision/draftWorkspace.ts';
import { validateName, validateResourceGroupName, validateTags } from '../../../src/core/provision/rules.ts';
import { toCustomerKey, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { FakePort, TENANT, planOn, request } from './fakePort.ts';

test('names: 4 to 63 letters, digits and hyphens, a letter or digit at both ends', () => {
  for (const good of ['law1', 'LAW-contoso-01', 'a'.repeat(63)]) assert.equal(validateName(good), undefined, good);
  for (const bad of ['law', 'a'.repeat(64), '-law1', 'law1-', 'law_1', 'läw1', ''])
    assert.equal(typeof validateName(bad), 'string', bad);
  assert.match(validateName('law 1')!, /not " "/);
  assert.equal(validateResourceGroupName('rg-(1)_größe'), undefined);
  assert.equal(typeof validateResourceGroupName('rg.'), 'string');
  assert.match(validateTags({ 'a/b': '' })!, /"\/"/);
});

const place = {
  issuer: { account: request().account, tenant: TENANT },
  subscription: toSubscriptionId('5ub'),
  resourceGroup: 'rg-logs',
  region: 'westeurope',
};

test('a name is free, taken, or held by a workspace in soft delete', async () => {
  const port = new FakePort();
  port.store('/subscriptions/5ub/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-there', {
    location: 'westeurope',
    tags: {},
    sku: 'PerGB2018',
    retentionDays: 30,
    dailyCapGb: -1,
  });
  port.deleted = [
    { name: 'LAW-Gone', resourceGroup: 'RG-logs', region: 'West Europe' },
    { name: 'law-far', resourceGroup: 'rg-logs', region: 'eastus' },
    { name: 'law-other', resourceGroup: 'elsewhere', region: 'westeurope' },
  ];
  const state = async (name: string) => {
    const answer = await checkName(port, place, name);
    return answer.state === 'softDeleted' ? `softDeleted ${answer.recoverable}` : answer.state;
  };
  assert.deepEqual(await Promise.all(['law-new', 'law-there', 'law-gone', 'law-far', 'law-other', 'x'].map(state)), [
    'free',
    'taken',
    'softDeleted true',
    'softDeleted false',
    'free',
    'invalid',
  ]);
});

test('a plan says every step, and its template and commands say the same', async () => {
  const draft = draftWorkspace(
    request({
      createResourceGroup: true,
      dailyCapGb: 5,
      tags: { owner: "Ann O'Neil" },
      sku: { name: 'CapacityReservation', gbPerDay: 200 },
    }),
    { tenantName: 'Contoso' },
  );
  const { plan } = await planOn(new FakePort(), draft);
  assert.equal(plan.title, 'Create workspace law-contoso for Contoso');
  assert.deepEqual(
    plan.changes.map((change) => [change.action, change.resource]),
    [
      ['create', 'resourceGroup'],
      ['create', 'workspace'],
    ],
  );
  const template = JSON.parse(plan.template) as {
    resources: { name: string; properties: object; tags: object; location: string }[];
  };
  assert.deepEqual(
    template.resources.map(({ name, location, tags, properties }) => ({ name, location, tags, properties })),
    [
      {
        name: 'law-contoso',
        location: 'westeurope',
        tags: { owner: "Ann O'Neil" },
        properties: {
          sku: { name: 'CapacityReservation', capacityReservationLevel: 200 },
          retentionInDays: 90,
          workspaceCapping: { dailyQuotaGb: 5 },
        },
      },
    ],
  );
  assert.deepEqual(plan.commands.slice(2), [
    'az group create --name rg-logs --location westeurope',
    "az monitor log-analytics workspace create --resource-group rg-logs --workspace-name law-contoso --location westeurope --sku CapacityReservation --capacity-reservation-level 200 --retention-time 90 --quota 5 --tags 'owner=Ann O'\\''Neil'",
  ]);
});

test('a tag that looks like a template expression stays a text', async () => {
  const { plan } = await planOn(new FakePort(), draftWorkspace(request({ tags: { note: '[secret()]' } })));
  assert.match(plan.template, /"\[\[secret\(\)\]"/);
});

test('a plan warns where it departs from what was promised, and of what a cap does', () => {
  const customer = {
    key: toCustomerKey('contoso'),
    name: 'Contoso',
    groups: [],
    tags: {},
    tenants: [TENANT],
    declared: { retentionDays: 365, regions: ['northeurope'] },
  };
  const { warnings = [] } = draftWorkspace(request({ dailyCapGb: 0.01 }), { customer });
  assert.equal(warnings.length, 4);
  assert.match(warnings[0]!, /declared to keep logs in northeurope; this workspace would be in westeurope/);
  assert.match(warnings[1]!, /365 days; this workspace would keep them for 90/);
  assert.match(warnings[2]!, /0\.023/);
  assert.deepEqual(draftWorkspace(request()).warnings, []);
});

test('recovering is another step and other commands', async () => {
  const port = new FakePort();
  const draft = draftWorkspace(request(), { recover: true });
  await assert.rejects(planOn(port, draft), { code: 'input.workspace', message: /no deleted workspace law-contoso/ });
  port.deleted = [{ name: 'law-contoso', resourceGroup: 'rg-logs', region: 'West Europe' }];
  await assert.rejects(planOn(port, draftWorkspace(request())), { code: 'input.softDeleted' });
  const { plan } = await planOn(port, draft);
  assert.deepEqual(
    plan.changes.map((change) => [change.action, change.resource]),
    [['recover', 'workspace']],
  );
  assert.ok(plan.commands.some((command) => command.includes('workspace recover')));
});

test('who may not list the deleted workspaces plans all the same, and is told what that means', async () => {
  const port = new FakePort();
  port.deletedWorkspaces = () => Promise.reject(new AppError('access.insufficient', 'No access.'));
  const { plan } = await planOn(port, draftWorkspace(request()));
  assert.equal(plan.changes[0]?.action, 'create');
  assert.match(plan.warnings.join(), /may not be listed: if one called law-contoso was deleted/);
  assert.equal((await planOn(port, draftWorkspace(request(), { recover: true }))).plan.changes[0]?.action, 'recover');
  port.deletedWorkspaces = () => Promise.reject(new AppError('network.failed', 'No network.'));
  await assert.rejects(planOn(port, draftWorkspace(request())), { code: 'network.failed' });
});

test('a resource group on its way out is not built on', async () => {
  const port = new FakePort();
  port.groups.set('rg-logs', { name: 'rg-logs', region: 'westeurope', provisioningState: 'Deleting' });
  await assert.rejects(planOn(port, draftWorkspace(request({ createResourceGroup: true }))), { code: 'service.busy' });
});

test('what the service would refuse is refused before anything is sent', () => {
  for (const wrong of [
    request({ name: 'x' }),
    request({ retentionDays: 7 }),
    request({ retentionDays: 731 }),
    request({ dailyCapGb: 0 }),
    request({ sku: { name: 'CapacityReservation', gbPerDay: 150 } }),
    request({ resourceGroup: 'a.' }),
  ]) {
    assert.throws(() => draftWorkspace(wrong), { code: 'input.workspace' });
  }
});

test('a subscription that is not registered yet is registered first, and the plan says who may', async () => {
  const port = new FakePort();
  port.registrations = ['NotRegistered'];
  const draft = draftWorkspace(request({ createResourceGroup: true }), { register: true, subscriptionName: 'Main' });
  const { plan } = await planOn(port, draft);
  assert.deepEqual(
    plan.changes.map(({ action, resource, after }) => [action, resource, after.length]),
    [
      ['update', 'resourceProvider', 0],
      ['create', 'resourceGroup', 1],
      ['create', 'workspace', 2],
    ],
  );
  assert.match(plan.warnings.join('\n'), /needs Contributor on the subscription.*runs "az provider register/);
  assert.equal(
    plan.commands.some((line) => line.includes('provider register --namespace Microsoft.OperationalInsights --wait')),
    true,
  );
});

test('a delegated subscription: the warning names what a new resource group needs beside the workspace', () => {
  const delegated = { tenant: toTenantId('00000000-0000-4000-8000-000000000002') };
  const warningsOf = (more: object) => draftWorkspace(request({ ...delegated, ...more })).warnings?.join('\n') ?? '';
  assert.match(warningsOf({ createResourceGroup: true }), /Log Analytics Contributor, and Contributor on the whole/);
  assert.doesNotMatch(warningsOf({}), /whole subscription/);
});

test('a region by its display name is the region, in the plan and in what is declared', () => {
  const customer = {
    key: toCustomerKey('contoso'),
    name: 'Contoso',
    groups: [],
    tags: {},
    tenants: [TENANT],
    declared: { regions: ['West Europe'] },
  };
  const draft = draftWorkspace(request({ region: 'West Europe', createResourceGroup: true }), { customer });
  assert.deepEqual(draft.warnings, []);
  const wanted = draft.intents.map((intent) => JSON.stringify(intent.wanted));
  assert.equal(wanted.filter((text) => text.includes('"region":"westeurope"')).length, 2);
  assert.ok(!wanted.some((text) => text.includes('West Europe')));
});

test('a tag given twice in another case is refused', () => {
  assert.throws(() => draftWorkspace(request({ tags: { Env: 'a', env: 'b' } })), {
    code: 'input.workspace',
    message: /"env" is there twice/,
  });
  assert.equal(readTags({ tag: ['Env=a', 'cost=1'] })?.['cost'], '1');
  for (const tag of [
    ['env=a', 'env=b'],
    ['Env=a', 'env=a'],
  ])
    assert.throws(() => readTags({ tag }), { code: 'input.usage', message: /gives "env" twice/ });
});
