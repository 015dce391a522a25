import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { startSample, tenantscope } from './program.ts';

describe('doctor: what works between here and Azure', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  before(async () => {
    sample = await startSample();
  });
  beforeEach(() => {
    sample.emulator.faults.clear();
  });
  after(() => sample.close());
  const doctor = (...args: string[]) => tenantscope(['doctor', '--cloud', sample.cloud, ...args]);

  test('all is well: a table for a person, and for support the same without names', async () => {
    const { code, out, err } = await doctor();
    assert.equal(code, 0, out + err);
    assert.match(out, /^Certificate: Log Analytics +localhost:\d+ +works +trusted$/m);
    assert.match(out, /^Query +.*works +a workspace answers$/m);
    // The sample's file names customers whose tenants delegate, and some that nobody may enter.
    assert.match(err, /^\d+ checks work, \d+ to look at\.$/m);

    const support = await doctor('--json');
    const { checks } = JSON.parse(support.out) as Diagnosis;
    for (const probe of ['proxy', 'connection', 'certificate', 'clock', 'signIn', 'resourceGraph', 'query'] as const)
      assert.ok(checks.some((check) => check.probe === probe && check.state === 'works'));
    const { tenants, accounts, workspaces } = sample.emulator.world;
    const names = [
      ...[...tenants.values()].flatMap(({ tenantId, displayName }) => [tenantId, displayName]),
      ...[...accounts.values()].flatMap(({ appId, username, secrets = [] }) => [appId ?? username, ...secrets]),
      ...[...workspaces.values()].map(({ name }) => name),
      'localhost',
    ];
    assert.deepEqual(
      names.filter((name) => support.out.includes(name)),
      [],
    );
    const named = JSON.parse((await doctor('--json', '--names')).out) as Diagnosis;
    assert.ok(named.checks.some((check) => check.names.workspace === 'nb-central'));
  });

  test('a service that fails and a tenant that refuses are said by their own checks, with the next step', async () => {
    sample.emulator.faults.add({ match: { service: 'graph' }, fault: { kind: 'status', status: 503 } });
    const { code, out } = await doctor('--json');
    const { checks } = JSON.parse(out) as Diagnosis;
    const failing = checks.filter(({ state }) => state === 'fails');
    assert.deepEqual(
      [...new Set(failing.map(({ probe, code: why }) => `${probe} ${why}`))],
      ['resourceGraph service.unavailable'],
    );
    assert.match(failing[0]!.next!, /Try again/);
    // Workspaces are found in another way and answer: somebody lacks something, but not everything.
    assert.equal(code, 4);
  });

  test('nobody can sign in: the exit code says so', async () => {
    sample.emulator.faults.add({
      match: { service: 'identity', method: 'POST' },
      fault: {
        kind: 'status',
        status: 401,
        contentType: 'application/json',
        body: '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}',
      },
    });
    const { code, out } = await doctor();
    assert.equal(code, 3, out);
    assert.match(out, /^Sign-in: Resource Manager .*FAILS/m);
  });

  test('a clock that is wrong by ten minutes is the thing to mend', async (t) => {
    const { clock } = sample.emulator.world;
    clock.advance(10 * 60_000);
    t.after(() => {
      clock.advance(-10 * 60_000);
    });
    const { out, code } = await doctor();
    assert.match(out, /^Clock +FAILS +\d+ s behind the services +Set this machine's clock right\.$/m);
    assert.equal(code, 3);
  });
});
