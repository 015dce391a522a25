import { request as sendHttps } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { RestError, createHttpHeaders } from '@azure/core-rest-pipeline';
import { AppError } from '../../base/errors.ts';
import { BadAnswer } from '../errors/badAnswer.ts';
import { DIRECT } from '../../model/network.ts';
import type { NetworkSettings, Route } from '../../model/network.ts';
import { foreignOrigin } from '../errors/foreignOrigin.ts';
import { isOwnOrigin } from './ownOrigin.ts';
import { Agents } from './agents.ts';
import { Readings } from './readings.ts';
import type { Passage } from './agents.ts';
import type { RouterEnds } from './routes.ts';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** Long enough for a far service behind a slow line, short enough that another try is still worth something. */
const CONNECT_MS = 30_000;
const TIMED_OUT = { code: 'ETIMEDOUT', syscall: 'connect' };

/**
 * The transport under every SDK client. The SDK's own one never ends when a gzip answer is cut off (it pipes without
 * passing the error on), and keeps three copies of a large body; this one fails at the cut, and hands a body that is
 * wanted as a stream over in the very pieces it came in, once all of it is here.
 */
export class NodeHttpClient implements HttpClient {
  private readonly agents: Agents;
  private readonly readings = new Readings();
  private readonly onUnauthorized: ((token: string) => void) | undefined;
  private readonly tokenOrigins: readonly string[] | undefined;
  private readonly mayHear: (url: string) => boolean;
  private readonly connectMs: number;

  /**
   * `ca`: PEM of the authority to trust in place of the usual ones; `network`: proxy and the system's certificates (no
   * proxy unless given); `sockets`: connections per host; `onUnauthorized` hears every token that a service answered
   * with 401; `tokenOrigins`: the only services that hear a token, any unless given; `mayHear`: further ones, known by
   * how their hosts end; `readSystem`: what the operating system says of proxies, this machine's unless given;
   * `connectMs`: how long a connection may take to come about.
   */
  constructor(
    options: {
      readonly ca?: string;
      readonly sockets?: number;
      readonly network?: NetworkSettings;
      readonly onUnauthorized?: (token: string) => void;
      readonly tokenOrigins?: readonly string[];
      readonly mayHear?: (url: string) => boolean;
      readonly connectMs?: number;
    } & Pick<RouterEnds, 'readSystem'> = {},
  ) {
    this.onUnauthorized = options.onUnauthorized;
    this.tokenOrigins = options.tokenOrigins;
    this.mayHear = options.mayHear ?? (() => false);
    this.connectMs = options.connectMs ?? CONNECT_MS;
    this.agents = new Agents(options.network ?? DIRECT, options.ca, options.sockets ?? 64, options);
  }

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    // Each client keeps to its own service; this holds for one that forgot to.
    const own = this.tokenOrigins;
    if (
      own &&
      request.headers.has('authorization') &&
      !own.some((origin) => isOwnOrigin(request.url, origin)) &&
      !this.mayHear(request.url)
    )
      throw foreignOrigin(request.url, own[0] ?? '');
    const response = await this.sendAfresh(request);
    const token =
      response.status === 401 ? /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] : undefined;
    if (token !== undefined) this.onUnauthorized?.(token);
    return response;
  }

  /** How an address is reached. Rejects with `network.proxyScript`. */
  async route(url: string): Promise<Route> {
    const { routes, ways } = await this.agents.ways(url);
    const { by, problem } = routes;
    const proxy = ways[0]?.proxy;
    return {
      by,
      ...(proxy === undefined ? {} : { proxy }),
      ...(problem ? { problem: problem.toData() } : {}),
    };
  }

  dispose(): void {
    this.agents.dispose();
  }

  private async sendAfresh(request: PipelineRequest): Promise<PipelineResponse> {
    try {
      return await this.attempt(request);
    } catch (error) {
      // The service closed a connection we had kept: nothing of the request was read, so it is sent again on a fresh
      // one (Node's advice).
      if (!(error instanceof StaleSocket)) throw error;
    }
    try {
      return await this.attempt(request);
    } catch (error) {
      // Another kept connection, closed as well: whoever asked decides whether it is worth a third.
      throw error instanceof StaleSocket ? toRestError(error.cause, request) : error;
    }
  }

  private async attempt(request: PipelineRequest): Promise<PipelineResponse> {
    const controller = new AbortController();
    const onAbort = (): void => {
      controller.abort();
    };
    if (request.abortSignal?.aborted) throw aborted();
    request.abortSignal?.addEventListener('abort', onAbort);
    const timer = request.timeout > 0 ? setTimeout(onAbort, request.timeout) : undefined;
    try {
      const response = await this.open(request, controller.signal);
      const headers = createHttpHeaders();
      for (const [name, value] of Object.entries(response.headers))
        if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
      const status = response.statusCode ?? 0;
      const pieces = await readPieces(response, request, this.readings);
      return {
        request,
        headers,
        status,
        ...(request.streamResponseStatusCodes?.has(status)
          ? { readableStreamBody: Readable.from(pieces) }
          : { bodyAsText: toText(pieces) }),
      };
    } catch (error) {
      if (controller.signal.aborted) throw aborted();
      if ([StaleSocket, RestError, AppError, BadAnswer].some((known) => error instanceof known)) throw error;
      throw toRestError(error, request);
    } finally {
      clearTimeout(timer);
      request.abortSignal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Opens it by the first way that leads anywhere. The next one is tried only where the connection did not come about,
   * so that nothing is ever sent twice; what a proxy answers is an answer, and no reason to go around it (as browsers
   * have it).
   */
  private async open(request: PipelineRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { routes, ways } = await unlessAborted(this.agents.ways(request.url), signal);
    for (const [at, way] of ways.entries())
      try {
        return await this.openBy(way, request, signal);
      } catch (error) {
        if (error instanceof StaleSocket || signal.aborted) throw error;
        this.agents.router.forget();
        if (at < ways.length - 1 && neverConnected(error)) continue;
        throw toRestError(error, request, way, routes.problem?.message);
      }
    throw new TypeError('An address without a way to it.');
  }

  private openBy({ agent }: Passage, request: PipelineRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const body = typeof request.body === 'function' ? request.body() : request.body;
    if (body !== undefined && body !== null && typeof body !== 'string' && !Buffer.isBuffer(body))
      throw new TypeError('This transport sends texts and buffers only.');
    if (body) request.headers.set('content-length', String(Buffer.byteLength(body)));
    const options = {
      method: request.method,
      headers: request.headers.toJSON({ preserveCase: true }),
      // Never the request's own: the SDKs put one there for the environment's proxy, whatever the settings say.
      agent,
      secureContext: this.agents.secureContext,
      signal,
    };
    return new Promise((resolve, reject) => {
      const sent: ClientRequest = sendHttps(request.url, options, resolve);
      sent.once('socket', (socket) => {
        if (!sent.reusedSocket) this.limitConnecting(sent, socket);
      });
      sent.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
            ? new StaleSocket('', { cause: error })
            : error,
        );
      });
      if (body) sent.end(body);
      else sent.end();
    });
  }

  /** A handshake that stalls (firewalls do that) would else wait as long as the request may: minutes for a query. */
  private limitConnecting(sent: ClientRequest, socket: Socket): void {
    const timer = setTimeout(() => {
      // As Node's own, where the operating system gave up connecting: another way may lead there.
      sent.destroy(Object.assign(new Error('The connection did not come about.'), TIMED_OUT));
    }, this.connectMs);
    const stop = (): void => {
      clearTimeout(timer);
    };
    socket.once('secureConnect', stop);
    sent.once('close', stop);
  }
}

