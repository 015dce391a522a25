import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OperationalInsightsManagementClient } from '@azure/arm-operationalinsights';
import { ResourceManagementClient } from '@azure/arm-resources';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { ClientSecretCredential, DeviceCodeCredential } from '@azure/identity';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { ARM_SCOPE, smallEstate, startSmall, type SmallEstate } from './smallEstate.ts';

/** The Azure SDKs as their makers ship them, pointed at the emulator as a custom cloud. */
let estate: SmallEstate;
let emulator: Emulator;
let credential: ClientSecretCredential;

before(async () => {
  estate = smallEstate();
  emulator = await startSmall(estate);
  credential = secretFor(estate.provider.tenantId);
});
after(() => emulator.close());

function secretFor(tenantId: string): ClientSecretCredential {
  return new ClientSecretCredential(tenantId, estate.app.appId!, 'secret', {
    authorityHost: emulator.url,
    disableInstanceDiscovery: true,
    additionallyAllowedTenants: ['*'],
    tlsOptions: { ca: emulator.ca },
  });
}

const wiring = (): {
  endpoint: string;
  credentials: { scopes: string[] };
  tlsOptions: { ca: string };
  retryOptions: { maxRetries: number };
} => ({
  endpoint: emulator.url,
  credentials: { scopes: [ARM_SCOPE] },
  tlsOptions: { ca: emulator.ca },
  retryOptions: { maxRetries: 0 },
});

function insights(subscriptionId: string): OperationalInsightsManagementClient {
  return new OperationalInsightsManagementClient(credential, subscriptionId, wiring());
}

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of pages) all.push(item);
  return all;
}

test('an application is told of its own tenant and the one that delegates, wherever else it is installed', async () => {
  const client = new SubscriptionClient(credential, wiring());
  const tenants = await collect(client.tenants.list());
  assert.deepEqual(
    tenants.map(({ displayName, tenantCategory }) => [displayName, tenantCategory]),
    [
      ['Provider', 'Home'],
      ['Contoso', 'ManagedBy'],
    ],
  );
  const subscriptions = await collect(client.subscriptions.list());
  assert.deepEqual(
    subscriptions.map(({ displayName, tenantId }) => [displayName, tenantId]),
    [
      ['Provider', estate.provider.tenantId],
      ['Contoso', estate.contoso.tenantId],
    ],
  );
  assert.deepEqual(subscriptions[1]!.managedByTenants, [{ tenantId: estate.provider.tenantId }]);
  const locations = await collect(client.subscriptions.listLocations(estate.home.subscriptionId));
  assert.equal(locations.find(({ name }) => name === 'westeurope')?.displayName, 'West Europe');
});

test("workspaces of a delegated subscription are listed and read with the provider's token", async () => {
  const client = insights(estate.delegated.subscriptionId);
  const [workspace] = await collect(client.workspaces.list());
  assert.equal(workspace?.customerId, estate.workspaces.contoso.properties.customerId);
  assert.equal(workspace?.retentionInDays, 30);
  const tables = await collect(client.tables.listByWorkspace('rg-logs', 'law-contoso'));
  assert.deepEqual(
    tables.map(({ name, plan, retentionInDaysAsDefault }) => [name, plan, retentionInDaysAsDefault]),
    [
      ['Heartbeat', 'Analytics', true],
      ['Audit_CL', 'Analytics', true],
    ],
  );
});

