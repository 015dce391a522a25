import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addWorkspace } from '../../../src/emulator/populate.ts';
import { addStandardTables } from '../../../src/emulator/world/schemas.ts';
import { appToken, ask, smallEstate, startSmall, type RawAnswer, type SmallEstate } from './smallEstate.ts';

// What Resource Manager writes, held against azure-cli's recordings and the specification's examples.

let estate: SmallEstate;
let emulator: Emulator;
let token: string;
const clock = new EmulatedClock();

before(async () => {
  estate = smallEstate(clock);
  addStandardTables(estate.world);
  addWorkspace(estate.world, {
    subscription: estate.home,
    resourceGroup: 'rg-logs',
    name: 'LAW-Old',
    location: 'westeurope',
    properties: { createdDate: '2020-05-29T08:00:00.0000000Z' },
    solutions: ['LogManagement', 'SecurityInsights'],
  });
  emulator = await startSmall(estate);
  token = await appToken(emulator, estate, estate.provider);
});
after(() => emulator.close());

const group = (): string => `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-logs`;
const provider = (): string => `${group()}/providers/Microsoft.OperationalInsights`;
const workspace = (name = 'law-provider'): string => `${provider()}/workspaces/${name}`;
const at = (path: string, version = '2025-07-01'): string => `${path}?api-version=${version}`;
const send = (method: string, path: string, body?: object): Promise<RawAnswer> =>
  ask(emulator, path, { method, token, ...(body ? { body } : {}) });

async function read<T>(path: string, version?: string): Promise<T> {
  const answer = await ask(emulator, at(path, version), { token });
  assert.equal(answer.status, 200, answer.text);
  return answer.json<T>();
}

type Named = { id: string; name: string };
type Table = {
  name: string;
  systemData?: object;
  properties: {
    [name: string]: unknown;
    schema: { [name: string]: unknown; standardColumns: Record<string, unknown>[] };
  };
};

test('ids: a workspace of old is in lower case but for its name, a new one as it was made, a deleted one in lower case', async () => {
  const old = workspace('LAW-Old').toLowerCase();
  const { value } = await read<{ value: Named[] }>(`${provider()}/workspaces`);
  assert.deepEqual(
    value.map(({ id, name }) => [id, name]),
    [
      [workspace(), 'law-provider'],
      [old, 'LAW-Old'],
    ],
  );
  assert.equal((await read<Named>(workspace('law-OLD'))).id, old);
  const solutions = await read<{ value: { properties: { workspaceResourceId: string } }[] }>(
    `${group()}/providers/Microsoft.OperationsManagement/solutions`,
    '2015-11-01-preview',
  );
  assert.equal(solutions.value[0]!.properties.workspaceResourceId, old);
  await send('PUT', at(workspace('LAW-Gone')), { location: 'westeurope' });
  await send('DELETE', at(workspace('LAW-Gone')));
  const deleted = await read<{ value: Named[] }>(`${provider()}/deletedWorkspaces`);
  assert.deepEqual(
    deleted.value.map(({ id, name }) => [id, name]),
    [[workspace('LAW-Gone').toLowerCase(), 'LAW-Gone']],
  );
});

test('a diagnostic setting has its resource in lower case, its sink as it was given, and null for what it has not', async () => {
  const path = `${workspace()}/providers/Microsoft.Insights/diagnosticSettings/Audit`;
  const made = await send('PUT', at(path, '2021-05-01-preview'), { properties: { workspaceId: workspace('LAW-Old') } });
  assert.deepEqual(made.json<object>(), {
    id: `${workspace().toLowerCase()}/providers/microsoft.insights/diagnosticSettings/Audit`,
    type: 'Microsoft.Insights/diagnosticSettings',
    name: 'Audit',
    location: null,
    kind: null,
    tags: null,
    properties: {
      storageAccountId: null,
      serviceBusRuleId: null,
      workspaceId: workspace('LAW-Old'),
      eventHubAuthorizationRuleId: null,
      eventHubName: null,
      metrics: [],
      logs: [],
      logAnalyticsDestinationType: null,
    },
    identity: null,
  });
});