/** Whether there was no connection at all, to the service or to the proxy before it. */
function neverConnected(error: unknown): boolean {
  // Node tries each address of a name, and gathers what became of them.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const { syscall } = first as NodeJS.ErrnoException;
  return syscall === 'connect' || syscall === 'getaddrinfo';
}

/** A connection that failed on the way to the proxy, or behind it, says which proxy that was. */
function toRestError(error: unknown, request: PipelineRequest, way?: Passage, scriptProblem?: string): RestError {
  const { message, code } = error as NodeJS.ErrnoException;
  const failed = new RestError(message, { code: code ?? RestError.REQUEST_SEND_ERROR, request });
  return Object.assign(failed, {
    ...(way?.proxy === undefined ? {} : { proxy: way.proxy }),
    ...(scriptProblem === undefined ? {} : { scriptProblem }),
  });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(aborted());
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}

/**
 * A request whose body somebody works on as it comes in: hears every piece, decoded, before the answer is whole. What
 * it heard counts only once it is.
 */
export interface HeardRequest extends PipelineRequest {
  onPiece?: (piece: Uint8Array) => void;
}

class StaleSocket extends Error {}

/**
 * The whole body in the pieces it comes in. Fails where the answer breaks off before its announced end, through a
 * decoder too.
 */
async function readPieces(response: IncomingMessage, request: PipelineRequest, readings: Readings): Promise<Buffer[]> {
  const decoder = decoderOf(response.headers['content-encoding']);
  try {
    // The same request is sent again after a challenge: a refusal's body is nobody's.
    const wanted = request.streamResponseStatusCodes?.has(response.statusCode ?? 0);
    const onPiece = wanted ? (request as HeardRequest).onPiece : undefined;
    if (!decoder) return await collect(readings.read(response), onPiece);
    const [pieces] = await Promise.all([collect(readings.read(decoder), onPiece), pipeline(response, decoder)]);
    return pieces;
  } catch (error) {
    if (error instanceof BadAnswer) throw error;
    // Whatever broke it (Node says ECONNRESET, zlib Z_BUF_ERROR), the service had begun to answer: that is not a
    // connection that failed.
    throw new RestError(`The answer broke off: ${(error as Error).message}`, {
      code: 'ERR_STREAM_PREMATURE_CLOSE',
      request,
    });
  }
}
async function collect(pieces: AsyncIterable<Buffer>, onPiece: HeardRequest['onPiece']): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const piece of pieces) {
    all.push(piece);
    onPiece?.(piece as unknown as Buffer);
  }
  return all;
}
function toText(pieces: readonly Buffer[]): string {
  return pieces.length === 1 ? pieces[0]!.toString('utf8') : Buffer.concat(pieces).toString('utf8');
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

function aborted(): Error {
  const error = new Error('The operation was aborted.');
  error.name = 'AbortError';
  return error;
}
