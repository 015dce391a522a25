import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AzureClients } from '../../../src/azure/clients.ts';
import { Directory } from '../../../src/azure/arm/directory.ts';
import { LogsClient } from '../../../src/azure/logs/logsClient.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import type { AppError } from '../../../src/base/errors.ts';
import { makeCertificates } from '../../../src/emulator/certificates.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';

/**
 * A listener that writes down what came and says what it is told to: the wire as it is, without the emulator's idea of
 * it.
 */
interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}
interface Said {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly cutAfter?: number;
}

const heard: Heard[] = [];
let answer: (request: Heard, index: number) => Said;
let server: ReturnType<typeof createServer>, clients: AzureClients;
const TENANT = toTenantId('aaaaaaaa-0000-4000-8000-000000000001'),
  ISSUER = { account: toAccountId('ann'), tenant: TENANT };
const ARM_ID = '/subscriptions/5ub/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-contoso';
const query = (more: object = {}) =>
  new LogsClient(clients).query({ issuer: ISSUER, workspaceGuid: 'feed', armId: ARM_ID, query: 'T', ...more }, NEVER);

before(async () => {
  const { ca, cert, key } = await makeCertificates([]);
  server = createServer({ cert, key }, (request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (part: string) => {
        body += part;
      })
      .on('end', () => {
        const call = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
        heard.push(call);
        const said = answer(call, heard.length);
        const bytes = (typeof said.body === 'string'
          ? Buffer.from(said.body)
          : (said.body ?? Buffer.alloc(0))) as unknown as Uint8Array;
        response.writeHead(said.status, {
          'content-type': 'application/json',
          ...(said.cutAfter === undefined ? {} : { 'content-length': String(bytes.length) }),
          ...said.headers,
        });
        if (said.cutAfter === undefined) response.end(bytes);
        else
          response.write(bytes.subarray(0, said.cutAfter), () => {
            response.socket?.destroy();
          });
      });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const cloud: Cloud = {
    name: 'wire',
    authority: origin,
    resourceManager: origin,
    resourceManagerAudience: 'https://arm.example',
    logAnalytics: origin,
    logAnalyticsAudience: 'https://logs.example',
    portal: origin,
    ca,
  };
  const tokens = {
    accounts: () => Promise.resolve([]),
    getToken: (request: { audience: string }) =>
      Promise.resolve({ token: `token-for-${request.audience}`, expiresOn: Date.now() + 3_600_000 }),
  };
  clients = new AzureClients(tokens, { cloud, version: '1.2.3', retry: { maxRetries: 0 } });
});
beforeEach(() => {
  heard.length = 0;
});
after(async () => {
  clients.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

test('a query on the wire: path, audience, headers, and no time range where there is none', async () => {
  answer = () => ({ status: 200, body: '{"tables":[{"name":"PrimaryResult","columns":[],"rows":[]}]}' });
  await query();
  await query({ timespan: '2026-11-01T00:00:00Z/2026-11-02T00:00:00Z', noCache: true });
  assert.deepEqual(
    heard.map((call) => [call.method, call.path, JSON.parse(call.body)]),
    [
      ['POST', '/v1/workspaces/feed/query', { query: 'T' }],
      ['POST', '/v1/workspaces/feed/query', { query: 'T', timespan: '2026-11-01T00:00:00Z/2026-11-02T00:00:00Z' }],
    ],
  );
  const [first, second] = heard.map((call) => call.headers);
  assert.equal(first!['authorization'], 'Bearer token-for-https://logs.example');
  assert.match(String(first!['user-agent']), /^tenantscope\/1\.2\.3 /);
  assert.deepEqual(
    [first!['x-ms-app'], first!['prefer'], first!['cache-control'], second!['cache-control']],
    ['tenantscope', 'wait=600,include-render=true,include-permissions=true', undefined, 'no-cache'],
  );
  assert.match(String(first!['accept-encoding']), /gzip/);
});

test('204, and 200 without a body, are answers without tables', async () => {
  for (const status of [204, 200]) {
    answer = () => ({ status });
    assert.deepEqual((await query()).tables, [], String(status));
  }
});

test('a packed answer that is cut ends as a failure, not as a wait', async () => {
  const body = gzipSync(
    JSON.stringify({
      tables: [
        {
          name: 'P',
          columns: [{ name: 'a', type: 'string' }],
          rows: Array.from({ length: 5000 }, (_, index) => [`row ${index}`]),
        },
      ],
    }),
  );
  answer = () => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body, cutAfter: 2000 });
  await assert.rejects(query(), { code: 'service.unavailable', retryable: true });
  answer = () => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body });
  assert.equal((await query()).tables[0]?.rows.length, 5000);
});

