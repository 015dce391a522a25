/** Azure Data Explorer as a sink: what every sink promises, and what is known to go wrong with clusters and their clients. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { NEVER } from '../../../src/base/cancel.ts';
import { AzureClients } from '../../../src/azure/clients.ts';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { KustoDoor } from '../../../src/azure/kusto/kustoDoor.ts';
import { kustoService } from '../../../src/azure/kusto/kustoService.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { DIRECT } from '../../../src/model/network.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupTable } from '../../../src/model/rollup.ts';
import type { RollupBatch } from '../../../src/ports/rollups.ts';
import { RowKeys } from '../../../src/core/rollup/rowKeys.ts';
import { startCompanyProxy } from '../../harness/companyProxy.ts';
import type { CompanyProxy } from '../../harness/companyProxy.ts';
import { sha256 } from '../../harness/sha256.ts';
import { sinkContract } from '../rollup/sinkContract.ts';
import { openCentre } from './centreEstate.ts';
import type { CentreEstate } from './centreEstate.ts';

const TABLE: RollupTable = {
  id: 'Beats-0a1b2c3d',
  name: 'Beats',
  kind: 'portion',
  columns: [
    { name: 'N', type: 'long' },
    { name: 'a b', type: 'string' },
  ],
  viewColumns: [],
  windowMinutes: 60,
};
const BEGIN = Date.UTC(2026, 0, 31, 23);
const CONTOSO = toCustomerKey('contoso');
const LARGE = 9_007_199_254_740_993n;
const TOO_LARGE_TEXT = 'x'.repeat(4_100_000);

let hours = 0;

/** A window of its own with these rows. */
function windowOf(rows: readonly (readonly Cell[])[]): RollupBatch {
  const from = BEGIN + hours++ * 3_600_000;
  const key = { rollup: TABLE.id, workspace: 'w1', from, to: from + 3_600_000 };
  const keys = new RowKeys(sha256, key, TABLE.columns);
  const [start, end] = [key.from, key.to].map((ms) => new Date(ms).toISOString());
  async function* pages(): RollupBatch['pages'] {
    for (const own of rows) yield [['Contoso', 'tenant', 'law', TABLE.id, start!, end!, keys.next(own), ...own]];
    await Promise.resolve();
  }
  return { table: TABLE, key, customer: CONTOSO, pages: pages(), mayCommit: () => Promise.resolve() };
}

