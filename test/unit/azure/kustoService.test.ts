/** Which addresses are clusters of a cloud, for whom tokens are made, and where rows may go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLentStorage, kustoService } from '../../../src/azure/kusto/kustoService.ts';
import { CHINA_CLOUD, PUBLIC_CLOUD, US_GOVERNMENT_CLOUD } from '../../../src/model/cloud.ts';
import type { Cloud } from '../../../src/model/cloud.ts';

const CUSTOM: Cloud = {
  ...PUBLIC_CLOUD,
  name: 'emulator',
  resourceManager: 'https://localhost:4430',
  logAnalytics: 'https://localhost:4430',
};

test('a cluster has an ingestion service beside it, and tokens for all clusters of its cloud', () => {
  assert.deepEqual(kustoService(PUBLIC_CLOUD, 'https://centre.westeurope.kusto.windows.net/'), {
    cluster: 'https://centre.westeurope.kusto.windows.net',
    ingest: 'https://ingest-centre.westeurope.kusto.windows.net',
    audience: 'https://kusto.kusto.windows.net',
    authority: 'https://login.microsoftonline.com',
    purges: true,
  });
  const eventhouse = kustoService(PUBLIC_CLOUD, 'https://abc.z0.kusto.fabric.microsoft.com');
  assert.deepEqual([eventhouse.audience, eventhouse.purges], ['https://kusto.kusto.windows.net', false]);
  const audiences = [
    kustoService(US_GOVERNMENT_CLOUD, 'https://c.usgovvirginia.kusto.usgovcloudapi.net'),
    kustoService(CHINA_CLOUD, 'https://c.chinaeast2.kusto.chinacloudapi.cn'),
  ].map(({ audience }) => audience);
  assert.deepEqual(audiences, ['https://kusto.kusto.usgovcloudapi.net', 'https://kusto.kusto.chinacloudapi.cn']);
  const own = kustoService(CUSTOM, 'https://localhost:4430');
  assert.deepEqual([own.cluster, own.ingest], ['https://localhost:4430', 'https://localhost:4430']);
});

test('an address that is no cluster of the cloud is refused before anything is asked', () => {
  for (const address of [
    'https://centre.westeurope.kusto.windows.net.evil.example',
    'https://evil.example/.kusto.windows.net',
    'https://evil.example#.kusto.windows.net',
    'https://evil.example\\.kusto.windows.net',
    'https://kusto.windows.net',
    'https://.kusto.windows.net',
    'http://centre.westeurope.kusto.windows.net',
    'https://user@centre.westeurope.kusto.windows.net',
    'https://centre.westeurope.kusto.windows.net:8080',
    'https://centre.westeurope.kusto.windows.net/database',
    'https://centre.westeurope.kusto.windows.net;Fed=true;AppClientId=x',
    'https://ingest-centre.westeurope.kusto.windows.net',
    'https://centre.chinaeast2.kusto.chinacloudapi.cn',
    'https://localhost',
    'centre.westeurope.kusto.windows.net',
  ])
    assert.throws(() => kustoService(PUBLIC_CLOUD, address), { code: 'input.centreAddress' }, address);
  for (const address of ['https://localhost:4431', 'https://centre.westeurope.kusto.windows.net'])
    assert.throws(() => kustoService(CUSTOM, address), { code: 'input.centreAddress' }, address);
  assert.throws(() => kustoService({ ...CUSTOM, name: 'constructor' }, 'https://a.kusto.windows.net'), {
    code: 'input.centreAddress',
  });
});

test('rows go to storage of the cloud alone, whatever a cluster names', () => {
  const lent = (address: string): boolean => isLentStorage(PUBLIC_CLOUD, address);
  assert.ok(lent('https://abc01.blob.core.windows.net/20260131-ingestdata-0?sig=x'));
  assert.ok(lent('https://abc01.queue.core.windows.net/readyforaggregation?sig=x'));
  assert.ok(lent('https://abc01.z12.blob.storage.azure.net/ingestdata?sig=x'));
  for (const address of [
    'https://evil.example/a.blob.core.windows.net?sig=x',
    'http://abc01.blob.core.windows.net/temp?sig=x',
    'https://abc01.blob.core.windows.net:444/temp?sig=x',
    'https://abc01.blob.core.windows.net@evil.example/temp?sig=x',
    '',
  ])
    assert.equal(lent(address), false, address);
});
