import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Fault } from './faults.ts';
import type { Answer } from './router.ts';

const zip = promisify(gzip);
/** Below this a body is not worth packing. */
const SMALL = 1_024;

/**
 * Writes an answer: JSON, text, bytes or a stream; gzip where the client takes it; HEAD without body; cut or trickling
 * where a fault says so.
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
  faults: readonly Fault[],
): Promise<void> {
  const all: Record<string, string> = { ...headers, ...answer.headers };
  const { body } = answer;
  if (body === undefined) {
    response.writeHead(answer.status, {
      ...all,
      ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': '0' }),
    });
    response.end();
    return;
  }
  all['content-type'] ??= answer.contentType ?? 'application/json; charset=utf-8';
  const takesGzip = /\bgzip\b/i.test(String(request.headers['accept-encoding'] ?? ''));
  if (isStream(body)) {
    if (takesGzip) all['content-encoding'] = 'gzip';
    response.writeHead(answer.status, all);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const source = Readable.from(body, { objectMode: false });
    await write(response, takesGzip ? source.pipe(createGzip({ level: 1 })) : source, faults, undefined);
    return;
  }
  let bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  if (takesGzip && bytes.length > SMALL) {
    bytes = await zip(bytes as unknown as Uint8Array, { level: 1 });
    all['content-encoding'] = 'gzip';
  }
  all['content-length'] = String(bytes.length);
  response.writeHead(answer.status, all);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await write(response, [bytes], faults, bytes.length);
}

function isStream(body: object | string): body is AsyncIterable<string | Buffer> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

async function write(
  response: ServerResponse,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  faults: readonly Fault[],
  length: number | undefined,
): Promise<void> {
  const cut = faults.find((fault) => fault.kind === 'truncate');
  const slow = faults.find((fault) => fault.kind === 'slowBody');
  let left = cut ? (cut.bytes ?? Math.floor((length ?? 4_096) / 2)) : Infinity;
  for await (const chunk of chunks) {
    for (const piece of slow ? slices(chunk, Math.max(1, Math.floor(slow.bytesPerSecond / 10))) : [chunk]) {
      if (response.destroyed) return;
      const part = piece.length > left ? piece.subarray(0, left) : piece;
      left -= part.length;
      if (!response.write(part) && !response.destroyed) await drained(response);
      if (left <= 0) {
        await sleep(20);
        response.req.socket.destroy();
        return;
      }
      if (slow) await sleep(100);
    }
  }
  response.end();
}

function* slices(chunk: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
