import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AzureClients } from '../../../src/azure/clients.ts';
import { Connection } from '../../../src/azure/connection.ts';
import { endsOf } from '../../../src/core/doctor/ends.ts';
import type { End } from '../../../src/core/doctor/ends.ts';
import { probeCertificate } from '../../../src/core/doctor/probes/certificate.ts';
import { probeConnection } from '../../../src/core/doctor/probes/connection.ts';
import { probeProxy } from '../../../src/core/doctor/probes/proxy.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { DIRECT } from '../../../src/model/network.ts';
import type { NetworkSettings } from '../../../src/model/network.ts';
import type { TokenSource } from '../../../src/ports/accounts.ts';
import { startCompanyProxy } from '../../harness/companyProxy.ts';
import type { CompanyProxy } from '../../harness/companyProxy.ts';

/** A name that is nowhere but behind the proxy. */
const HOST = 'azure.test';
let emulator: Emulator, proxy: CompanyProxy, strict: CompanyProxy;

before(async () => {
  emulator = await startEmulator({});
  const hosts = { hosts: [HOST], origin: emulator.url, originCa: emulator.ca };
  proxy = await startCompanyProxy(hosts);
  strict = await startCompanyProxy({ ...hosts, password: 'secret' });
});
after(async () => {
  await proxy.close();
  await strict.close();
  await emulator.close();
});

/** How the connection and the certificate of each service look from a network. */
async function look(network: NetworkSettings, ca: string | undefined, origin = `https://${HOST}`): Promise<string[]> {
  const { ca: _none, ...rest } = emulator.cloud;
  const cloud: Cloud = {
    ...rest,
    authority: origin,
    resourceManager: origin,
    logAnalytics: origin,
    ...(ca === undefined ? {} : { ca }),
  };
  const clients = new AzureClients({} as TokenSource, { cloud, version: '0', network });
  const port = new Connection(clients);
  const call = { clock: SYSTEM_CLOCK, signal: new LocalSignal() };
  try {
    return await Promise.all(
      endsOf(cloud).map(async (end: End) => {
        const { value: route } = await probeProxy(end, port, call);
        const reached = await probeConnection(end, route?.proxy, port, call);
        const { state, code, names } = reached.check;
        return [state, code, probeCertificate(end, reached).state, names.proxy && 'by proxy'].filter(Boolean).join(' ');
      }),
    );
  } finally {
    clients.dispose();
  }
}

test('every service answers a question without a token, directly and through a proxy', async () => {
  const thrice = (text: string): string[] => [text, text, text];
  assert.deepEqual(await look(DIRECT, emulator.ca, emulator.url), thrice('works works'));
  assert.deepEqual(await look({ ...DIRECT, proxy: proxy.url }, proxy.ca), thrice('works works by proxy'));
});

test("a company's authority that is not trusted, a proxy that wants a name, and one that is not there", async () => {
  const [untrusted] = await look({ ...DIRECT, proxy: proxy.url }, undefined);
  assert.equal(untrusted, 'fails network.untrustedCertificate fails by proxy');
  const [nameless] = await look({ ...DIRECT, proxy: strict.url }, strict.ca);
  assert.equal(nameless, 'fails network.proxyRefused skipped by proxy');
  const [nobody] = await look({ ...DIRECT, proxy: 'http://127.0.0.1:9' }, proxy.ca);
  assert.equal(nobody, 'fails network.refused skipped by proxy');
});
