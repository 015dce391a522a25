import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { Directory } from '../../../src/azure/arm/directory.ts';
import { AzureClients } from '../../../src/azure/clients.ts';
import { toAzureError } from '../../../src/azure/errors.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { DIRECT, networkOfEnvironment } from '../../../src/model/network.ts';
import type { NetworkSettings } from '../../../src/model/network.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { startCompanyProxy } from '../../harness/companyProxy.ts';
import type { CompanyProxy } from '../../harness/companyProxy.ts';
import { ensureNode24, ROOT } from '../../../scripts/tools.mjs';

/** Names that are nowhere but behind the proxy, as Azure's are from a closed network. */
const HOST = 'management.azure.test';
const SUBJECT = { tenant: 'T', what: 'tenant T' };
let emulator: Emulator, proxy: CompanyProxy;

before(async () => {
  emulator = await startEmulator({});
  proxy = await startCompanyProxy({ hosts: [HOST], origin: emulator.cloud.resourceManager, originCa: emulator.ca });
});
after(async () => {
  await proxy.close();
  await emulator.close();
});

async function ask(
  network: NetworkSettings,
  ca: string | undefined,
  url = `https://${HOST}/tenants?api-version=2022-12-01`,
) {
  const client = new NodeHttpClient({ network, ...(ca === undefined ? {} : { ca }) });
  try {
    return await client.sendRequest(createPipelineRequest({ url, headers: createHttpHeaders() }));
  } catch (thrown) {
    throw toAzureError(thrown, SUBJECT);
  } finally {
    client.dispose();
  }
}

test('a request goes through the proxy, whose own authority is trusted when it is named', async () => {
  const { status } = await ask({ ...DIRECT, proxy: proxy.url }, proxy.ca);
  assert.equal(status, 401, "Resource Manager's own answer to a request without a token");
  assert.equal(proxy.tunnels.at(-1), `${HOST}:443`);
});

test('an authority nobody trusts, a proxy that is not there and one that wants a name are told with the proxy in the words', async () => {
  await assert.rejects(ask({ ...DIRECT, proxy: proxy.url }, undefined), {
    code: 'network.untrustedCertificate',
    message: new RegExp(`proxy ${new URL(proxy.url).host.replaceAll('.', '\\.')}`),
  });
  await assert.rejects(ask({ ...DIRECT, proxy: 'http://127.0.0.1:9' }, proxy.ca), {
    code: 'network.refused',
    message: /through the proxy 127\.0\.0\.1:9/,
  });
  const strict = await startCompanyProxy({
    hosts: [HOST],
    origin: emulator.cloud.resourceManager,
    originCa: emulator.ca,
    password: 'secret',
  });
  try {
    assert.equal((await ask({ ...DIRECT, proxy: strict.url }, strict.ca)).status, 407);
    const named = strict.url.replace('//', '//user:secret@');
    assert.equal((await ask({ ...DIRECT, proxy: named }, strict.ca)).status, 401);
    const header = `Basic ${Buffer.from('user:secret').toString('base64')}`;
    assert.equal((await ask({ ...DIRECT, proxy: strict.url, proxyAuthorization: header }, strict.ca)).status, 401);
  } finally {
    await strict.close();
  }
});

test('this machine and exempt hosts are reached without it', async () => {
  const before = proxy.tunnels.length;
  const local = await ask(
    { ...DIRECT, proxy: proxy.url },
    emulator.ca,
    `${emulator.cloud.resourceManager}/tenants?api-version=2022-12-01`,
  );
  assert.equal(local.status, 401);
  await assert.rejects(ask({ ...DIRECT, proxy: proxy.url, noProxy: ['.azure.test'] }, proxy.ca), {
    code: 'network.nameNotFound',
  });
  assert.equal(proxy.tunnels.length, before);
});

test("the environment's names of a proxy are understood as other tools do", () => {
  assert.deepEqual(networkOfEnvironment({ https_proxy: 'proxy:8080', NO_PROXY: 'a.example, .b.example localhost' }), {
    ...DIRECT,
    systemProxy: true,
    proxy: 'http://proxy:8080',
    proxyBy: 'environment',
    noProxy: ['a.example', '.b.example', 'localhost'],
  });
  assert.deepEqual(networkOfEnvironment({ ALL_PROXY: 'https://p:1' }).proxy, 'https://p:1');
  assert.deepEqual(networkOfEnvironment({}), { ...DIRECT, systemProxy: true });
  assert.equal(networkOfEnvironment({ TENANTSCOPE_PROXY_SCRIPT: 'file:///p.pac' }).proxyScript, 'file:///p.pac');
});

test('authorities that only the operating system trusts count, on a Node that can read them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantscope-authority-'));
  try {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, proxy.ca);
    const script = `
      const { usualAndSystemAuthorities } = await import(${JSON.stringify(new URL('../../../src/azure/http/agents.ts', import.meta.url).href)});
      const plain = (pem) => pem.replace(/\\s/g, '');
      process.stdout.write(String(usualAndSystemAuthorities().map(plain).includes(plain(process.env.EXPECTED))));`;
    const done = spawnSync(ensureNode24(), ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, SSL_CERT_FILE: file, EXPECTED: proxy.ca },
    });
    assert.equal(done.stdout, 'true', done.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the SDKs' own idea of a proxy, taken from the environment, never overrules the settings", async () => {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY'] as const;
  const before = names.map((name) => process.env[name]);
  const tunnels = proxy.tunnels.length;
  for (const name of names) process.env[name] = proxy.url;
  try {
    const clients = new AzureClients(
      {
        accounts: () => Promise.resolve([]),
        getToken: () => Promise.resolve({ token: 'opaque', expiresOn: Date.now() + 3_600_000 }),
      },
      { cloud: emulator.cloud, version: '0', network: DIRECT, retry: { maxRetries: 0 } },
    );
    const issuer = { account: toAccountId('a'), tenant: toTenantId('t') };
    await assert.rejects(new Directory(clients).tenants(issuer), { code: 'auth.refused' });
    clients.dispose();
    assert.equal(proxy.tunnels.length, tunnels, 'nothing went through it');
  } finally {
    names.forEach((name, at) => {
      if (before[at] === undefined) delete process.env[name];
      else process.env[name] = before[at];
    });
  }
});