describe('a cluster', () => {
  let centre: CentreEstate;
  let door: KustoDoor;
  let newDoor: (more?: { readonly purges?: boolean }) => KustoDoor;
  const sent: { readonly url: string; readonly request: PipelineRequest }[] = [];
  let rewrite: (text: string) => string = (text) => text;
  const ask = async (query: string): Promise<readonly (readonly Cell[])[]> =>
    (await door.ask('central', query, AbortSignal.timeout(30_000))).rows;
  const once = async (): Promise<Cell[]> => (await ask('Beats | sort by N asc | project N')).map(([n]) => n!);
  const calls = (path: string): number => centre.emulator.calls.list({ path }).length;
  const fail = (fault: Parameters<typeof centre.emulator.faults.add>[0]['fault'], path: string, times = 1): void => {
    centre.emulator.faults.add({ match: { path }, fault, times });
  };

  before(async () => {
    centre = await openCentre();
    const { connection, emulator, small } = centre;
    const { url, cloud } = emulator;
    // The transport of the product, listened to.
    const real = new NodeHttpClient({ ca: cloud.ca!, tokenOrigins: [url] });
    const httpClient: HttpClient = {
      async sendRequest(request) {
        sent.push({ url: request.url, request });
        const response = await real.sendRequest(request);
        return typeof response.bodyAsText !== 'string'
          ? response
          : { ...response, bodyAsText: rewrite(response.bodyAsText) };
      },
    };
    const issuer = { account: `test:${small.engineer.username}`, tenant: small.provider.tenantId } as never;
    const credential = {
      getToken: async (scope: string | string[]) => {
        const audience = String(scope).replace('/.default', '');
        const { token } = await connection.tokens.getToken({ ...(issuer as object), audience } as never);
        return { token, expiresOnTimestamp: 0 };
      },
    };
    const settings = { ...connection.clients.settings, httpClient };
    newDoor = (more = {}) =>
      new KustoDoor(credential, { ...kustoService(cloud, url), ...more }, settings, small.provider.tenantId);
    door = newDoor();
    await centre.target('streaming').prepare(TABLE);
    await centre.target('queued').prepare(TABLE);
  });
  beforeEach(() => {
    centre.emulator.faults.clear();
    centre.emulator.calls.clear();
    sent.length = 0;
    rewrite = (text) => text;
    for (const { extents } of centre.database.tables.values()) extents.length = 0;
    centre.database.failures.length = 0;
  });
  after(() => centre.close());

  const rows = (body: string) => ({
    database: 'central',
    table: 'Beats_0a1b2c3d_Rows',
    mapping: 'tenantscope',
    id: '6f7a3f1e-7d0c-4b1e-9f0a-0123456789ab',
    body: Buffer.from(body),
  });

  it('hears neither who sits at this machine nor where the program lies', async () => {
    await ask('print 1');
    await door.stream(rows('{"N":1}'), AbortSignal.timeout(30_000));
    const headers = sent.map(({ request }) => request.headers.toJSON());
    assert.ok(headers.length >= 2);
    for (const one of headers)
      assert.deepEqual([one['x-ms-user'], one['x-ms-app']], ['[none]', 'tenantscope/0.0.0-test']);
  });
  it('is reached over the authority of its cloud, without anything set for the process, and asked nothing else', async () => {
    assert.deepEqual(await ask('print 1'), [[1]]);
    assert.equal(calls('/v1/rest/auth/metadata'), 0, 'who signs in there is known');
    assert.ok(sent.every(({ url }) => url === `${centre.emulator.url}/v2/rest/query`));
  });
  it('gets a token for clusters alone, and the storage it lends gets none', async () => {
    await door.queue(rows('{"N":1}'), AbortSignal.timeout(30_000));
    const [cluster, storage] = [true, false].map((own) => sent.filter(({ url }) => url.includes('/rest/') === own));
    assert.ok(cluster!.length > 0 && storage!.length === 2);
    for (const { request } of cluster!) {
      const [, claims = ''] = request.headers.get('authorization')!.split('.');
      const { aud } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string };
      assert.equal(aud, 'https://kusto.kusto.windows.net');
    }
    for (const { request } of storage!) assert.equal(request.headers.get('authorization'), undefined);
  });
  it('names storage elsewhere, and no row is sent there', async () => {
    rewrite = (text) => text.replaceAll(`${centre.emulator.url}/stemu`, 'https://evil.example/stemu');
    await assert.rejects(newDoor().queue(rows('{"N":1}'), AbortSignal.timeout(30_000)), {
      code: 'network.foreignOrigin',
    });
    assert.deepEqual([...new Set(sent.map(({ url }) => new URL(url).origin))], [centre.emulator.url]);
  });
  it('keeps every digit of a long, in what is stored, queued and streamed, and in answers', async () => {
    assert.deepEqual(await ask(`print x = ${LARGE}, y = ${-LARGE}, z = "12345678901234567890"`), [
      [LARGE, -LARGE, '12345678901234567890'],
    ]);
    for (const ingestion of ['queued', 'streaming'] as const)
      await centre.sink(ingestion).write(windowOf([[LARGE, `"a" ${ingestion}`]]), NEVER);
    assert.deepEqual(await once(), [LARGE, LARGE]);
    const texts = await ask("Beats | project ['a b'] | sort by ['a b'] asc");
    assert.deepEqual(texts.flat(), ['"a" queued', '"a" streaming']);
  });
  it('is not asked again what it refused for good', async () => {
    const body = JSON.stringify({ error: { code: 'BadRequest', '@permanent': true, '@message': 'Never.' } });
    fail({ kind: 'status', status: 400, body, contentType: 'application/json' }, '/rest/ingest/', 9);
    await assert.rejects(centre.sink('streaming').write(windowOf([[1, '']]), NEVER), {
      code: 'service.refused',
      retryable: false,
    });
    assert.equal(calls('/rest/ingest/'), 1);
  });
  it('has rows once that it stored and then denied, and those of a message that came twice', async () => {
    fail({ kind: 'failAfter', status: 503 }, '/rest/ingest/central/Beats_0a1b2c3d_Rows');
    await centre.sink('streaming').write(
      windowOf([
        [1, ''],
        [1, ''],
      ]),
      NEVER,
    );
    fail({ kind: 'deliverTwice' }, '/stemuqueue/', 9);
    await centre.sink('queued').write(windowOf([[2, '']]), NEVER);
    assert.deepEqual(await once(), [1, 1, 2]);
    assert.equal((await ask('Beats_0a1b2c3d_Rows | count'))[0]![0], 6, 'the tables have them twice');
  });
  it('throttles the commands before an ingestion, as itself and not as a text of the SDK', async () => {
    fail({ kind: 'throttle', retryAfterSeconds: 0 }, '[.]get ingestion resources', 2);
    const fresh = newDoor();
    const queue = (): Promise<void> => fresh.queue(rows('{"N":1}'), AbortSignal.timeout(30_000));
    const throttled = { code: 'service.throttled', retryable: true, data: { status: 429, retryAfterMs: 0 } };
    for (let i = 0; i < 2; i++) await assert.rejects(queue(), throttled);
    fail({ kind: 'throttle', retryAfterSeconds: 0 }, '[.]get kusto identity token');
    await assert.rejects(queue(), throttled);
    await queue();
    await centre.sink('queued').write(windowOf([[1, '']]), NEVER);
    assert.deepEqual(await once(), [1]);
  });
  it('tells of a blob that was lost, at once and so that it is sent again', async () => {
    fail({ kind: 'loseWrite' }, '/stemuingest/');
    const target = centre.target('queued');
    const cells = ['Contoso', 'tenant', 'law', TABLE.id, null, null, 'f'.repeat(32), 1, ''];
    await target.appendRows(TABLE, { write: 'lost', customer: CONTOSO }, [cells], NEVER);
    assert.deepEqual((await target.arrived(TABLE.id, 'lost', NEVER)).rows, 0);
    await assert.rejects(target.arrived(TABLE.id, 'lost', NEVER), {
      code: 'service.ingestionFailed',
      retryable: true,
      message: /Download_SourceNotFound/,
    });
  });
  it('answers 200 and says inside that it is not whole: that is no answer', async () => {
    fail({ kind: 'rowLimit', rows: 2 }, '/v2/rest/query');
    await assert.rejects(ask('range x from 1 to 5 step 1'), { code: 'service.partialAnswer' });
    rewrite = (text) => text.slice(0, -20);
    await assert.rejects(ask('print 1'), { code: 'service.malformed', retryable: true });
  });
  it('takes 4 MB of a stream: what is more comes in pieces, and a row that is more is refused', async () => {
    // Three bytes each: what is counted is bytes, and a piece of the core is less by its letters.
    const text = '漢'.repeat(900_000);
    await centre.sink('streaming').write(windowOf([1, 2, 3, 4, 5, 6].map((n) => [n, text])), NEVER);
    assert.deepEqual(await once(), [1, 2, 3, 4, 5, 6]);
    await assert.rejects(centre.sink('streaming').write(windowOf([[7, TOO_LARGE_TEXT]]), NEVER), {
      code: 'input.rowTooLarge',
    });
    await centre.sink('queued').write(windowOf([[7, TOO_LARGE_TEXT]]), NEVER);
    assert.equal((await once()).length, 7);
  });
  it('purges a customer with an operation to ask about; an Eventhouse, which has no purges, deletes', async () => {
    const queued = centre.target('queued');
    const raw = async (): Promise<unknown> => (await ask('Beats_0a1b2c3d_Rows | count'))[0]![0];
    await centre.sink('streaming').write(windowOf([[1, '']]), NEVER);
    const purged = (await queued.remove(TABLE.id, CONTOSO, NEVER)).join(' ');
    const operation = /Purge (\S+) of Beats_0a1b2c3d_Rows deletes .* within 30 days/.exec(purged)![1]!;
    assert.equal(await raw(), 1, 'that takes its time');
    const told = await door.manage('central', `.show purges ${operation}`, AbortSignal.timeout(30_000));
    assert.equal(told.rows[0]![told.columns.findIndex(({ name }) => name === 'State')], 'Completed');
    assert.equal(await raw(), 0);
    assert.deepEqual((await queued.remove(TABLE.id, CONTOSO, NEVER)).length, 1, 'no purge for nothing');

    await centre.sink('streaming').write(windowOf([[1, '']]), NEVER);
    const eventhouse = centre.target('queued', newDoor({ purges: false }));
    assert.match((await eventhouse.remove(TABLE.id, CONTOSO, NEVER)).join(' '), /The Eventhouse has deleted the rows/);
    assert.equal(await raw(), 0);
  });
  it('is let go of at once where somebody stops', async () => {
    fail({ kind: 'hang' }, '/v2/rest/query');
    const stop = new AbortController();
    const asking = centre.target('queued').arrived(TABLE.id, 'x', stop.signal);
    setTimeout(() => {
      stop.abort();
    }, 20);
    await assert.rejects(asking, { code: 'cancelled.byUser' });
  });
});

