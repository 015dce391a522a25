import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { ask, type RawAnswer } from '../emulator/smallEstate.ts';
import { SampleEmulator, type ErrorBody, type QueryBody } from './sampleEmulator.ts';

/**
 * Which rows a query sees: several workspaces, resources, the way through Resource Manager, and what the caller may not
 * read.
 */
let it: SampleEmulator;
before(async () => {
  it = await SampleEmulator.start();
});
after(() => it.emulator.close());

const counts = (rows: unknown[][]): Record<string, number> =>
  Object.fromEntries(rows.map(([name, count]) => [String(name), Number(count)]));

test('workspaces in the body are read as one, by id, ARM id, name or path', async () => {
  const { subscriptionId, resourceGroup, name } = it.workspace('fabrikam-ops');
  for (const written of [
    it.id('fabrikam-ops'),
    workspaceScope(it.workspace('fabrikam-ops')),
    name,
    `${subscriptionId}/${resourceGroup}/${name}`,
  ]) {
    assert.deepEqual(
      counts(
        await it.rows('contoso-prod', 'Heartbeat | summarize dcount(Computer) by TenantId', {
          body: { workspaces: [written] },
        }),
      ),
      { [it.id('contoso-prod')]: 10, [it.id('fabrikam-ops')]: 6 },
      written,
    );
  }
});

test('columns whose types differ between workspaces are split by type, as union does it', async () => {
  const rows = await it.rows(
    'contoso-prod',
    'Firewall_CL | summarize by TenantId, numbers = isnotnull(Severity_long), texts = isnotempty(Severity_string)',
    { body: { workspaces: [it.id('fabrikam-ops')] } },
  );
  assert.deepEqual(
    new Set(rows.map(([workspace, numbers, texts]) => `${String(workspace)} ${String(numbers)} ${String(texts)}`)),
    new Set([`${it.id('contoso-prod')} true false`, `${it.id('fabrikam-ops')} false true`]),
  );
});

test('workspace() in the text reaches another workspace, and an unknown one is named', async () => {
  assert.deepEqual(
    counts(
      await it.rows(
        'contoso-prod',
        `union workspace("fabrikam-ops").Heartbeat, workspace('${it.id('coho-edge')}').Heartbeat | summarize dcount(Computer) by TenantId`,
      ),
    ),
    { [it.id('fabrikam-ops')]: 6, [it.id('coho-edge')]: 4 },
  );
  const unknown = await it.query('contoso-prod', 'workspace("nowhere").Heartbeat | count');
  assert.equal(unknown.status, 400);
  const { error } = unknown.json<ErrorBody>();
  assert.deepEqual([error.code, error.innererror?.code], ['BadArgumentError', 'FailedToResolveResource']);
  assert.match(error.innererror?.message ?? '', /nowhere/);
  assert.equal((await it.query('contoso-prod', 'print 1 // not workspace("nowhere")')).status, 200);
});

test('a resource sees its own rows only, wherever they lie', async () => {
  const machine = [...it.emulator.world.resources.values()].find(({ id }) =>
    /virtualmachines\/CONTO-PRO-DC01$/i.test(id),
  )!;
  const answer = await ask(it.emulator, `/v1${machine.id}/query`, {
    method: 'POST',
    token: await it.token(),
    headers: { prefer: 'include-permissions=true' },
    body: { query: 'union withsource=T Heartbeat, SecurityEvent | summarize count() by Computer' },
  });
  const body = answer.json<
    QueryBody & { permissions: { resources: { resourceId: string; dataSources: string[] }[] } }
  >();
  assert.deepEqual(
    body.tables[0]!.rows.map(([computer]) => computer),
    ['CONTO-PRO-DC01.contoso.com'],
  );
  assert.deepEqual(
    body.permissions.resources.map(({ resourceId }) => resourceId),
    [machine.id],
  );
  assert.match(body.permissions.resources[0]!.dataSources[0]!, /contoso-prod$/);
  const nothing = await ask(it.emulator, `/v1${machine.id.replace(/DC01$/, 'NOSUCH')}/query`, {
    method: 'POST',
    token: await it.token(),
    body: { query: 'print 1' },
  });
  assert.deepEqual([nothing.status, nothing.json<ErrorBody>().error.code], [404, 'ResourceNotFoundError']);
});

test('Resource Manager takes the same query with its own token', async () => {
  const path = `${workspaceScope(it.workspace('contoso-prod'))}/providers/microsoft.insights/logs`;
  const send = async (scope: string, version = '?api-version=2018-03-01-preview'): Promise<RawAnswer> =>
    ask(it.emulator, `${path}${version}`, {
      method: 'POST',
      token: await it.token(scope),
      body: { query: 'Heartbeat | summarize dcount(Computer)' },
    });
  assert.deepEqual((await send('https://management.azure.com/.default')).json<QueryBody>().tables[0]!.rows, [[10]]);
  assert.equal((await send('https://api.loganalytics.io/.default')).status, 401);
  assert.equal((await send('https://management.azure.com/.default', '')).status, 400);
});

