import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ClientSecretCredential } from '@azure/identity';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { putWorkspace } from '../../../src/emulator/arm/workspaceWrites.ts';
import { ARM_SCOPE, smallEstate, startSmall, type SmallEstate } from './smallEstate.ts';

/** Resource Graph through Microsoft's SDK, its KQL run by the product's engine. */
let estate: SmallEstate;
let emulator: Emulator;
let client: ResourceGraphClient;

before(async () => {
  estate = smallEstate();
  emulator = await startSmall(estate);
  const tlsOptions = { ca: emulator.ca };
  const credential = new ClientSecretCredential(estate.provider.tenantId, estate.app.appId!, 'secret', {
    authorityHost: emulator.url,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  client = new ResourceGraphClient(credential, {
    endpoint: emulator.url,
    credentials: { scopes: [ARM_SCOPE] },
    tlsOptions,
    retryOptions: { maxRetries: 0 },
  });
});
after(() => emulator.close());

const WORKSPACES = `Resources
| where type =~ 'microsoft.operationalinsights/workspaces'
| project id, name, tenantId, subscriptionId, resourceGroup, location, customerId = tostring(properties.customerId), sku = tostring(properties.sku.name),
  retention = toint(properties.retentionInDays), cap = todouble(properties.workspaceCapping.dailyQuotaGb), tags
| order by name asc`;

test("the estate's discovery query, over the own and the delegated tenant", async () => {
  const { totalRecords, count, resultTruncated, data } = await client.resources({ query: WORKSPACES });
  assert.deepEqual([totalRecords, count, resultTruncated], [2, 2, 'false']);
  const [contoso, provider] = data as Record<string, unknown>[];
  assert.deepEqual(
    [contoso!['name'], contoso!['tenantId'], contoso!['customerId'], contoso!['retention'], contoso!['cap']],
    ['law-contoso', estate.contoso.tenantId, estate.workspaces.contoso.properties.customerId, 30, -1],
  );
  assert.deepEqual([provider!['name'], provider!['sku'], provider!['tags']], ['law-provider', 'PerGB2018', {}]);
});

test('pages follow one another', async () => {
  const first = await client.resources({ query: WORKSPACES, options: { top: 1 } });
  const second = await client.resources({ query: WORKSPACES, options: { top: 1, skipToken: first.skipToken! } });
  const names = [first, second].map(({ data }) => (data as { name: string }[])[0]!.name);
  assert.deepEqual([names, second.skipToken], [['law-contoso', 'law-provider'], undefined]);
});

test('a join of containers and resources, and a count', async () => {
  const { data } = await client.resources({
    query: `resourcecontainers | where type == 'microsoft.resources/subscriptions' | project subscriptionId, subscription = name
    | join kind=inner (resources | where type has 'workspaces' | summarize workspaces = count() by subscriptionId) on subscriptionId | project subscription, workspaces | order by subscription asc`,
  });
  assert.deepEqual(data, [
    { subscription: 'Contoso', workspaces: 1 },
    { subscription: 'Provider', workspaces: 1 },
  ]);
});

test('what is created is found by the next query', async () => {
  putWorkspace(estate.world, estate.home, 'rg-logs', 'law-later', { location: 'westeurope', tags: { stage: 'test' } });
  const { data } = await client.resources({
    query: "resources | where name == 'law-later' | project name, stage = tostring(tags.stage)",
  });
  assert.deepEqual(data, [{ name: 'law-later', stage: 'test' }]);
});

test('a query that does not parse or bind is refused with its reason', async () => {
  await assert.rejects(client.resources({ query: 'resources | where (' }), { statusCode: 400, code: 'BadRequest' });
  await assert.rejects(client.resources({ query: 'resources | project nothing' }), {
    statusCode: 400,
    code: 'BadRequest',
  });
});
