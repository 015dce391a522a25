import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LogsAnswer, LogsQuery } from '../../../src/ports/logs.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { Fault } from '../../../src/emulator/faults.ts';
import type { Workspace } from '../../../src/emulator/state.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';
import { heartbeats } from './rows.ts';

const small = smallEstate();
const { contoso, provider, fabrikam } = small.workspaces;
const idOf = (workspace: Workspace): string => workspace.properties.customerId;
const armIdOf = (workspace: Workspace): string =>
  `/subscriptions/${workspace.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/${workspace.name}`;

function firstCell(answer: LogsAnswer): Cell | undefined {
  const rows = answer.tables[0]?.rows ?? [];
  return 'pages' in rows ? undefined : rows[0]?.[0];
}

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;
before(async () => {
  emulator = await startSmall(small, { engine: () => openEngine(), logs: heartbeats([idOf(contoso), idOf(fabrikam)]) });
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

function ask(
  workspace: Workspace,
  query: string,
  tenant = small.provider.tenantId,
  more: Partial<LogsQuery> = {},
): LogsQuery {
  return {
    issuer: { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(tenant) },
    workspaceGuid: idOf(workspace),
    armId: armIdOf(workspace),
    query,
    timespan: 'PT5M',
    noCache: true,
    ...more,
  };
}
const run = (request: LogsQuery) => connection.logs.query(request, NEVER);

test("a delegated workspace answers to the provider's token, a guest's to its own tenant's", async () => {
  const count = 'Heartbeat | summarize n = count()';
  const lighthouse = await run(ask(contoso, count)),
    guest = await run(ask(fabrikam, count, small.fabrikam.tenantId));
  assert.deepEqual(
    [lighthouse, guest].map((answer) => answer.tables[0]?.columns),
    [[{ name: 'n', type: 'long' }], [{ name: 'n', type: 'long' }]],
  );
  for (const answer of [lighthouse, guest])
    assert.ok([4, 5].includes(Number(firstCell(answer))), 'the time range went along');
});

test('without a time range the query rules', async () => {
  const { timespan: _, ...whole } = ask(contoso, 'Heartbeat | summarize n = count()');
  assert.equal(firstCell(await run(whole)), 10);
});

test('longs, times, bags and the rest come exactly', async () => {
  const { tables, render, bytes } = await run(
    ask(
      contoso,
      'print a = 9007199254740993, b = datetime(2026-11-22T08:00:00.1234567Z), c = dynamic({"x": [1, "y"]}), d = real(nan), e = time(1.02:03:04), f = "", g = true | render table',
    ),
  );
  assert.deepEqual(tables[0]?.rows, [
    [9007199254740993n, '2026-11-22T08:00:00.1234567Z', '{"x":[1,"y"]}', 'NaN', '1.02:03:04', '', true],
  ]);
  assert.equal(render?.visualization, 'table');
  assert.ok(bytes > 100);
});

test('all tables at once: a union, a search, the columns nobody fills', async () => {
  const rowsOf = async (query: string): Promise<unknown> => (await run(ask(contoso, query))).tables[0]?.rows;
  const [[name, count]] = (await rowsOf('union withsource = Table_ * | summarize n = count() by Table_')) as [
    [string, number],
  ];
  assert.deepEqual([name, [4, 5].includes(count)], ['Heartbeat', true]);
  const found = (await run(ask(contoso, 'search * | top 2 by TimeGenerated'))).tables[0]!;
  const rows = found.rows as Cell[][];
  assert.deepEqual([rows.length, rows[0]!.length], [2, found.columns.length]);
  assert.deepEqual(
    [found.columns[0]?.name, rows[0]![0], found.columns.length > 8],
    ['$table', 'Heartbeat', true],
    String(found.columns.length),
  );
});

test('a workspace that never had data answers without tables', async () => {
  assert.deepEqual(
    (await run(ask(provider, 'Heartbeat'))).tables.map((table) => table.rows.length).filter((count) => count > 0),
    [],
  );
});

test('a query with a mistake says where', async () => {
  const failure = async (query: string): Promise<AppError> =>
    run(ask(contoso, query)).then(
      () => assert.fail('answered'),
      (error: AppError) => error,
    );
  const syntax = await failure('Heartbeat | where | take 1');
  assert.deepEqual(
    [syntax.code, syntax.data?.['line'], typeof syntax.data?.['pos'], syntax.data?.['kqlCode']],
    ['query.syntax', 1, 'number', 'SYN0002'],
  );
  const semantic = await failure('Heartbeat | where NoSuchColumn == 1');
  assert.equal(semantic.code, 'query.semantic');
  assert.match(semantic.message, /NoSuchColumn/);
  assert.equal((await failure('NoSuchTable | take 1')).code, 'query.semantic');
});

test('the schema: columns of every table', async () => {
  const { issuer, workspaceGuid, armId } = ask(contoso, '');
  const { tables } = await connection.logs.schema(issuer, workspaceGuid, armId);
  const heartbeat = tables.find((table) => table.name === 'Heartbeat')!;
  assert.deepEqual(
    heartbeat.columns.filter((column) => column.name === 'TimeGenerated' || column.name === 'Computer'),
    [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Computer', type: 'string' },
    ],
  );
  assert.deepEqual(
    tables.map(({ name, hasData, plan }) => [name, hasData, plan]),
    [
      ['Heartbeat', true, undefined],
      ['Audit_CL', false, undefined],
    ],
    'plans come from Resource Manager alone',
  );
});

test('the identity that may not read is told what it lacks; a workspace that is gone is not found', async () => {
  const reader = signedIn(emulator, small.reader, 'pass'),
    readers = connect(emulator, reader);
  await assert.rejects(
    readers.logs.query(ask(contoso, 'Heartbeat'), NEVER),
    (error: AppError) =>
      error.code === 'access.insufficient' &&
      /Log Analytics Reader/.test(error.message) &&
      /law-contoso/.test(error.message),
  );
  await assert.rejects(run({ ...ask(contoso, 'Heartbeat'), workspaceGuid: '00000000-0000-4000-8000-00000000dead' }), {
    code: 'access.notFound',
  });
  reader.close();
  readers.dispose();
});

const faults: readonly [string, Fault, { code: string; retryable?: boolean; retryAfterMs?: number }][] = [
  [
    'throttled, with the time to wait',
    { kind: 'throttle', retryAfterSeconds: 7 },
    { code: 'service.throttled', retryable: true, retryAfterMs: 7000 },
  ],
  ['throttled, without', { kind: 'throttle' }, { code: 'service.throttled', retryable: true }],
  ["a gateway's page in HTML", { kind: 'status', status: 502 }, { code: 'service.unavailable', retryable: true }],
  [
    'a page in place of an answer',
    { kind: 'status', status: 200, body: '<html>captive portal</html>' },
    { code: 'service.unavailable', retryable: true },
  ],
  [
    'a gateway timeout',
    {
      kind: 'status',
      status: 504,
      body: '{"error":{"code":"GatewayTimeout","message":"x"}}',
      contentType: 'application/json',
    },
    { code: 'service.timeout', retryable: true },
  ],
  ['an answer cut off', { kind: 'truncate' }, { code: 'service.unavailable', retryable: true }],
  ['an answer cut off at once', { kind: 'truncate', bytes: 12 }, { code: 'service.unavailable', retryable: true }],
  ['a connection reset', { kind: 'reset' }, { code: 'network.reset', retryable: true }],
  ['a role that has not arrived', { kind: 'accessLag' }, { code: 'access.insufficient', retryable: false }],
  ['a token the service finds expired', { kind: 'expiredToken' }, { code: 'auth.tokenExpired', retryable: true }],
];
for (const [name, fault, expected] of faults) {
  test(`${name}: ${expected.code}, after one attempt`, async () => {
    emulator.faults.add({ match: { service: 'logs' }, fault });
    await assert.rejects(run(ask(contoso, 'Heartbeat')), (error: AppError) => {
      assert.deepEqual(
        { code: error.code, retryable: error.retryable, retryAfterMs: error.data?.['retryAfterMs'] },
        { retryable: false, retryAfterMs: undefined, ...expected },
      );
      return true;
    });
    // A kept connection that is reset may be a stale one: that request alone is sent once more.
    assert.ok(emulator.calls.list({ service: 'logs' }).length <= (fault.kind === 'reset' ? 2 : 1));
  });
}

test('a claims challenge is met with a new token, once', async () => {
  await run(ask(contoso, 'Heartbeat | take 1'));
  emulator.faults.add({ match: { service: 'logs' }, fault: { kind: 'claimsChallenge' } });
  const before = person.asked.length;
  assert.equal((await run(ask(contoso, 'Heartbeat | take 1'))).tables[0]?.rows.length, 1);
  assert.deepEqual(
    person.asked.slice(before).map((asked) => asked.claims !== undefined),
    [true],
  );
});

test('a service that hangs is left when the person cancels', async () => {
  emulator.faults.add({ match: { service: 'logs' }, fault: { kind: 'hang' } });
  const signal = new LocalSignal(),
    running = connection.logs.query(ask(contoso, 'Heartbeat'), signal);
  while (emulator.calls.counts().inFlight === 0)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  signal.abort();
  await assert.rejects(running, { code: 'cancelled.byUser' });
});

test('without its authority the certificate is not trusted, and that is said', async () => {
  const { ca: _, ...cloud } = emulator.cloud;
  const stranger = connect({ ...emulator, cloud }, person);
  await assert.rejects(
    stranger.logs.query(ask(contoso, 'Heartbeat'), NEVER),
    (error: AppError) => error.code === 'network.untrustedCertificate' && !error.retryable,
  );
  stranger.dispose();
});

test('nobody there', async () => {
  const nowhere = connect({ ...emulator, cloud: { ...emulator.cloud, logAnalytics: 'https://localhost:1' } }, person);
  await assert.rejects(nowhere.logs.query(ask(contoso, 'Heartbeat'), NEVER), { code: 'network.refused' });
  nowhere.dispose();
});

test('a sign-in that may not have tokens for Log Analytics goes through Resource Manager, and remembers', async () => {
  const limited = connect(emulator, {
    accounts: (signal) => person.accounts(signal),
    getToken: (request) =>
      request.audience.includes('loganalytics')
        ? Promise.reject(
            Object.assign(
              new Error(
                'AADSTS65002: Consent between first party application and first party resource must be configured via preauthorization.',
              ),
              { name: 'AuthenticationError', errorResponse: { error: 'invalid_request' } },
            ),
          )
        : person.getToken(request),
  });
  const request = ask(contoso, 'Heartbeat | summarize n = count() by x = 9007199254740993');
  for (let i = 0; i < 2; i++) assert.equal(firstCell(await limited.logs.query(request, NEVER)), 9007199254740993n);
  assert.deepEqual(
    emulator.calls
      .list()
      .filter((call) => call.service !== 'identity')
      .map((call) => call.path.split('/').at(-1)!.toLowerCase()),
    ['query', 'query'],
  );
  const { tables } = await limited.logs.schema(request.issuer, request.workspaceGuid, request.armId);
  assert.ok(
    tables
      .find((table) => table.name === 'Audit_CL')!
      .columns.some((column) => column.name === 'Who' && column.type === 'string'),
  );
  await assert.rejects(limited.logs.query(ask(contoso, 'NoSuchTable'), NEVER), { code: 'query.semantic' });
  limited.dispose();
});

test('a sign-in that is closed both ways keeps its own reason', async () => {
  const closed = connect(emulator, {
    accounts: (signal) => person.accounts(signal),
    getToken: () =>
      Promise.reject(
        Object.assign(new Error('AADSTS65001: not consented'), {
          name: 'AuthenticationError',
          errorResponse: { error: 'invalid_grant' },
        }),
      ),
  });
  await assert.rejects(closed.logs.query(ask(contoso, 'Heartbeat'), NEVER), { code: 'auth.consentRequired' });
  closed.dispose();
});

test('weeks between two times come as the engine has them, and so does what is made of them', async () => {
  // The service's own engine answers a real (recorded: datetime-diff-function), though the documentation says a long.
  const weeks = "datetime_diff('week', datetime(2024-03-04), datetime(2024-02-18))";
  const [table] = (await run(ask(contoso, `print weeks = ${weeks}, days = datetime_diff('day', now(), now())`))).tables;
  assert.deepEqual(table, {
    name: 'PrimaryResult',
    columns: [
      { name: 'weeks', type: 'real' },
      { name: 'days', type: 'long' },
    ],
    rows: [[2, 0]],
  });
  const derived = await run(ask(contoso, `print half = ${weeks} / 4, whole = tolong(${weeks})`));
  assert.deepEqual(derived.tables[0]?.rows, [[0.5, 2]]);
});
