import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { toAzureError } from '../../../src/azure/errors.ts';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { DIRECT } from '../../../src/model/network.ts';
import type { NetworkSettings } from '../../../src/model/network.ts';
import { startCompanyProxy } from '../../harness/companyProxy.ts';
import type { CompanyProxy } from '../../harness/companyProxy.ts';

/** Names that are nowhere but behind the proxy, as Azure's are from a closed network. */
const [INSIDE, OUTSIDE] = ['management.azure.test', 'login.azure.test'];
/** The company's web server, which has the script. */
const web = createServer((asked, answer) => {
  requests.push(asked.url ?? '');
  if (asked.url === '/moved.pac') answer.writeHead(302, { location: '/proxy.pac' }).end();
  else if (asked.url === '/proxy.pac')
    answer.writeHead(200, { 'content-type': 'application/x-ns-proxy-autoconfig' }).end(script);
  else answer.writeHead(404).end('nothing here');
});
const requests: string[] = [];
let script = '';
let emulator: Emulator, proxy: CompanyProxy, strict: CompanyProxy, address: string;

before(async () => {
  emulator = await startEmulator({});
  const behind = { hosts: [INSIDE, OUTSIDE], origin: emulator.cloud.resourceManager, originCa: emulator.ca };
  proxy = await startCompanyProxy(behind);
  strict = await startCompanyProxy({ ...behind, password: 'secret' });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});
after(async () => {
  web.close();
  await proxy.close();
  await strict.close();
  await emulator.close();
});
beforeEach(() => {
  script = `function FindProxyForURL(url, host) {
    return host === '${INSIDE}' ? 'PROXY ${new URL(proxy.url).host}' : 'DIRECT';
  }`;
});

/** Asks a host for the tenants without a token; the status of the answer. */
async function ask(host: string, network: Partial<NetworkSettings>, systemScript?: string, ca = proxy.ca) {
  const client = new NodeHttpClient({
    ca,
    network: { ...DIRECT, ...network },
    readSystem: () => Promise.resolve({ exempt: [], ...(systemScript === undefined ? {} : { pac: systemScript }) }),
  });
  try {
    const url = `https://${host}/tenants?api-version=2022-12-01`;
    return (await client.sendRequest(createPipelineRequest({ url, headers: createHttpHeaders() }))).status;
  } catch (thrown) {
    throw toAzureError(thrown, { tenant: 'T', what: 'tenant T' });
  } finally {
    client.dispose();
  }
}

test('one host goes through the proxy that the script names, the other directly', async () => {
  const before = proxy.tunnels.length;
  assert.equal(await ask(INSIDE, { proxyScript: `${address}/proxy.pac` }), 401, "Resource Manager's own answer");
  assert.deepEqual(proxy.tunnels.slice(before), [`${INSIDE}:443`]);
  await assert.rejects(ask(OUTSIDE, { proxyScript: `${address}/proxy.pac` }), { code: 'network.nameNotFound' });
  assert.equal(proxy.tunnels.length, before + 1, 'nothing went around the script');
});

test('the script that the system names is read, too; where it has moved to', async () => {
  assert.equal(await ask(INSIDE, { systemProxy: true }, `${address}/moved.pac`), 401);
  await assert.rejects(ask(INSIDE, { systemProxy: false }, `${address}/moved.pac`), { code: 'network.nameNotFound' });
});

test('a proxy that is not there is passed over for the next one; one that refuses is an answer', async () => {
  const [first, second] = [new URL(strict.url).host, new URL(proxy.url).host];
  script = `function FindProxyForURL() { return 'PROXY 127.0.0.1:9; PROXY ${second}' }`;
  assert.equal(await ask(INSIDE, { proxyScript: `${address}/proxy.pac` }), 401);
  script = `function FindProxyForURL() { return 'PROXY ${first}; PROXY ${second}' }`;
  assert.equal(await ask(INSIDE, { proxyScript: `${address}/proxy.pac` }), 407);
  script = `function FindProxyForURL() { return 'PROXY 127.0.0.1:9' }`;
  await assert.rejects(ask(INSIDE, { proxyScript: `${address}/proxy.pac` }), {
    code: 'network.refused',
    message: /through the proxy 127\.0\.0\.1:9/,
  });
});

test('a script that cannot be had: nothing is sent where a person named it, and the error names it where the system did', async () => {
  const before = proxy.tunnels.length;
  const missing = `${address.replace('//', '//user:secret@')}/other.pac?key=secret`;
  const told = (error: Error & { code?: string }) => {
    assert.match(error.message, /\/other\.pac, that .* does not say how to reach the service: the answer is 404\./);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  };
  await assert.rejects(ask(INSIDE, { proxyScript: missing }), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'network.proxyScript');
    return told(error);
  });
  await assert.rejects(ask(INSIDE, { systemProxy: true }, missing), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'network.nameNotFound', 'as browsers do, it was tried directly');
    return told(error);
  });
  assert.equal(proxy.tunnels.length, before);
});

test('this machine is reached without asking any script', async () => {
  const before = requests.length;
  const { host } = new URL(emulator.cloud.resourceManager);
  assert.equal(await ask(host, { proxyScript: `${address}/proxy.pac` }, undefined, emulator.ca), 401);
  assert.equal(requests.length, before);
});

test("the user's name for the proxy is not told to a proxy that anybody on the way could have named", async () => {
  const proxyAuthorization = `Basic ${Buffer.from('user:secret').toString('base64')}`;
  script = `function FindProxyForURL() { return 'PROXY ${new URL(strict.url).host}' }`;
  assert.equal(await ask(INSIDE, { proxyAuthorization, proxy: strict.url }, undefined, strict.ca), 401);
  assert.equal(
    await ask(INSIDE, { proxyAuthorization, proxyScript: `${address}/proxy.pac` }, undefined, strict.ca),
    407,
  );
});
