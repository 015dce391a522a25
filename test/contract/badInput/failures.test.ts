import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Fault } from '../../../src/emulator/faults.ts';
import { openRunWorld, refused, targetOf } from './runWorld.ts';
import type { RunWorld } from './runWorld.ts';

let world: RunWorld;
before(async () => {
  world = await openRunWorld();
});
afterEach(() => {
  world.emulator.faults.clear();
});
after(() => world.close());

/** What goes wrong for one of three workspaces, what its target then says, and how often it was asked. */
const FAILURES: readonly {
  readonly name: string;
  readonly fault: Fault;
  readonly code: string;
  readonly attempts: number;
  readonly reason: string;
  readonly says: RegExp;
}[] = [
  {
    name: '401, expired',
    fault: { kind: 'expiredToken' },
    code: 'auth.tokenExpired',
    attempts: 1,
    reason: '1 sign-in failed',
    says: /token of tenant .* has expired.*clock and sign in again/,
  },
  {
    name: '401 without a word',
    fault: { kind: 'status', status: 401, body: '' },
    code: 'auth.refused',
    attempts: 1,
    reason: '1 sign-in failed',
    says: /refused the sign-in.*workspace.*Sign in again/,
  },
  {
    name: '401, another tenant',
    fault: refused(401, 'InvalidAuthenticationTokenTenant', 'm'),
    code: 'auth.wrongTenant',
    attempts: 1,
    reason: '1 sign-in failed',
    says: /belongs to another tenant.*Refresh the estate/,
  },
  {
    name: '403',
    fault: { kind: 'accessLag' },
    code: 'access.insufficient',
    attempts: 1,
    reason: '1 no access',
    says: /No access to the workspace law-contoso.*Log Analytics Reader/,
  },
  {
    name: '404',
    fault: refused(404, 'WorkspaceNotFoundError', 'm'),
    code: 'access.notFound',
    attempts: 1,
    reason: '1 workspace gone',
    says: /does not find the workspace law-contoso.*Refresh the estate/,
  },
  {
    name: '404 of a gateway',
    fault: { kind: 'status', status: 404 },
    code: 'access.notFound',
    attempts: 1,
    reason: '1 workspace gone',
    says: /law-contoso/,
  },
  {
    name: '409',
    fault: refused(409, 'AnotherOperationInProgress', 'It is being moved'),
    code: 'service.busy',
    attempts: 3,
    reason: '1 service failed',
    says: /Another operation on the workspace law-contoso.*Try again/,
  },
  {
    name: '413',
    fault: { kind: 'status', status: 413 },
    code: 'query.tooLong',
    attempts: 1,
    reason: '1 refused the query',
    says: /too long\. Shorten the query/,
  },
  {
    name: '429 with Retry-After',
    fault: { kind: 'throttle', retryAfterSeconds: 7 },
    code: 'service.throttled',
    attempts: 3,
    reason: '1 throttled',
    says: /law-contoso.*Try again in 7 s.*3 attempts/,
  },
  {
    name: '429 without',
    fault: { kind: 'throttle' },
    code: 'service.throttled',
    attempts: 3,
    reason: '1 throttled',
    says: /Wait a little and try again/,
  },
  {
    name: '500',
    fault: { kind: 'status', status: 500 },
    code: 'service.unavailable',
    attempts: 3,
    reason: '1 service failed',
    says: /workspace law-contoso \(500\)\. Try again/,
  },
  {
    name: '503 in HTML',
    fault: { kind: 'status', status: 503 },
    code: 'service.unavailable',
    attempts: 3,
    reason: '1 service failed',
    says: /\(503\)/,
  },
  {
    name: '504',
    fault: { kind: 'status', status: 504 },
    code: 'service.timeout',
    attempts: 3,
    reason: '1 timed out',
    says: /Narrow the time range/,
  },
  {
    name: 'a page in place of an answer',
    fault: { kind: 'status', status: 200, body: '<html>Please accept our terms</html>' },
    code: 'service.unavailable',
    attempts: 3,
    reason: '1 service failed',
    says: /not readable.*something between here and the service/,
  },
  {
    name: 'JSON that is no answer',
    fault: { kind: 'status', status: 200, body: '[]', contentType: 'application/json' },
    code: 'service.unavailable',
    attempts: 3,
    reason: '1 service failed',
    says: /not readable/,
  },
  {
    name: 'a body cut off',
    fault: { kind: 'truncate' },
    code: 'service.unavailable',
    attempts: 3,
    reason: '1 service failed',
    says: /broke off before its end\. Try again/,
  },
  {
    name: 'a connection reset',
    fault: { kind: 'reset' },
    code: 'network.reset',
    attempts: 3,
    reason: '1 not reached',
    says: /was cut\. Try again/,
  },
  {
    name: 'a gzip of some MB that opens to 3 GB',
    fault: { kind: 'flood', bytes: 3e9 },
    code: 'service.tooLarge',
    attempts: 1,
    reason: '1 service failed',
    says: /past 256 MB/,
  },
  ...(
    [
      ['nullRow', 'malformed', /one of its rows is no list of cells/],
      ['objectRow', 'malformed', /one of its rows is no list of cells/],
      ['noTable', 'malformed', /it has no table/],
      ['errorRow', 'brokeOff', /ends in an error behind its first rows: .*80DA0003/],
    ] as const
  ).map(([as, reason, says]) => ({
    name: `an answer with ${as}`,
    fault: { kind: 'oddAnswer', as } as const,
    code: `service.${reason}`,
    attempts: 1,
    reason: '1 service failed',
    says,
  })),
];
for (const { name, fault, code, attempts, reason, says } of FAILURES) {
  test(`${name}: that workspace fails with its reason, the others answer`, async () => {
    world.emulator.faults.add({ match: { service: 'logs', workspace: 'law-contoso' }, fault });
    const run = await world.play('Heartbeat | take 1');
    const failed = targetOf(run, 'law-contoso');
    assert.deepEqual([failed.state, failed.error?.code, failed.attempts, failed.rows], ['failed', code, attempts, 0]);
    assert.match(failed.error!.message, says);
    // The tenant is named by its id, the workspace by its name: somebody is.
    assert.match(failed.error!.message, /law-contoso|tenant [0-9a-f-]{36}|request|localhost/);
    assert.deepEqual(
      run.targets.filter((target) => target !== failed).map((target) => target.state),
      ['answered', 'answered'],
    );
    assert.deepEqual(
      [run.state, run.rowCount, run.completeness.sentence],
      ['finished', 2, `2 of 3 workspaces answered, ${reason}`],
    );
  });
}