describe('the rights at a cluster', () => {
  it('are said where they are missing, and making tables is not asked of who only stores', async (t) => {
    // Rows that come into view later: the write waits for them.
    const centre = await openCentre({ role: 'viewer', queuedMs: 100 });
    t.after(() => centre.close());
    const { principals } = centre.database;
    const [{ principalId }] = principals as [(typeof principals)[number]];
    await assert.rejects(centre.target('queued').prepare(TABLE), {
      code: 'access.denied',
      message: /User to make tables/,
    });
    assert.equal(centre.database.tables.size, 0);
    principals.splice(0, 1, { role: 'admin', principalId });
    assert.equal((await centre.target('queued').prepare(TABLE)).isNew, true);
    principals.splice(0, 1, { role: 'viewer', principalId }, { role: 'ingestor', principalId });
    assert.deepEqual(await centre.target('queued').prepare(TABLE), { isNew: false, added: [], changed: [] });
    await centre.sink('queued').write(windowOf([[1, '']]), NEVER);
  });
  it("do not reach what is somebody else's: a function or table of that name stays", async (t) => {
    const centre = await openCentre();
    t.after(() => centre.close());
    const theirs = { name: 'Beats', parameters: '()', body: ' print 1 ', folder: 'mine', docstring: '' };
    centre.database.functions.set('Beats', theirs);
    await assert.rejects(centre.target('queued').prepare(TABLE), { code: 'input.centreName' });
    assert.deepEqual([[...centre.database.functions.values()], centre.database.tables.size], [[theirs], 0]);
    centre.database.functions.clear();
    const [, ...rest] = TABLE.columns;
    const table = { name: 'Beats', columns: [...rest], folder: '', docstring: '', extents: [] };
    centre.database.tables.set('Beats', { ...table, policies: new Map(), mappings: new Map() });
    await assert.rejects(centre.target('queued').prepare(TABLE), { code: 'input.centreName' }, 'it would be hidden');
    assert.deepEqual([centre.database.functions.size, [...centre.database.tables.keys()]], [0, ['Beats']]);
  });
});

