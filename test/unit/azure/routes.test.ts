import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Router } from '../../../src/azure/http/routes.ts';
import type { RouterEnds } from '../../../src/azure/http/routes.ts';
import type { SystemProxy } from '../../../src/azure/http/system/systemProxy.ts';
import { DIRECT } from '../../../src/model/network.ts';
import type { NetworkSettings } from '../../../src/model/network.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenantscope-routes-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The address of a file with these rules. */
function scriptOf(body: string, name = 'proxy.pac'): string {
  const path = join(folder, name);
  writeFileSync(path, `function FindProxyForURL(url, host) { ${body} }`);
  return pathToFileURL(path).href;
}
const SERVICE = 'https://management.azure.com/subscriptions/secret?x=1';
const MISSING = pathToFileURL(join(folder, 'missing.pac')).href;

/** How the service is reached, as one line: who says so, by what, and whether the system's script counts. */
async function told(network: Partial<NetworkSettings>, system?: Partial<SystemProxy>, url = SERVICE): Promise<string> {
  const ends: RouterEnds = { readSystem: () => Promise.resolve({ exempt: [], ...system }) };
  const { by, hops, problem } = await new Router({ ...DIRECT, ...network }, ends).to(url);
  return [by, ...hops.map((hop) => hop ?? 'DIRECT'), problem?.code].filter(Boolean).join(' ');
}

test("the person's script goes before their proxy, that before the system; nobody is asked of this machine", async () => {
  const proxyScript = scriptOf("return 'PROXY script.corp:1'");
  const proxy = 'http://named.corp:2';
  const system = { proxy: 'http://system.corp:3' };
  const all = { proxyScript, proxy, systemProxy: true };
  assert.equal(await told(all, system), 'script http://script.corp:1');
  assert.equal(await told({ proxy, systemProxy: true }, system), 'settings http://named.corp:2');
  assert.equal(await told({ proxy, proxyBy: 'environment' }, system), 'environment http://named.corp:2');
  assert.equal(await told({ systemProxy: true }, system), 'system http://system.corp:3');
  assert.equal(await told({ systemProxy: false }, system), 'none DIRECT');
  assert.equal(await told({ systemProxy: true }), 'none DIRECT');
  for (const url of ['https://localhost:5001/', 'https://127.0.0.1/', 'https://[::1]/'])
    assert.equal(await told(all, system, url), 'none DIRECT', url);
  assert.equal(await told({ ...all, noProxy: ['.azure.com'] }, system), 'none DIRECT');
});

test("the system's script goes before its proxy, and its exceptions are the proxy's alone", async () => {
  const proxy = 'http://system.corp:3';
  const pac = scriptOf("return 'PROXY pac.corp:4; DIRECT'", 'system.pac');
  const network = { systemProxy: true };
  assert.equal(await told(network, { pac, proxy, exempt: ['*'] }), 'systemScript http://pac.corp:4 DIRECT');
  assert.equal(await told(network, { proxy, exempt: ['*.azure.com'] }), 'none DIRECT');
});

test("a system's script that fails is passed over as browsers do, but not in silence; a person's is not", async () => {
  const network = { systemProxy: true };
  assert.equal(await told(network, { pac: MISSING }), 'none DIRECT network.proxyScript');
  assert.equal(
    await told(network, { pac: MISSING, proxy: 'http://system.corp:3' }),
    'system http://system.corp:3 network.proxyScript',
  );
  const failing = ["throw new Error('no rule')", 'return null', "return 'SOCKS s:1'", '}'];
  for (const [at, body] of failing.entries()) {
    const script = scriptOf(body, `failing${at}.pac`);
    assert.equal(await told(network, { pac: script }), 'none DIRECT network.proxyScript', body);
    await assert.rejects(told({ proxyScript: script, proxy: 'http://named.corp:2' }), {
      code: 'network.proxyScript',
      message: /Nothing was sent\. Mend tenantscope\.network\.proxyScript/,
    });
  }
  await assert.rejects(told({ proxyScript: MISSING }), {
    code: 'network.proxyScript',
    message: /missing\.pac.*ENOENT/,
  });
  assert.equal(await told(network, { pac: 'data:text/plain,x' }), 'none DIRECT network.proxyScript');
});

test('a script hears where to, and nothing of what is asked there', async () => {
  const proxyScript = scriptOf(
    "return url === 'https://management.azure.com/' ? 'PROXY right:1' : 'PROXY wrong:1'",
    'origin.pac',
  );
  assert.equal(await told({ proxyScript }), 'script http://right:1');
});

test('what was learned holds a while, what failed not as long, and another network is noticed', async () => {
  let time = 0;
  let asked = 0;
  let system: SystemProxy = { exempt: [], proxy: 'http://office.corp:1' };
  const router = new Router(
    { ...DIRECT, systemProxy: true },
    {
      now: () => time,
      readSystem: () => {
        asked++;
        return Promise.resolve(system);
      },
    },
  );
  const way = async () => (await router.to(SERVICE)).hops[0];
  assert.deepEqual(await Promise.all([way(), way()]), [system.proxy, system.proxy]);
  system = { exempt: [] };
  router.forget();
  assert.equal(await way(), 'http://office.corp:1', 'it was learned a moment ago');
  assert.equal(asked, 1);
  time = 11_000;
  assert.equal(await way(), 'http://office.corp:1');
  router.forget();
  assert.equal(await way(), undefined, 'a connection failed: it was asked again');
  system = { exempt: [], pac: pathToFileURL(join(folder, 'later.pac')).href };
  time += 300_001;
  assert.equal(await way(), undefined);
  scriptOf("return 'PROXY later:1'", 'later.pac');
  time += 29_000;
  assert.equal(await way(), undefined, 'a failure is kept for half a minute');
  time += 1_001;
  assert.equal(await way(), 'http://later:1');
});