test('what passes is retried and nobody is missing', async () => {
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-contoso' },
    fault: { kind: 'truncate' },
    times: 1,
  });
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-fabrikam' },
    fault: { kind: 'throttle', retryAfterSeconds: 30 },
    times: 2,
  });
  const run = await world.play('Heartbeat | take 1');
  assert.deepEqual([run.rowCount, run.completeness.complete], [3, true]);
  assert.deepEqual(
    ['law-contoso', 'law-fabrikam', 'law-provider'].map((name) => targetOf(run, name).attempts),
    [2, 3, 1],
  );
});

test('Resource Manager behind a captive portal, cut off or refusing: an estate that says so, not an end', async () => {
  const faults: readonly Fault[] = [
    { kind: 'status', status: 200, body: '<html>Please accept our terms</html>' },
    { kind: 'status', status: 200, body: '{"value":', contentType: 'application/json' },
    { kind: 'status', status: 200, body: '{}', contentType: 'application/json' },
    { kind: 'truncate' },
    refused(401, 'ExpiredAuthenticationToken', 'm'),
    refused(403, 'AuthorizationFailed', 'm'),
    refused(404, 'NotFound', 'm'),
    refused(409, 'Conflict', 'm'),
    { kind: 'status', status: 503 },
  ];
  for (const fault of faults) {
    for (const service of ['arm', 'graph'] as const) world.emulator.faults.add({ match: { service }, fault });
    const estate = await world.estate.load({ refresh: true });
    const errors = [
      ...estate.problems.map((problem) => problem.error),
      ...estate.tenants.flatMap((tenant) => tenant.error ?? []),
    ];
    assert.ok(errors.length > 0 && estate.workspaces.length === 0, JSON.stringify(fault));
    for (const error of errors)
      assert.doesNotMatch(
        `${error.code} ${error.message}`,
        /^bug\.|<html>|Unexpected token|undefined/,
        JSON.stringify(fault),
      );
    world.emulator.faults.clear();
  }
  assert.equal((await world.estate.load({ refresh: true })).workspaces.length, 3, 'and the next refresh works');
});

test('a schema that cannot be read is the workspace’s problem, said by name', async () => {
  for (const fault of [{ kind: 'status', status: 200, body: '<html></html>' }, { kind: 'truncate' }] as const) {
    const [workspace] = (await world.estate.load({ refresh: true })).workspaces.filter(
      (entry) => entry.name === 'law-contoso',
    );
    const [path] = workspace!.paths;
    world.emulator.faults.add({ match: { service: 'logs' }, fault });
    await assert.rejects(
      world.connection.logs.schema({ account: path!.account, tenant: path!.issuer }, workspace!.guid, workspace!.armId),
      { code: 'service.unavailable' },
    );
    world.emulator.faults.clear();
  }
});