test('tables: dateTime and null as the examples of 2025-07-01 have them, datetime and nothing as recorded before', async () => {
  const table = (version?: string): Promise<Table> => read<Table>(`${workspace()}/tables/Heartbeat`, version);
  const [now, before] = [await table(), await table('2021-12-01-preview')];
  const time = ({ properties }: Table): unknown =>
    properties.schema.standardColumns.find(({ name }) => name === 'TimeGenerated');
  assert.deepEqual(time(now), {
    name: 'TimeGenerated',
    type: 'dateTime',
    description: null,
    dataTypeHint: null,
    displayName: null,
    isDefaultDisplay: false,
    isHidden: false,
  });
  assert.deepEqual(time(before), {
    name: 'TimeGenerated',
    type: 'datetime',
    isDefaultDisplay: false,
    isHidden: false,
  });
  const { categories, columns, labels, source, displayName } = now.properties.schema;
  assert.deepEqual(
    { categories, columns, labels, source, displayName },
    {
      categories: null,
      columns: null,
      labels: null,
      source: null,
      displayName: null,
    },
  );
  assert.ok(!('columns' in before.properties.schema) && !('labels' in before.properties.schema));
  // TenantId is a guid there, and columns every table has by itself are not listed.
  assert.deepEqual(now.properties.schema.standardColumns[0]!['type'], 'guid');
  assert.ok(!now.properties.schema.standardColumns.some(({ name }) => /^(Type$|_)/.test(String(name))));
  const custom = await read<Table>(`${workspace()}/tables/Audit_CL`, '2021-12-01-preview');
  assert.deepEqual(
    custom.properties.schema.standardColumns.map(({ name, type }) => [name, type]),
    [['TenantId', 'guid']],
  );
  const first = await read<Table>(`${workspace()}/tables/Heartbeat`, '2020-08-01');
  assert.deepEqual(first.properties as object, { RetentionInDays: 30 });
});

test('a search job and restored logs are tables that say who asked for what, and how far it is', async (t) => {
  const slow = await startSmall(estate, { operations: { durationMs: 60_000, retryAfterSeconds: 7 } });
  t.after(() => slow.close());
  const own = await appToken(slow, estate, estate.provider);
  const jobs = (name: string, version?: string): string => at(`${workspace()}/tables/${name}`, version);
  const properties = {
    searchResults: {
      query: 'Heartbeat | where Computer == "a"',
      limit: 1000,
      startSearchTime: '2021-08-01T05:29:18.000Z',
      endSearchTime: '2021-08-02T05:29:18.000Z',
    },
    retentionInDays: 50,
  };
  const made = await ask(slow, jobs('Beat_SRCH'), { method: 'PUT', token: own, body: { properties } });
  assert.deepEqual([made.status, made.text], [202, '']);
  const operation = String(made.headers['azure-asyncoperation']).match(/\/([0-9a-f-]{36})\?/)![1];
  const running = (await ask(slow, jobs('Beat_SRCH'), { token: own })).json<Table>();
  assert.equal(running.properties['provisioningState'], 'InProgress');
  assert.deepEqual(running.properties['resultStatistics'], { progress: 0, ingestedRecords: 0, scannedGb: 0 });
  clock.advance(61_000);
  const searched = (await ask(slow, jobs('Beat_SRCH'), { token: own })).json<Table>();
  assert.deepEqual(searched.properties['searchResults'], {
    query: 'Heartbeat | where Computer == "a"',
    description: `This table was created using a Search Job with the following query: 'Heartbeat | where Computer == "a"'.`,
    limit: 1000,
    startSearchTime: '2021-08-01T05:29:18Z',
    endSearchTime: '2021-08-02T05:29:18Z',
    sourceTable: 'Heartbeat',
    azureAsyncOperationId: operation,
  });
  assert.deepEqual(searched.properties['resultStatistics'], { progress: 100, ingestedRecords: 0, scannedGb: 0 });
  const { createdBy, createdAt, ...unknown } = searched.systemData as Record<string, unknown>;
  assert.deepEqual([createdBy, typeof createdAt], [estate.app.objectId, 'string']);
  assert.deepEqual(unknown, {
    createdByType: null,
    lastModifiedBy: null,
    lastModifiedByType: null,
    lastModifiedAt: null,
  });
  assert.equal(searched.properties.schema['tableType'], 'SearchResults');
  const names = (searched.properties.schema['columns'] as Named[]).map(({ name }) => name);
  assert.deepEqual(names, ['_OriginalTimeGenerated', 'Computer', 'TimeGenerated']);
  const recorded = (await ask(slow, jobs('Beat_SRCH', '2021-12-01-preview'), { token: own })).json<Table>();
  assert.ok('searchResults' in recorded.properties.schema && !('searchResults' in recorded.properties));

  const restoredLogs = {
    sourceTable: 'heartbeat',
    startRestoreTime: '2024-01-01T00:00:00Z',
    endRestoreTime: '2024-01-03T00:00:00Z',
  };
  const asked = { method: 'PUT', token: own, body: { properties: { restoredLogs } } };
  assert.equal((await ask(slow, jobs('Beat_RST'), asked)).status, 202);
  const restored = (await ask(slow, jobs('Beat_RST'), { token: own })).json<Table>();
  assert.equal(restored.properties.schema['tableType'], 'RestoredLogs');
  assert.equal((restored.properties['restoredLogs'] as Record<string, string>)['sourceTable'], 'Heartbeat');
  // A name that does not fit, a source that is not there, a time that is none.
  assert.equal((await ask(slow, jobs('Beat_CL'), asked)).status, 400);
  assert.equal((await ask(slow, jobs('Other_SRCH'), asked)).status, 400);
  const nowhere = { properties: { restoredLogs: { ...restoredLogs, sourceTable: 'Nowhere' } } };
  assert.equal((await ask(slow, jobs('Else_RST'), { ...asked, body: nowhere })).status, 400);
  const timeless = { properties: { restoredLogs: { ...restoredLogs, endRestoreTime: 'soon' } } };
  assert.equal((await ask(slow, jobs('Else_RST'), { ...asked, body: timeless })).status, 400);
  token = await appToken(emulator, estate, estate.provider);
});

