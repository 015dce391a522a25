import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { startCompanyProxy } from '../harness/companyProxy.ts';
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

  test('a proxy auto-configuration file says how each service is reached, and one that is not there is the thing to mend', async (t) => {
    // Names that are nowhere but behind the proxy, on one of which the script says nothing.
    const [signIn, inside, outside] = ['login.azure.test', 'management.azure.test', 'logs.azure.test'];
    const origin = sample.emulator.cloud.resourceManager;
    const proxy = await startCompanyProxy({ hosts: [signIn, inside], origin, originCa: sample.emulator.ca });
    t.after(() => proxy.close());
    const file = JSON.parse(await readFile(sample.cloud, 'utf8')) as Record<string, unknown>;
    const [cloud, script] = [join(sample.directory, 'inside.json'), join(sample.directory, 'proxy.pac')];
    const places = { authority: signIn, resourceManager: inside, logAnalytics: outside };
    await writeFile(
      cloud,
      JSON.stringify({
        ...file,
        ...Object.fromEntries(Object.entries(places).map(([name, host]) => [name, `https://${host}`])),
        ca: proxy.ca,
      }),
    );
    await writeFile(
      script,
      `function FindProxyForURL(url, host) { return host === '${outside}' ? 'DIRECT' : 'PROXY ${new URL(proxy.url).host}' }`,
    );
    const look = async (path: string) => {
      const env = { TENANTSCOPE_PROXY_SCRIPT: pathToFileURL(path).href, HTTPS_PROXY: 'http://127.0.0.1:9' };
      const { out } = await tenantscope(['doctor', '--cloud', cloud, '--json'], { env });
      const { checks } = JSON.parse(out) as Diagnosis;
      return checks.flatMap(({ probe, service, state, detail }) =>
        probe === 'proxy' || probe === 'connection' ? `${probe} ${service} ${state}: ${detail}` : [],
      );
    };
    const by = 'by the auto-configuration file that Tenantscope is told to use';
    assert.deepEqual(await look(script), [
      `proxy signIn works: reached through a proxy, ${by}`,
      'connection signIn works: answers',
      `proxy resourceManager works: reached through a proxy, ${by}`,
      'connection resourceManager works: answers',
      `proxy logAnalytics works: reached directly, ${by}`,
      'connection logAnalytics fails: failed: network.nameNotFound',
    ]);
    assert.deepEqual([...new Set(proxy.tunnels)].sort(), [`${signIn}:443`, `${inside}:443`].sort());
    const missing = await look(join(sample.directory, 'missing.pac'));
    for (const line of missing) assert.match(line, /fails: failed: network\.proxyScript$/);
  });
});