test("a failure is one call: the schedule of repeats is the run's", async () => {
  answer = () => ({ status: 503, headers: { 'retry-after': '1' }, body: 'busy' });
  await assert.rejects(query(), { code: 'service.unavailable' });
  assert.equal(heard.length, 1);
});

test("an error's message says whom, and holds neither the token nor the query", async () => {
  answer = () => ({
    status: 403,
    body: '{"error":{"code":"InsufficientAccessError","message":"The provided credentials have insufficient access"}}',
  });
  await assert.rejects(query({ query: 'Secret | where Password == "x"' }), (error: AppError) => {
    assert.match(error.message, /workspace law-contoso/);
    assert.doesNotMatch(JSON.stringify(error.toData()), /token-for|Password/);
    return true;
  });
});

test("Resource Graph: pages follow the skip token; the quota's headers are kept to", async () => {
  const row = (n: number) => ({
    id: ARM_ID.replace('law-contoso', `law-${n}`),
    tenantId: TENANT.toUpperCase(),
    location: 'westeurope',
    tags: { a: 'b' },
    guid: `GUID-${n}`,
    sku: 'pergb2018',
    retention: 90,
    cap: -1,
    ingestion: 'RespectQuota',
    sentinel: n === 1 ? 1 : 0,
  });
  answer = (_request, index) => ({
    status: 200,
    headers: { 'x-ms-user-quota-remaining': index === 2 ? '0' : '5', 'x-ms-user-quota-resets-after': '00:00:01' },
    body: JSON.stringify({
      totalRecords: 3,
      count: 1,
      resultTruncated: 'false',
      ...(index < 3 ? { $skipToken: `page-${index + 1}` } : {}),
      data: [row(index)],
      facets: [],
    }),
  });
  const started = performance.now();
  const found = await new Directory(clients).workspaces(ISSUER);
  assert.deepEqual(
    heard.map((call) => (JSON.parse(call.body) as { options: object }).options),
    [
      { $top: 1000, resultFormat: 'objectArray' },
      { $top: 1000, $skipToken: 'page-2', resultFormat: 'objectArray' },
      { $top: 1000, $skipToken: 'page-3', resultFormat: 'objectArray' },
    ].map((options) => options),
  );
  assert.ok(performance.now() - started >= 950, 'the third page waited for the refill');
  assert.deepEqual(found[0], {
    armId: ARM_ID.replace('law-contoso', 'law-1'),
    guid: 'guid-1',
    name: 'law-1',
    tenant: TENANT,
    subscription: '5ub',
    resourceGroup: 'rg',
    region: 'westeurope',
    tags: { a: 'b' },
    sku: 'pergb2018',
    retentionDays: 90,
    ingestionStatus: 'RespectQuota',
    sentinel: true,
  });
  assert.deepEqual(
    found.map((workspace) => workspace.sentinel),
    [true, false, false],
  );
  assert.equal(
    heard[0]!.headers['authorization'],
    'Bearer token-for-https://arm.example',
    "the cloud's own audience, not the public one",
  );
});

test('a throttled Resource Graph is waited for, as long as it says', async () => {
  answer = (_request, index) =>
    index === 1
      ? {
          status: 429,
          headers: { 'x-ms-user-quota-resets-after': '00:00:00' },
          body: '{"error":{"code":"RateLimiting","message":"m"}}',
        }
      : { status: 200, body: '{"totalRecords":0,"count":0,"resultTruncated":"false","data":[]}' };
  assert.deepEqual(await new Directory(clients).workspaces(ISSUER), []);
  assert.equal(heard.length, 2);
});
