import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ClientSecretCredential } from '@azure/identity';
import { Durations, LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query';
import { SampleEmulator } from './sampleEmulator.ts';

/** @azure/monitor-query as its maker ships it, pointed at the emulator. */
let it: SampleEmulator;
let client: LogsQueryClient;

before(async () => {
  it = await SampleEmulator.start();
  const { url, ca } = it.emulator;
  const tlsOptions = { ca };
  const credential = new ClientSecretCredential(
    it.tenant('Northbridge Managed Services').tenantId,
    it.sample.automation.appId!,
    it.sample.automation.secrets![0]!,
    { authorityHost: url, disableInstanceDiscovery: true, additionallyAllowedTenants: ['*'], tlsOptions },
  );
  client = new LogsQueryClient(credential, {
    endpoint: url,
    audience: 'https://api.loganalytics.io',
    tlsOptions,
    retryOptions: { maxRetries: 0 },
  });
});
after(() => it.emulator.close());

test('a query with a time range, statistics and a chart', async () => {
  const result = await client.queryWorkspace(
    it.id('contoso-prod'),
    'Heartbeat | summarize Beats = count() by bin(TimeGenerated, 1h) | order by TimeGenerated asc | render timechart',
    { duration: Durations.oneHour },
    { includeQueryStatistics: true, includeVisualization: true, serverTimeoutInSeconds: 60 },
  );
  assert.equal(result.status, LogsQueryResultStatus.Success);
  assert.ok(result.status === LogsQueryResultStatus.Success);
  assert.deepEqual(
    result.tables[0]!.columnDescriptors.map(({ name, type }) => [name, type]),
    [
      ['TimeGenerated', 'datetime'],
      ['Beats', 'long'],
    ],
  );
  assert.equal(
    result.tables[0]!.rows.reduce((sum, row) => sum + Number(row[1]), 0),
    120,
  );
  assert.ok(result.tables[0]!.rows[0]![0] instanceof Date);
  assert.equal((result.visualization as { visualization: string }).visualization, 'timechart');
  assert.ok(result.statistics);
});

test('further workspaces and a resource', async () => {
  const both = await client.queryWorkspace(
    it.id('contoso-prod'),
    'Heartbeat | summarize dcount(TenantId)',
    { duration: Durations.oneHour },
    { additionalWorkspaces: [it.id('fabrikam-ops')] },
  );
  assert.ok(both.status === LogsQueryResultStatus.Success);
  assert.deepEqual(both.tables[0]!.rows, [[2]]);
  const machine = [...it.emulator.world.resources.values()].find(({ id }) => id.endsWith('CONTO-PRO-DC01'))!;
  const one = await client.queryResource(machine.id, 'Heartbeat | summarize dcount(Computer)', {
    duration: Durations.oneHour,
  });
  assert.ok(one.status === LogsQueryResultStatus.Success);
  assert.deepEqual(one.tables[0]!.rows, [[1]]);
});

test('a failing query rejects with the code, a truncated one is a partial failure', async () => {
  await assert.rejects(
    client.queryWorkspace(it.id('contoso-prod'), 'Nope', { duration: Durations.oneHour }),
    (error: { code?: string; statusCode?: number }) => error.code === 'BadArgumentError' && error.statusCode === 400,
  );
  const partial = await client.queryWorkspace(it.id('contoso-prod'), 'range x from 1 to 500001 step 1', {
    duration: Durations.oneHour,
  });
  assert.ok(partial.status === LogsQueryResultStatus.PartialFailure);
  assert.equal(partial.partialTables[0]!.rows.length, 500_000);
  assert.equal(partial.partialError.code, 'PartialError');
});

test('a batch, and a query the caller gives up', async () => {
  const results = await client.queryBatch([
    { workspaceId: it.id('contoso-prod'), query: 'print a = 1', timespan: { duration: Durations.oneHour } },
    { workspaceId: it.id('contoso-prod'), query: 'Nope', timespan: { duration: Durations.oneHour } },
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    [LogsQueryResultStatus.Success, LogsQueryResultStatus.Failure],
  );
  const stop = new AbortController();
  const running = client.queryWorkspace(
    it.id('contoso-prod'),
    'range x from 1 to 30000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 30000 step 1 | extend k = 1) on k | summarize sum(x * y)',
    { duration: Durations.oneHour },
    { abortSignal: stop.signal },
  );
  setImmediate(() => {
    stop.abort();
  });
  await assert.rejects(running, { name: 'AbortError' });
});
