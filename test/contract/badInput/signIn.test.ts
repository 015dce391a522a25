import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import type { AppErrorData } from '../../../src/base/errors.ts';
import { toTenantId } from '../../../src/model/ids.ts';
import { openRunWorld, refused, targetOf } from './runWorld.ts';
import type { RunWorld } from './runWorld.ts';

const LOGS = 'https://api.loganalytics.io';
let world: RunWorld;
before(async () => {
  world = await openRunWorld();
});
afterEach(() => {
  world.emulator.faults.clear();
  world.emulator.calls.clear();
});
after(() => world.close());

test('a token of the wrong tenant is never sent: that workspace says which came, the others answer', async () => {
  const [provider, fabrikam] = [world.small.provider, world.small.fabrikam].map((tenant) =>
    toTenantId(tenant.tenantId),
  );
  // The known fault of cached credentials: the first tenant's token for every tenant.
  const confused = await world.with({
    accounts: (signal) => world.person.accounts(signal),
    getToken: (request) =>
      world.person.getToken(request.audience === LOGS ? { ...request, tenant: provider! } : request),
  });
  const run = await confused.play('Heartbeat | take 1');
  const { state, error, attempts } = targetOf(run, 'law-fabrikam');
  assert.deepEqual([state, error?.code, attempts], ['failed', 'auth.wrongTenant', 1]);
  assert.match(
    error!.message,
    new RegExp(`${fabrikam} was asked for and one for tenant ${provider} came back.*not used.*Sign out and in`),
  );
  assert.equal(run.completeness.sentence, '2 of 3 workspaces answered, 1 sign-in failed');
  assert.deepEqual(
    world.emulator.calls.list({ service: 'logs', workspace: 'law-fabrikam' }),
    [],
    'nothing went to Fabrikam with the provider’s token',
  );
  await confused.close();
});

test('a clock that is wrong is named as the reason, before anything is asked of a workspace', async () => {
  world.emulator.faults.add({ match: { service: 'identity' }, fault: { kind: 'expiredToken' } });
  const skewed = await world.with(world.person);
  const estate = await skewed.estate.load();
  const errors: AppErrorData[] = [
    ...estate.problems.map((problem) => problem.error),
    ...estate.tenants.flatMap((tenant) => tenant.error ?? []),
  ];
  assert.ok(
    errors.length > 0 && errors.every((error) => error.code === 'auth.clockSkew'),
    JSON.stringify(errors.map((error) => error.code)),
  );
  assert.match(
    errors[0]!.message,
    /token of tenant .* has ended .* ago by this machine's clock, which says \d{4}-.*Set the clock right/,
  );
  assert.deepEqual(world.emulator.calls.list({ service: 'arm' }), []);
  await skewed.close();
});

test('a token that the service finds expired is not used again: asking once more works', async () => {
  const person = await world.with(world.person);
  assert.equal((await person.play('Heartbeat | take 1')).completeness.complete, true);
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-fabrikam' },
    fault: { kind: 'expiredToken' },
    times: 1,
  });
  const run = await person.play('Heartbeat | take 1');
  assert.equal(targetOf(run, 'law-fabrikam').error?.code, 'auth.tokenExpired');
  const before = world.person.asked.length;
  person.runs.retry(run.id);
  assert.equal((await person.runs.ended(run.id)).completeness.complete, true);
  assert.deepEqual(
    world.person.asked.slice(before).map(({ tenant, audience }) => [tenant, audience]),
    [[world.small.fabrikam.tenantId, LOGS]],
    'one fresh token, for the one that was refused',
  );
  await person.close();
});

test(
  'a sign-in service that is cut off, is not there in JSON, or asks to wait: said at once, by tenant',
  { timeout: 60_000 },
  async () => {
    const home = world.small.provider.tenantId;
    for (const fault of [
      { kind: 'status', status: 200, body: '<html>Please accept our terms</html>' },
      { kind: 'truncate' },
      { kind: 'throttle', retryAfterSeconds: 0 },
      refused(404, 'NotFound', 'm'),
    ] as const) {
      world.emulator.faults.add({ match: { service: 'identity' }, fault });
      const robot = await world.with(
        new ClientSecretTokens(world.emulator.cloud, {
          tenantId: home,
          clientId: world.small.app.appId!,
          clientSecret: 'secret',
        }),
      );
      const estate = await robot.estate.load();
      const errors = [
        ...estate.problems.map((problem) => problem.error),
        ...estate.tenants.flatMap((tenant) => tenant.error ?? []),
      ];
      assert.ok(errors.length > 0, JSON.stringify(fault));
      for (const { code, message } of errors) {
        assert.match(code, /^(service|network|auth)\./, `${JSON.stringify(fault)}: ${message}`);
        assert.match(message, /tenant|localhost/i);
        assert.doesNotMatch(message, /<html>|Unexpected token|secret'/);
      }
      world.emulator.faults.clear();
      await robot.close();
    }
  },
);