test('a new workspace has its hundred and more tables at once, empty, some of them kept for 90 days', async () => {
  await send('PUT', at(workspace('law-new')), { location: 'westeurope', properties: { retentionInDays: 30 } });
  const { value } = await read<{ value: Table[] }>(`${workspace('law-new')}/tables`);
  assert.ok(value.length >= 140, String(value.length));
  for (const { properties } of value) {
    const { plan, retentionInDaysAsDefault, schema } = properties;
    assert.deepEqual(
      [plan, retentionInDaysAsDefault, schema['tableType'], schema['tableSubType']],
      ['Analytics', true, 'Microsoft', 'Any'],
    );
    assert.ok(schema.standardColumns.length > 0);
  }
  const days = new Map(value.map(({ name, properties }) => [name, properties['retentionInDays']]));
  assert.deepEqual(
    ['AzureActivity', 'Usage', 'AppTraces', 'Heartbeat', 'SigninLogs'].map((name) => days.get(name)),
    [90, 90, 90, 30, 30],
  );
  // Columns are kept once for all workspaces, not with each table.
  const { world } = estate;
  assert.equal(world.workspaces.get(workspace('law-new').toLowerCase())!.tables.get('heartbeat')!.columns, undefined);
  await send('PATCH', at(workspace('law-new')), { properties: { retentionInDays: 180 } });
  assert.equal((await read<Table>(`${workspace('law-new')}/tables/Usage`)).properties['retentionInDays'], 180);
});

test('saved searches: in small letters to all but the first api-version, whose letters are capitals', async () => {
  const path = `${workspace()}/savedSearches/mine`;
  const properties = {
    category: 'cli',
    displayName: 'mine',
    version: 2,
    functionAlias: 'myfun',
    query: 'Heartbeat | getschema',
    tags: [{ name: 'a', value: 'b' }],
  };
  const made = (await send('PUT', at(path, '2020-08-01'), { properties })).json<{ etag: string } & Named>();
  assert.match(made.etag, /^W\/"datetime'\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d\.\d{7}Z'"$/);
  assert.deepEqual(
    { ...made },
    {
      properties,
      id: path,
      name: 'mine',
      type: 'Microsoft.OperationalInsights/savedSearches',
      etag: made.etag,
    },
  );
  assert.deepEqual(await read<object>(path, '2015-03-20'), {
    id: path.slice(1),
    eTag: made.etag,
    properties: {
      Category: 'cli',
      DisplayName: 'mine',
      Version: 2,
      FunctionAlias: 'myfun',
      Query: 'Heartbeat | getschema',
      Tags: [{ Name: 'a', Value: 'b' }],
    },
  });
  const old = { properties: { Category: 'x', DisplayName: 'y', Query: 'Usage', Tags: [{ Name: 'c', Value: 'd' }] } };
  await send('PUT', at(`${workspace()}/savedSearches/old`, '2015-03-20'), old);
  const { properties: kept } = await read<{ properties: object }>(`${workspace()}/savedSearches/old`);
  assert.deepEqual(kept, {
    version: 2,
    category: 'x',
    displayName: 'y',
    query: 'Usage',
    tags: [{ name: 'c', value: 'd' }],
  });
});