test('a workspace is created, changed, softly deleted, recovered and deleted for good', async () => {
  const client = insights(estate.home.subscriptionId);
  const made = await client.workspaces.createOrUpdate(
    'rg-logs',
    'law-new',
    { location: 'West Europe', sku: { name: 'PerGB2018' }, retentionInDays: 90, tags: { team: 'a' } },
    { updateIntervalInMs: 1 },
  );
  assert.deepEqual(
    [made.provisioningState, made.location, made.retentionInDays, made.tags],
    ['Succeeded', 'westeurope', 90, { team: 'a' }],
  );
  const changed = await client.workspaces.update('rg-logs', 'law-new', {
    retentionInDays: 120,
    workspaceCapping: { dailyQuotaGb: 2 },
  });
  assert.deepEqual(
    [changed.retentionInDays, changed.workspaceCapping?.dailyQuotaGb, changed.tags],
    [120, 2, { team: 'a' }],
  );

  await client.workspaces.delete('rg-logs', 'law-new', { updateIntervalInMs: 1 });
  await assert.rejects(client.workspaces.get('rg-logs', 'law-new'), { code: 'ResourceNotFound', statusCode: 404 });
  assert.deepEqual(
    (await collect(client.deletedWorkspaces.list())).map(({ name }) => name),
    ['law-new'],
  );
  await assert.rejects(
    async () => {
      await client.workspaces.createOrUpdate('rg-logs', 'law-new', { location: 'eastus' });
    },
    { code: 'Conflict', statusCode: 409 },
  );
  const back = await client.workspaces.createOrUpdate(
    'rg-logs',
    'law-new',
    { location: 'westeurope' },
    { updateIntervalInMs: 1 },
  );
  assert.deepEqual([back.customerId, back.retentionInDays], [made.customerId, 120]);

  await client.workspaces.delete('rg-logs', 'law-new', { force: true, updateIntervalInMs: 1 });
  assert.deepEqual(await collect(client.deletedWorkspaces.list()), []);
  await client.workspaces.delete('rg-logs', 'law-new');
});

test("bad workspaces are refused in the service's words", async () => {
  const client = insights(estate.home.subscriptionId);
  const create = (name: string, body: Parameters<typeof client.workspaces.createOrUpdate>[2]) => async () => {
    await client.workspaces.createOrUpdate('rg-logs', name, body);
  };
  await assert.rejects(create('a-', { location: 'westeurope' }), { statusCode: 400, code: 'InvalidParameter' });
  await assert.rejects(
    create('law-bad', { location: 'westeurope', retentionInDays: 20 }),
    /doesn't match the SKU limits/,
  );
  await assert.rejects(create('law-bad', { location: 'westeurope', workspaceCapping: { dailyQuotaGb: 0 } }), {
    code: 'InvalidParameter',
  });
  await assert.rejects(create('law-bad', { location: 'atlantis' }), { code: 'LocationNotAvailableForResourceType' });
  await assert.rejects(create('law-bad', { location: 'westeurope', sku: { name: 'Free' } }), /Pricing tier/);
  await assert.rejects(create('law-provider', { location: 'eastus' }), {
    statusCode: 409,
    code: 'InvalidResourceLocation',
  });
  await assert.rejects(
    async () => {
      await client.workspaces.createOrUpdate('rg-none', 'law-bad', { location: 'westeurope' });
    },
    { statusCode: 404, code: 'ResourceGroupNotFound' },
  );
});

test('keys, usage, tiers, saved searches and linked services', async () => {
  const client = insights(estate.home.subscriptionId);
  const keys = await client.sharedKeys.getSharedKeys('rg-logs', 'law-provider');
  const again = await client.sharedKeys.regenerate('rg-logs', 'law-provider');
  assert.equal(again.secondarySharedKey, keys.primarySharedKey);
  const [usage] = await collect(client.usages.list('rg-logs', 'law-provider'));
  assert.equal(usage?.name?.value, 'DataAnalyzed');
  const tiers = await client.availableServiceTiers.listByWorkspace('rg-logs', 'law-provider');
  assert.equal(tiers[0]?.serviceTier, 'PerGB2018');
  await client.savedSearches.createOrUpdate('rg-logs', 'law-provider', 'late', {
    category: 'Agents',
    displayName: 'Late',
    query: 'Heartbeat | count',
    functionAlias: 'Late',
  });
  const { value: searches } = await client.savedSearches.listByWorkspace('rg-logs', 'law-provider');
  assert.deepEqual(
    searches?.map(({ name, functionAlias }) => [name, functionAlias]),
    [['late', 'Late']],
  );
  await client.savedSearches.delete('rg-logs', 'law-provider', 'late');
  const linked = await client.linkedServices.createOrUpdate(
    'rg-logs',
    'law-provider',
    'Automation',
    { resourceId: '/subscriptions/x/automation' },
    { updateIntervalInMs: 1 },
  );
  assert.equal(linked.provisioningState, 'Succeeded');
  await client.linkedServices.delete('rg-logs', 'law-provider', 'Automation', { updateIntervalInMs: 1 });
});

