import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { itemsOf } from '../../../src/azure/arm/listing.ts';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { MOST_ANSWER_BYTES, Readings } from '../../../src/azure/http/readings.ts';
import { makeCertificates } from '../../../src/emulator/certificates.ts';

describe('an answer without an end', () => {
  let server: ReturnType<typeof createServer>, client: NodeHttpClient;
  let sent = 0,
    closed: Promise<void>;
  before(async () => {
    const { ca, cert, key } = await makeCertificates([]);
    server = createServer({ cert, key }, (_request, response) => {
      closed = new Promise((resolve) => {
        response.on('close', resolve);
      });
      flood(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    client = new NodeHttpClient({ ca });
  });
  beforeEach(() => {
    sent = 0;
  });
  after(() => {
    client.dispose();
    server.closeAllConnections();
    server.close();
  });
  const piece = Buffer.alloc(1_000_000, ' ');
  function flood(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      if (response.destroyed) return;
      sent += piece.length;
      if (response.write(piece as unknown as Uint8Array)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  }
  const ask = (abortSignal?: AbortSignal): Promise<unknown> =>
    client.sendRequest(
      createPipelineRequest({
        url: `https://localhost:${(server.address() as AddressInfo).port}/`,
        ...(abortSignal ? { abortSignal } : {}),
      }),
    );

  it('is read to its bound, and the connection is closed', async () => {
    await assert.rejects(ask(), { name: 'BadAnswer', code: 'service.tooLarge' });
    await closed;
    assert.ok(sent < MOST_ANSWER_BYTES + 50e6, `${sent}`);
  });

  it('ends at once where somebody stops it', async () => {
    const stop = new AbortController();
    const asked = ask(stop.signal);
    setTimeout(() => {
      stop.abort();
    }, 20);
    await assert.rejects(asked, { name: 'AbortError' });
    await closed;
    assert.ok(sent < MOST_ANSWER_BYTES, `${sent}`);
  });
});

describe('answers that are read at once', () => {
  async function* pieces(count: number): AsyncGenerator<Buffer> {
    for (let piece = 0; piece < count; piece++) yield Promise.resolve(Buffer.alloc(10));
  }
  async function readAll(reading: AsyncGenerator<Buffer>): Promise<number> {
    let bytes = 0;
    for await (const piece of reading) bytes += piece.length;
    return bytes;
  }

  it('together have a bound: the large one gives way, the small ones and whoever comes after are read', async () => {
    const readings = new Readings(100, 60);
    const others = [readings.read(pieces(3)), readings.read(pieces(3))];
    for (const other of others) for (let piece = 0; piece < 2; piece++) await other.next();
    await assert.rejects(readAll(readings.read(pieces(9))), { name: 'BadAnswer', code: 'service.tooLarge' });
    assert.deepEqual(await Promise.all(others.map(readAll)), [10, 10]);
    assert.equal(await readAll(readings.read(pieces(9))), 90);
  });
});

describe('a list without an end', () => {
  /** Pages as the SDKs give them, and how many were asked for. */
  function listOf(pageAt: (page: number) => readonly string[]): {
    asked: number;
    byPage(): AsyncGenerator<readonly string[]>;
  } {
    const list = {
      asked: 0,
      async *byPage() {
        for (;;) yield Promise.resolve(pageAt(list.asked++));
      },
    };
    return list;
  }
  const all = async (list: ReturnType<typeof listOf>, signal?: AbortSignal): Promise<string[]> => {
    const items: string[] = [];
    for await (const item of itemsOf(list, signal)) items.push(item);
    return items;
  };

  it('that goes on where it began is asked twice', async () => {
    const list = listOf(() => ['a', 'b']);
    await assert.rejects(all(list), { code: 'service.endlessList' });
    assert.equal(list.asked, 2);
  });
  it('that goes in a circle is asked once around', async () => {
    const list = listOf((page) => [String(page % 5)]);
    await assert.rejects(all(list), { code: 'service.endlessList' });
    assert.equal(list.asked, 6);
  });
  it('of empty or ever new pages is asked a thousand times', async () => {
    for (const pageAt of [() => [], (page: number) => [String(page)]]) {
      const list = listOf(pageAt);
      await assert.rejects(all(list), { code: 'service.endlessList' });
      assert.equal(list.asked, 1_001);
    }
  });
  it('ends between two pages where somebody stops it', async () => {
    const stop = new AbortController();
    const list = listOf((page) => {
      if (page === 3) stop.abort();
      return [String(page)];
    });
    await assert.rejects(all(list, stop.signal), { name: 'AbortError' });
    assert.equal(list.asked, 4);
  });
});
