// Alone: it looks at what is loaded, and at first nothing is.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { AzureClients } from '../../../src/azure/clients.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { Session } from '../../../src/worker/session.ts';

test('a session that is prepared has loaded its SDKs, its parser and its database, and nobody was asked for a token', async () => {
  const storageDirectory = await mkdtemp(join(tmpdir(), 'session-'));
  const load = mock.method(AzureClients.prototype, 'load');
  const ask = mock.fn(() => Promise.reject(new Error('Nobody is to be asked.')));
  const say = (): void => undefined;
  const session = new Session(
    { cloud: PUBLIC_CLOUD, customersFiles: [], storageDirectory, memoryLimitMb: 128, persistRuns: false },
    { accounts: ask, getToken: ask },
    { debug: say, info: say, warn: say },
    '0.0.0',
  );
  try {
    assert.deepEqual(['Kusto' in globalThis, load.mock.callCount()], [false, 0], 'what is heavy waits');
    await session.prepare();
    assert.deepEqual(['Kusto' in globalThis, load.mock.callCount(), ask.mock.callCount()], [true, 1, 0]);
  } finally {
    await session.close();
    mock.restoreAll();
    await rm(storageDirectory, { recursive: true, force: true });
  }
});
