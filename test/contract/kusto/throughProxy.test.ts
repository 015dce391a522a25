/** A cluster by its name in Azure, which is nowhere but behind a company's proxy. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AzureClients } from '../../../src/azure/clients.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { DIRECT } from '../../../src/model/network.ts';
import { startCompanyProxy } from '../../harness/companyProxy.ts';
import type { CompanyProxy } from '../../harness/companyProxy.ts';
import { openCentre } from './centreEstate.ts';
import type { CentreEstate } from './centreEstate.ts';

const CLUSTER = 'centre.westeurope.kusto.windows.net';
let centre: CentreEstate, proxy: CompanyProxy, clients: AzureClients;
before(async () => {
  centre = await openCentre();
  const { url, ca } = centre.emulator;
  const hosts = [CLUSTER, `ingest-${CLUSTER}`];
  proxy = await startCompanyProxy({ hosts, origin: url, originCa: ca });
  clients = new AzureClients(centre.connection.tokens, {
    cloud: { ...PUBLIC_CLOUD, ca: proxy.ca },
    version: '0.0.0-test',
    network: { ...DIRECT, proxy: proxy.url },
  });
});
after(async () => {
  clients.dispose();
  await proxy.close();
  await centre.close();
});

test('queries, streams and purges of the packages go through the proxy of our settings, each to its own service', async () => {
  const { small } = centre;
  const issuer = { account: `test:${small.engineer.username}`, tenant: small.provider.tenantId } as never;
  const door = await clients.dataExplorer(issuer, `https://${CLUSTER}`);
  const signal = AbortSignal.timeout(30_000);
  assert.deepEqual((await door.ask('central', 'print 1', signal)).rows, [[1]]);
  await assert.rejects(
    door.stream({ database: 'central', table: 'None', mapping: 'm', id: '', body: Buffer.from('{}') }, signal),
    { code: 'access.notFound' },
  );
  assert.deepEqual([...new Set(proxy.tunnels)], [`${CLUSTER}:443`]);
  const command = '.show purges 00000000-0000-4000-8000-000000000000';
  assert.deepEqual((await door.manage('central', command, signal)).rows, []);
  assert.equal(proxy.tunnels.at(-1), `ingest-${CLUSTER}:443`);
});
