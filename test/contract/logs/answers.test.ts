import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NOW, SampleEmulator, type QueryBody } from './sampleEmulator.ts';

/** Answers of the query API, as raw JSON. */
let it: SampleEmulator;
before(async () => {
  it = await SampleEmulator.start();
});
after(() => it.emulator.close());

test('an answer has one table PrimaryResult of named, typed columns and rows of plain values', async () => {
  const answer = await it.query(
    'contoso-prod',
    'Heartbeat | where Computer startswith "CONTO-PRO-DC" | summarize Beats = count() by Computer',
  );
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), {
    tables: [
      {
        name: 'PrimaryResult',
        columns: [
          { name: 'Computer', type: 'string' },
          { name: 'Beats', type: 'long' },
        ],
        rows: [['CONTO-PRO-DC01.contoso.com', 288]],
      },
    ],
  });
});

test('every type has the encoding of the service', async () => {
  const answer = await it.query(
    'contoso-prod',
    'print b = true, i = int(7), l = 9223372036854775807, r = 1.5, nan = real(nan), inf = real(+inf), d = decimal(1.25), t = datetime(2026-03-02 10:00:00), f = datetime(2026-03-02T10:00:00.5000001Z), s = 1d + 2h, g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), o = dynamic({"a":[1,2]}), none = long(null), empty = ""',
  );
  assert.match(
    answer.text,
    /"rows":\[\[true,7,9223372036854775807,1\.5,"NaN","Infinity","1\.25","2026-03-02T10:00:00Z","2026-03-02T10:00:00\.5000001Z","1\.02:00:00","74be27de-1e4e-49d9-b579-fe0b331d3642","\{\\"a\\":\[1,2\]\}",null,""\]\]/,
  );
  assert.deepEqual(
    answer.json<QueryBody>().tables[0]!.columns.map(({ type }) => type),
    [
      'bool',
      'int',
      'long',
      'real',
      'real',
      'real',
      'decimal',
      'datetime',
      'datetime',
      'timespan',
      'guid',
      'dynamic',
      'long',
      'string',
    ],
  );
});

test('standard columns are there: TenantId is the workspace id, as a string', async () => {
  const [row] = await it.rows(
    'contoso-prod',
    'Heartbeat | take 1 | project TenantId, Type, SourceSystem, _IsBillable, isnotempty(_ResourceId), _BilledSize > 0, getTypeText = gettype(TenantId)',
  );
  assert.deepEqual(row, [it.id('contoso-prod'), 'Heartbeat', 'Azure', 'False', true, true, 'string']);
});

test('a GET asks the same as a POST', async () => {
  const { ask } = await import('../emulator/smallEstate.ts');
  const answer = await ask(
    it.emulator,
    `/v1/workspaces/${it.id('contoso-prod')}/query?query=${encodeURIComponent('print x = 1')}&timespan=PT1H`,
    { token: await it.token() },
  );
  assert.deepEqual(answer.json<QueryBody>().tables[0]!.rows, [[1]]);
});

test('timespans of URL and body are intersected, and rows outside are not seen', async () => {
  const count = async (body: object, urlQuery = ''): Promise<unknown> =>
    (await it.rows('contoso-prod', 'Heartbeat | where Computer has "DC01" | count', { body, urlQuery }))[0]![0];
  assert.equal(await count({}), 288);
  assert.equal(await count({ timespan: 'PT1H' }), 12);
  assert.equal(await count({ timespan: '2026-03-02T06:00:00Z/2026-03-02T08:00:00Z' }), 24);
  assert.equal(await count({ timespan: '2026-03-02T06:00:00Z/PT1H' }), 12);
  assert.equal(await count({ timespan: 'PT4H' }, '?timespan=2026-03-02T05:00:00Z/2026-03-02T07:00:00Z'), 12);
  assert.equal((await it.query('contoso-prod', 'print 1', { body: { timespan: 'yesterday' } })).status, 400);
});

test('now() is the emulated time', async () => {
  assert.deepEqual(await it.rows('contoso-prod', 'print now()'), [[NOW.replace('.000Z', 'Z')]]);
});

test('a workspace without any data answers 204, one without rows of this table an empty table', async () => {
  const none = await it.query('gdi-logs', 'Heartbeat | count');
  assert.deepEqual([none.status, none.text], [204, '']);
  assert.deepEqual(await it.rows('contoso-apps', 'SigninLogs | project UserPrincipalName'), []);
});

test('a POST that is not JSON gets 200 and nothing', async () => {
  const answer = await it.query('contoso-prod', 'print 1', { headers: { 'content-type': 'text/plain' } });
  assert.deepEqual([answer.status, answer.text], [200, '']);
});

