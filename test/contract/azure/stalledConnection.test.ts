import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { RestError, createPipelineRequest } from '@azure/core-rest-pipeline';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { fromNetwork } from '../../../src/azure/errors/network.ts';

describe('a service that takes a connection and never shakes hands', () => {
  let silent: Server;
  const taken: Socket[] = [];
  before(async () => {
    silent = createServer((socket) => {
      taken.push(socket);
    });
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
  });
  after(() => {
    for (const socket of taken) socket.destroy();
    silent.close();
  });

  it('is a connection that timed out, long before the request itself would', { timeout: 20_000 }, async () => {
    const client = new NodeHttpClient({ connectMs: 50 });
    const { port } = silent.address() as AddressInfo;
    const request = createPipelineRequest({ url: `https://127.0.0.1:${port}/`, timeout: 600_000 });
    await assert.rejects(client.sendRequest(request), (error: Error) => {
      assert.ok(error instanceof RestError);
      assert.equal(fromNetwork(error, 'api.example')?.code, 'network.timeout');
      return true;
    });
    client.dispose();
  });
});
