import type { IncomingMessage } from 'node:http';
import type { Fault } from './faults.ts';
import type { Bearer } from './identity/bearer.ts';
import { freshGuid } from './ids.ts';
import { armError, decode, type RequestContext } from './router.ts';

const LARGEST_BODY = 64 * 1024 * 1024;

/** A request's address taken apart: path with single slashes, still percent-encoded; query names in lower case. */
export interface Address {
  readonly path: string;
  readonly queries: ReadonlyMap<string, string>;
  readonly raw: URLSearchParams;
}

/** Path and query of a request; query names in lower case, doubled slashes as one. */
export function parseAddress(url: string): Address {
  const mark = url.indexOf('?');
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^https?:\/\/[^/]+/i, '').replace(/\/{2,}/g, '/') || '/';
  const raw = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  return { path, raw, queries: new Map([...raw].map(([name, value]) => [name.toLowerCase(), value])) };
}

/** The whole body. Throws 413 above the largest the service takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY)
      throw armError(
        413,
        'RequestContentTooLarge',
        `The request content size exceeds the maximum size of ${LARGEST_BODY} bytes.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks as unknown as Uint8Array[]);
}

interface ContextParts {
  readonly request: IncomingMessage;
  readonly address: Address;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly bearer: Bearer;
  readonly faults: readonly Fault[];
  readonly signal: AbortSignal;
}

/** What handlers see of a request. */
export function toContext(parts: ContextParts): RequestContext {
  const { request, address, body } = parts;
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const origin = `https://${header('host') ?? 'localhost'}`;
  return {
    method: request.method ?? 'GET',
    path: decode(address.path),
    params: new Proxy(parts.params, {
      get: (target, name) => (typeof name === 'string' ? (target[name] ?? '') : undefined),
    }),
    query: (name) => address.queries.get(name.toLowerCase()),
    queries: address.queries,
    header,
    body,
    json: () => {
      try {
        return body.length ? JSON.parse(body.toString('utf8').replace(/^\ufeff/, '')) : undefined;
      } catch {
        return undefined;
      }
    },
    origin,
    link(changes) {
      const query = new URLSearchParams(address.raw);
      for (const [name, value] of Object.entries(changes)) {
        for (const present of Array.from(query.keys()))
          if (present.toLowerCase() === name.toLowerCase()) query.delete(present);
        if (value !== undefined) query.set(name, value);
      }
      return `${origin}${address.path}?${query}`;
    },
    bearer: parts.bearer,
    faults: parts.faults,
    signal: parts.signal,
    requestId: freshGuid(),
    correlationId: header('x-ms-correlation-request-id') ?? header('x-ms-client-request-id') ?? freshGuid(),
  };
}