test('tables: a new custom table, retention reset by PUT and kept by PATCH', async () => {
  const client = insights(estate.home.subscriptionId);
  const schema = {
    name: 'Door_CL',
    columns: [
      { name: 'TimeGenerated', type: 'dateTime' as const },
      { name: 'Open', type: 'boolean' as const },
    ],
  };
  const made = await client.tables.createOrUpdate(
    'rg-logs',
    'law-provider',
    'Door_CL',
    { schema, retentionInDays: 60, totalRetentionInDays: 1095 },
    { updateIntervalInMs: 1 },
  );
  assert.deepEqual(
    [made.retentionInDays, made.totalRetentionInDays, made.archiveRetentionInDays, made.schema?.columns?.length],
    [60, 1095, 1035, 2],
  );
  const patched = await client.tables.update(
    'rg-logs',
    'law-provider',
    'Door_CL',
    { totalRetentionInDays: 730 },
    { updateIntervalInMs: 1 },
  );
  assert.equal(patched.retentionInDays, 60);
  const put = await client.tables.createOrUpdate(
    'rg-logs',
    'law-provider',
    'Door_CL',
    { schema, totalRetentionInDays: 730 },
    { updateIntervalInMs: 1 },
  );
  assert.deepEqual([put.retentionInDays, put.retentionInDaysAsDefault], [30, true]);
  await client.tables.delete('rg-logs', 'law-provider', 'Door_CL', { updateIntervalInMs: 1 });
  await assert.rejects(client.tables.get('rg-logs', 'law-provider', 'Door_CL'), { statusCode: 404 });
  await assert.rejects(async () => {
    await client.tables.createOrUpdate('rg-logs', 'law-provider', 'Door', { schema });
  }, /ends with '_CL'/);
});

test('resource groups come and go, and take their workspaces into soft delete', async () => {
  const groups = new ResourceManagementClient(credential, estate.home.subscriptionId, wiring());
  await groups.resourceGroups.createOrUpdate('rg-short', { location: 'westeurope' });
  assert.equal((await groups.resourceGroups.checkExistence('rg-short')).body, true);
  const client = insights(estate.home.subscriptionId);
  await client.workspaces.createOrUpdate(
    'rg-short',
    'law-short',
    { location: 'westeurope' },
    { updateIntervalInMs: 1 },
  );
  await groups.resourceGroups.delete('rg-short', { updateIntervalInMs: 1 });
  assert.equal((await groups.resourceGroups.checkExistence('rg-short')).body, false);
  assert.deepEqual(
    (await collect(client.deletedWorkspaces.list())).map(({ name }) => name),
    ['law-short'],
  );
});

test("a guest's tenant takes a token of its own", async () => {
  const here = new OperationalInsightsManagementClient(credential, estate.foreign.subscriptionId, wiring());
  await assert.rejects(collect(here.workspaces.list()), { code: 'InvalidAuthenticationTokenTenant' });
  const there = new OperationalInsightsManagementClient(
    secretFor(estate.fabrikam.tenantId),
    estate.foreign.subscriptionId,
    wiring(),
  );
  assert.deepEqual(
    (await collect(there.workspaces.list())).map(({ name }) => name),
    ['law-fabrikam'],
  );
  await assert.rejects(secretFor(estate.contoso.tenantId).getToken(ARM_SCOPE), /AADSTS700016/);
});

test('a device signs in', async () => {
  const device = new DeviceCodeCredential({
    tenantId: 'organizations',
    authorityHost: emulator.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: emulator.ca },
    userPromptCallback: ({ userCode }) => {
      assert.ok(emulator.answerDevice('engineer@provider.example', userCode));
    },
  });
  const { token } = (await device.getToken(ARM_SCOPE))!;
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
  assert.deepEqual(
    [claims['tid'], claims['oid'], claims['upn'], claims['scp']],
    [estate.provider.tenantId, estate.engineer.objectId, 'engineer@provider.example', 'user_impersonation'],
  );
});