test('query packs: as the examples of 2025-07-01 have them, the KQL in lists only where it is asked for', async () => {
  const path = `${group()}/providers/Microsoft.OperationalInsights/queryPacks/my-querypack`;
  const made = await send('PUT', at(path), { location: 'westeurope', properties: {} });
  assert.deepEqual([made.status, (await send('PUT', at(path), { location: 'westeurope' })).status], [201, 200]);
  const pack = await read<Named & { properties: object }>(path);
  const written = path.replace('Microsoft.O', 'microsoft.o').replace('Insights', 'insights');
  assert.deepEqual(
    [pack.id, Object.keys(pack).sort()],
    [written, ['id', 'location', 'name', 'properties', 'tags', 'type']],
  );
  assert.deepEqual(Object.keys(pack.properties), ['queryPackId', 'timeCreated', 'timeModified', 'provisioningState']);
  const id = 'a449f8af-8e64-4b3a-9b16-5a7165ff98c4';
  const properties = {
    description: 'my description',
    body: 'Heartbeat | take 10',
    displayName: 'Heartbeat',
    related: { categories: ['analytics'] },
    tags: { 'my-label': ['label1'] },
  };
  const put = await send('PUT', at(`${path}/queries/${id}`), { properties });
  assert.equal(put.status, 200);
  const query = put.json<Named & { type: string; properties: Record<string, unknown> }>();
  assert.deepEqual(
    [query.id, query.name, query.type],
    [`${written}/queries/${id}`, id, 'microsoft.operationalinsights/queryPacks/queries'],
  );
  const { author, timeCreated, timeModified, ...rest } = query.properties;
  assert.ok([author, timeCreated, timeModified].every((one) => typeof one === 'string'));
  assert.deepEqual(rest, { ...properties, id });
  const bodies = async (more: string): Promise<unknown[]> =>
    (await send('GET', `${at(`${path}/queries`)}${more}`))
      .json<{ value: { properties: { body?: string } }[] }>()
      .value.map((one) => one.properties.body);
  assert.deepEqual([await bodies(''), await bodies('&includeBody=true')], [[undefined], [properties.body]]);
  assert.equal((await send('PUT', at(`${path}/queries/words`), { properties })).status, 400);
  assert.equal((await send('GET', at(`${path}/queries/${id.replace('a', 'b')}`))).status, 404);
  const gone = [await send('DELETE', at(`${path}/queries/${id}`)), await send('DELETE', at(`${path}/queries/${id}`))];
  assert.deepEqual(
    gone.map(({ status }) => status),
    [200, 204],
  );
});

test('what is linked to a workspace does not keep it: solutions and automation go for good, a cluster comes back', async () => {
  const path = workspace('law-linked');
  const place = { location: 'westeurope' };
  const links = async (): Promise<string[]> =>
    (await read<{ value: Named[] }>(`${path}/linkedServices`)).value.map(({ name }) => name);
  await send('PUT', at(path), place);
  await send('POST', at(`${path}/intelligencePacks/Updates/Enable`, '2020-08-01'));
  const automation = { properties: { resourceId: `${group()}/providers/Microsoft.Automation/automationAccounts/a` } };
  const cluster = { properties: { writeAccessResourceId: `${provider()}/clusters/c` } };
  const linked = await send('PUT', at(`${path}/linkedServices/automation`, '2020-08-01'), automation);
  assert.deepEqual(
    [linked.status, linked.json<Named>().id, linked.json<Named>().name],
    [200, `${path}/linkedServices/automation`.toLowerCase(), 'law-linked/Automation'],
  );
  const bound = await send('DELETE', at(`${path}/linkedServices/automation`, '2020-08-01'));
  assert.deepEqual(bound.json<object>(), {
    error: {
      code: 'Conflict',
      message:
        'The link cannot be updated or deleted because it is linked to Update Management and/or ChangeTracking Solutions',
    },
  });
  await send('PUT', at(`${path}/linkedServices/cluster`, '2020-08-01'), cluster);
  assert.deepEqual(await links(), ['law-linked/Automation', 'law-linked/Cluster']);
  assert.equal((await send('DELETE', at(path))).status, 200);
  // It comes back, though the answer is a refusal of the price that the cluster pays.
  const again = await send('PUT', at(path), { ...place, properties: { sku: { name: 'PerGB2018' } } });
  assert.deepEqual(
    [again.status, again.json<{ error: { message: string } }>().error.message],
    [400, 'sku.name can not be changed while workspace is linked to cluster'],
  );
  assert.deepEqual(await links(), ['law-linked/Cluster']);
  const { properties } = await read<{ properties: { sku: { name: string } } }>(path);
  assert.equal(properties.sku.name, 'LACluster');
  const solutions = await read<{ value: Named[] }>(
    `${group()}/providers/Microsoft.OperationsManagement/solutions`,
    '2015-11-01-preview',
  );
  assert.ok(!solutions.value.some(({ name }) => name === 'Updates(law-linked)'));
});
