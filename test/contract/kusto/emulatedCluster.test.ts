/** The emulated cluster by itself: the published packages over TLS, and what it answers and refuses on its wire. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bareEnvironment, RUNS_SOURCES } from '../../harness/sources.ts';
import { ask } from '../emulator/smallEstate.ts';
import { openCentre } from './centreEstate.ts';
import type { CentreEstate } from './centreEstate.ts';

const AUDIENCE = 'https://kusto.kusto.windows.net';
interface Failure {
  readonly error: { readonly code: string; readonly '@message': string; readonly '@permanent': boolean };
}
interface Answer {
  readonly Tables: readonly [{ readonly Columns: readonly { ColumnName: string }[]; readonly Rows: unknown[][] }];
}

let centre: CentreEstate;
let token: string;
let arm: string;
before(async () => {
  centre = await openCentre({ queuedMs: 60_000 });
  const { connection, small } = centre;
  const of = async (audience: string): Promise<string> =>
    (
      await connection.tokens.getToken({
        account: `test:${small.engineer.username}`,
        tenant: small.provider.tenantId,
        audience,
      } as never)
    ).token;
  [token, arm] = [await of(AUDIENCE), await of('https://management.azure.com')];
});
after(() => centre.close());

const command = async (csl: string): Promise<Record<string, unknown>[]> => {
  const answer = await ask(centre.emulator, '/v1/rest/mgmt', { method: 'POST', token, body: { db: 'central', csl } });
  assert.equal(answer.status, 200, answer.text);
  const [{ Columns, Rows }] = answer.json<Answer>().Tables;
  return Rows.map((row) => Object.fromEntries(Columns.map(({ ColumnName }, at) => [ColumnName, row[at]])));
};
const refused = async (path: string, body: object, status = 400): Promise<Failure['error']> => {
  const answer = await ask(centre.emulator, path, { method: 'POST', token, body });
  assert.equal(answer.status, status, answer.text);
  return answer.json<Failure>().error;
};
const count = async (query: string): Promise<unknown> => {
  const body = { db: 'central', csl: `${query} | count` };
  const answer = await ask(centre.emulator, '/v2/rest/query', { method: 'POST', token, body });
  return answer.json<{ Rows: number[][] }[]>()[1]!.Rows[0]![0];
};

test('the packages as they are published ingest, queued and streaming, and read an error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenantscope-kusto-'));
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, centre.emulator.ca);
  const child = fileURLToPath(new URL('plainSdkChild.ts', import.meta.url));
  const env = { ...bareEnvironment(), CLUSTER: centre.emulator.url, TOKEN: token, NODE_EXTRA_CA_CERTS: ca };
  const { stdout } = await promisify(execFile)(process.execPath, [...RUNS_SOURCES, child], { env, timeout: 60_000 });
  const told = JSON.parse(stdout) as { rows: object[]; failing: Failure };
  assert.deepEqual(told.rows, [{ N: 3, Text: 'streamed' }], 'what is queued comes a minute later');
  assert.deepEqual([told.failing.error.code, told.failing.error['@permanent']], ['General_BadRequest', true]);
  assert.equal(centre.emulator.calls.list({ path: '/v1/rest/auth/metadata' }).length, 1);
  centre.small.world.clock.advance(60_000);
  assert.equal(await count('Plain'), 3);
  const extents = await command('.show table Plain extents where tags has "drop-by:c1"');
  assert.deepEqual(
    extents.map(({ RowCount, Tags }) => [RowCount, Tags]),
    [[2, 'drop-by:c1\r\ningest-by:w1']],
  );
  await rm(folder, { recursive: true });
});

test('extents are dropped by a tag, rows deleted and purged by one predicate', async () => {
  assert.equal((await command('.drop extents <| .show table Plain extents where tags has "drop-by:c1"')).length, 1);
  assert.equal(await count('Plain'), 1);
  const whatIf = await command('.delete table Plain records with (whatif=true) <| Plain | where N > 0');
  assert.deepEqual([whatIf[0]!['RecordsMatchPredicate'], await count('Plain')], [1, 1]);
  const error = await refused('/v1/rest/mgmt', { db: 'central', csl: '.delete table Plain records <| Plain | take 1' });
  assert.equal(error.code, 'BadRequest_BadDeletePredicate');
  const purge = "with (noregrets='true') <| where N == 3";
  const [scheduled] = await command(`.purge table Plain records in database central ${purge}`);
  assert.equal(scheduled!['State'], 'Scheduled');
  const operation = String(scheduled!['OperationId']);
  assert.equal((await command(`.show purges ${operation}`))[0]!['State'], 'Completed');
  assert.equal(await count('Plain'), 0);
  const [bad] = await command(
    ".purge table Plain records in database central with (noregrets='true') <| where N == 3 | where N == 4",
  );
  assert.equal((await command(`.show purges ${String(bad!['OperationId'])}`))[0]!['State'], 'BadInput');
});

test('a column of another type fails the command and changes nothing', async () => {
  const error = await refused('/v1/rest/mgmt', {
    db: 'central',
    csl: '.create-merge table Plain (N:string, More:int)',
  });
  assert.match(error['@message'], /'N'/);
  const [{ Schema: schema } = {}] = await command('.show table Plain cslschema');
  assert.equal(schema, 'N:long,Text:string');
});

test('a stream wants its policy, the name of a mapping, and whole JSON', async () => {
  await command('.create-merge table Bare (N:long)');
  const stream = async (path: string, body: object | string): Promise<string> =>
    (
      await ask(centre.emulator, `/v1/rest/ingest/central/${path}`, {
        method: 'POST',
        token,
        body,
        headers: { 'content-type': 'application/octet-stream' },
      })
    ).json<Failure>().error.code;
  assert.equal(await stream('Bare?streamFormat=json', { N: 1 }), 'BadRequest_StreamingIngestionPolicyNotEnabled');
  assert.equal(await stream('Plain?streamFormat=json', { N: 1 }), 'BadRequest_MissingMapping');
  assert.equal(
    await stream('Plain?streamFormat=json&mappingName=none', { N: 1 }),
    'BadRequest_MappingReferenceWasNotFound',
  );
  assert.match(await stream('Plain?streamFormat=json&mappingName=m', '{"N":1}\n{"N":'), /MalformedJson/);
  assert.equal(await stream('None?streamFormat=json', { N: 1 }), 'BadRequest_EntityNotFound');
  assert.equal(await count('Plain'), 0, 'of a stream that is not whole there is nothing');
});

test('what is not served is refused by name, and never as an answer of the service', async () => {
  for (const [path, csl] of [
    ['/v1/rest/mgmt', '.show cluster'],
    ['/v1/rest/mgmt', '.purge table Plain records in database central <| where N == 1'],
    ['/v1/rest/query', 'print 1'],
    ['/v2/rest/query', "evaluate python(typeof(*), '')"],
  ]) {
    const error = await refused(path!, { db: 'central', csl });
    assert.ok(['UnsupportedByEmulator', 'General_BadRequest'].includes(error.code), `${csl}: ${error.code}`);
  }
  assert.equal((await refused('/v2/rest/query', { db: 'none', csl: 'print 1' })).code, 'BadRequest_EntityNotFound');
});

test('a token for another service, none, or another person opens nothing', async () => {
  const body = { db: 'central', csl: 'print 1' };
  for (const wrong of [arm, '', `${token}x`]) {
    const answer = await ask(centre.emulator, '/v2/rest/query', { method: 'POST', body, token: wrong });
    assert.equal(answer.status, 401);
  }
  const { principals } = centre.database;
  const [own] = principals.splice(0, 1);
  assert.equal((await refused('/v2/rest/query', body, 403)).code, 'Forbidden');
  principals.push(own!);
});

test('the status table takes an entity once: a client that goes on until it fails ends there', async () => {
  const { StorageRoot: root } = (await command('.get ingestion resources')).find(
    ({ ResourceTypeName }) => ResourceTypeName === 'IngestionsStatusTable',
  )!;
  // As the client writes it: the account and the table as one segment of the path.
  const path = String(root).slice(centre.emulator.url.length).replace('/stemutable/', '/stemutable%2F');
  const body = { PartitionKey: 'a', RowKey: 'a' };
  const insert = async (): Promise<number> => (await ask(centre.emulator, path, { method: 'POST', body })).status;
  assert.deepEqual([await insert(), await insert(), await insert()], [204, 409, 409]);
});