test('tokens for another audience, other tenants and strangers are refused each in its own words', async () => {
  const refused = async (
    workspace: string,
    token: string | undefined,
  ): Promise<[number, string, string | undefined]> => {
    const answer = await ask(it.emulator, `/v1/workspaces/${it.id(workspace)}/query`, {
      method: 'POST',
      ...(token === undefined ? {} : { token }),
      body: { query: 'print 1' },
    });
    const { error } = answer.json<ErrorBody>();
    return [answer.status, error.code, error.innererror?.code];
  };
  assert.deepEqual(await refused('contoso-prod', undefined), [401, 'AuthenticationFailed', undefined]);
  assert.deepEqual(await refused('contoso-prod', 'abc'), [403, 'InvalidAuthenticationToken', undefined]);
  const token = await it.token();
  assert.deepEqual(await refused('contoso-prod', `${token.slice(0, -6)}AAAAAA`), [
    403,
    'InvalidTokenError',
    'SignatureVerificationFailed',
  ]);
  assert.deepEqual(await refused('contoso-prod', await it.token('https://management.azure.com/.default')), [
    403,
    'InvalidAuthenticationTokenAudience',
    undefined,
  ]);
  assert.deepEqual(await refused('wwi-logs', token), [403, 'InsufficientAccessError', 'UnauthorizedClient']);
  assert.deepEqual(await refused('alpine-logs', await it.token(undefined, undefined, it.sample.engineer)), [
    403,
    'InsufficientAccessError',
    'AuthorizationFailedError',
  ]);
  assert.deepEqual(await it.rows('wwi-logs', 'print 1', { token: await it.token(undefined, 'Wide World Importers') }), [
    [1],
  ]);
});

test('an id that is not a workspace has no path', async () => {
  for (const id of ['00000000-0000-4000-8000-000000000000', 'contoso-prod']) {
    const answer = await ask(it.emulator, `/v1/workspaces/${id}/query`, {
      method: 'POST',
      token: await it.token(),
      body: { query: 'print 1' },
    });
    assert.deepEqual(
      [answer.status, answer.json()],
      [404, { error: { message: 'The requested path does not exist', code: 'PathNotFoundError' } }],
    );
  }
});

test('Basic and Auxiliary tables are asked through search alone, with a timespan, one at a time', async () => {
  const token = await it.token(undefined, 'Wide World Importers');
  const refused = await it.query('wwi-archive', 'AppTrace_CL | take 1', { token });
  const { error } = refused.json<ErrorBody>();
  assert.deepEqual(
    [refused.status, error.code, error.innererror?.code],
    [400, 'BadArgumentError', 'UnsupportedApiQueryValidationError'],
  );
  assert.match(error.innererror!.message!, /You can use 'https:.*search' instead/);
  const all = await it.rows('wwi-archive', 'union withsource=T * | distinct T', { token });
  assert.ok(all.length > 0 && !all.flat().includes('AppTrace_CL'), 'a wildcard passes over it');
  assert.equal(
    (
      await it.rows('wwi-archive', 'AppTrace_CL | where Level != "" | take 3', {
        token,
        endpoint: 'search',
        body: { timespan: 'PT2H' },
      })
    ).length,
    3,
  );
  assert.equal((await it.query('wwi-archive', 'AppTrace_CL | take 3', { token, endpoint: 'search' })).status, 400);
  assert.match(
    (
      await it.query('wwi-archive', 'AppTrace_CL | join ProxyArchive_CL on Type', {
        token,
        endpoint: 'search',
        body: { timespan: 'PT2H' },
      })
    ).text,
    /'join'/,
  );
});

test('a batch answers every item under its id, failures too', async () => {
  const requests = [
    {
      id: 'a',
      method: 'POST',
      path: '/query',
      workspace: it.id('contoso-prod'),
      body: { query: 'print big = 9007199254740993' },
    },
    { id: 'b', method: 'POST', path: '/query', workspace: it.id('contoso-prod'), body: { query: 'Nope' } },
    { id: 'c', method: 'POST', path: '/query', workspace: it.id('gdi-logs'), body: { query: 'print 1' } },
  ];
  const answer = await ask(it.emulator, '/v1/$batch', { method: 'POST', token: await it.token(), body: { requests } });
  const { responses } = answer.json<{ responses: { id: string; status: number; body: ErrorBody }[] }>();
  assert.deepEqual(
    responses.map(({ id, status, body }) => [id, status, body.error?.code]),
    [
      ['a', 200, undefined],
      ['b', 400, 'BadArgumentError'],
      ['c', 204, 'WorkspaceNotPlacedError'],
    ],
  );
  assert.match(answer.text, /"rows":\[\[9007199254740993\]\]/);
});