describe('a cluster by its name in Azure, which is nowhere but behind a proxy', () => {
  const cluster = 'centre.westeurope.kusto.windows.net';
  let centre: CentreEstate, proxy: CompanyProxy, clients: AzureClients;
  before(async () => {
    centre = await openCentre();
    const { url, ca } = centre.emulator;
    const hosts = [cluster, `ingest-${cluster}`];
    proxy = await startCompanyProxy({ hosts, origin: url, originCa: ca });
    clients = new AzureClients(centre.connection.tokens, {
      cloud: { ...PUBLIC_CLOUD, ca: proxy.ca },
      version: '0.0.0-test',
      network: { ...DIRECT, proxy: proxy.url },
    });
  });
  after(async () => {
    clients.dispose();
    await proxy.close();
    await centre.close();
  });

  it('takes queries, streams and purges through the proxy of our settings, each service by itself', async () => {
    const { small } = centre;
    const issuer = { account: `test:${small.engineer.username}`, tenant: small.provider.tenantId } as never;
    const door = await clients.dataExplorer(issuer, `https://${cluster}`);
    const signal = AbortSignal.timeout(30_000);
    assert.deepEqual((await door.ask('central', 'print 1', signal)).rows, [[1]]);
    await assert.rejects(
      door.stream({ database: 'central', table: 'None', mapping: 'm', id: '', body: Buffer.from('{}') }, signal),
      { code: 'access.notFound' },
    );
    assert.deepEqual([...new Set(proxy.tunnels)], [`${cluster}:443`]);
    const command = '.show purges 00000000-0000-4000-8000-000000000000';
    assert.deepEqual((await door.manage('central', command, signal)).rows, []);
    assert.equal(proxy.tunnels.at(-1), `ingest-${cluster}:443`);
  });
});

for (const ingestion of ['queued', 'streaming'] as const)
  sinkContract(`Azure Data Explorer, ${ingestion}`, async () => {
    const centre = await openCentre();
    const { small, emulator, connection } = centre;
    const sink = centre.sink(ingestion);
    const account = `test:${small.engineer.username}`;
    return {
      sink,
      // Through the function of the centre, as everybody else reads it.
      rowsOf: async (table, customer) => {
        const issuer = { account, tenant: small.provider.tenantId } as never;
        const door = await connection.clients.dataExplorer(issuer, emulator.url);
        const where = customer === undefined ? '' : `| where _Customer == ${JSON.stringify(customer)} `;
        const query = `${sink.rowsOnce(table)} ${where}| sort by N asc`;
        const { rows } = await door.ask('central', query, AbortSignal.timeout(30_000));
        return rows.map((row) => row.slice(ROLLUP_COLUMNS.length));
      },
      close: centre.close,
    };
  });