test('Prefer brings statistics, render and permissions, and the wait is confirmed', async () => {
  const plain = await it.query(
    'contoso-prod',
    'Perf | summarize avg(CounterValue) by bin(TimeGenerated, 1h) | render timechart with (title="Load")',
  );
  assert.deepEqual(Object.keys(plain.json<QueryBody>()), ['tables']);
  const answer = await it.query(
    'contoso-prod',
    'Perf | summarize avg(CounterValue) by bin(TimeGenerated, 1h) | render timechart with (title="Load")',
    { headers: { prefer: 'wait=30,include-statistics=true, include-render=true,include-permissions=true' } },
  );
  const body = answer.json<
    QueryBody & {
      statistics: {
        query: {
          executionTime: number;
          resourceUsage: { cpu: { totalCpu: string } };
          datasetStatistics: { tableRowCount: number }[];
        };
      };
      render: Record<string, unknown>;
      permissions: { resources: { resourceId: string }[] };
    }
  >();
  assert.equal(answer.headers['preference-applied'], 'wait=30');
  assert.equal(body.statistics.query.datasetStatistics[0]!.tableRowCount, body.tables[0]!.rows.length);
  assert.match(body.statistics.query.resourceUsage.cpu.totalCpu, /^\d\d:\d\d:\d\d\.\d{7}$/);
  assert.deepEqual(
    [body.render['visualization'], body.render['title'], body.render['yMin'], body.render['xColumn']],
    ['timechart', 'Load', 'NaN', null],
  );
  assert.match(body.permissions.resources[0]!.resourceId, /workspaces\/contoso-prod$/);
});

test('the same question is answered from the cache for two minutes, unless the caller wants it fresh', async () => {
  const ask = async (headers?: Record<string, string>): Promise<unknown> =>
    (await it.query('fabrikam-ops', 'print cached = 1', headers ? { headers } : {})).headers['age'];
  assert.equal(await ask(), undefined);
  assert.equal(await ask(), '0');
  assert.equal(await ask({ 'cache-control': 'no-cache' }), undefined);
  it.clock.advance(60_000);
  assert.equal(await ask(), '60');
  assert.equal(await ask({ 'cache-control': 'max-age=30' }), undefined);
  it.clock.advance(121_000);
  assert.equal(await ask(), undefined);
  it.clock.set(Date.parse(NOW));
});

test("stored functions and Azure Monitor's own _LogOperation can be called", async () => {
  const quiet = await it.rows('trey-research', 'QuietComputers(2h) | count');
  assert.ok(Number(quiet[0]![0]) >= 3, `quiet computers: ${String(quiet)}`);
  const [cap] = await it.rows(
    'tailspin-ops',
    '_LogOperation | where Category =~ "Ingestion" | where Detail contains "OverQuota" | count',
  );
  assert.ok(Number(cap![0]) >= 7);
});

test('new rows come as time goes on, and the old ones stay as they were; a clock set back takes them away', async () => {
  const beats = async (): Promise<unknown[][]> =>
    it.rows('coho-edge', 'Heartbeat | order by TimeGenerated asc, Computer asc | project TimeGenerated, Computer', {
      headers: { 'cache-control': 'no-cache' },
      token: await it.token(),
    });
  const first = await beats();
  it.clock.advance(3_600_000);
  const later = await beats();
  it.clock.set(Date.parse(NOW));
  assert.deepEqual(later.slice(0, first.length), first);
  assert.equal(later.length - first.length, first.length / 24);
  assert.deepEqual(await beats(), first);
});

test('metadata lists tables with their columns, functions and the workspace', async () => {
  const { ask } = await import('../emulator/smallEstate.ts');
  const answer = await ask(it.emulator, `/v1/workspaces/${it.id('litware-everything')}/metadata`, {
    token: await it.token(),
  });
  const metadata = answer.json<{
    tables: {
      id: string;
      name: string;
      hasData: boolean;
      properties?: object;
      timespanColumn?: string;
      columns: { name: string; type: string }[];
    }[];
    functions: { name: string; parameters?: string; body: string }[];
    workspaces: { id: string; region: string }[];
  }>();
  assert.equal(metadata.tables.length, 1000);
  const heartbeat = metadata.tables.find(({ name }) => name === 'Heartbeat')!;
  assert.deepEqual([heartbeat.id, heartbeat.hasData, heartbeat.properties], ['Heartbeat', true, undefined]);
  assert.ok(
    metadata.tables.some(({ hasData }) => !hasData),
    'known, and empty',
  );
  assert.deepEqual(heartbeat.columns.slice(0, 3), [
    { name: 'TenantId', type: 'string' },
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Computer', type: 'string' },
  ]);
  assert.ok(
    metadata.functions.some(({ name, parameters }) => name === 'QuietComputers' && parameters === 'age:timespan = 1h'),
  );
  assert.deepEqual(
    metadata.workspaces.map(({ id, region }) => [id, region]),
    [[it.id('litware-everything'), 'eastus']],
  );
});
