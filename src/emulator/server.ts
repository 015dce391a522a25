import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { key } from './armId.ts';
import type { Certificates } from './certificates.ts';
import { faultAnswer, faultyAnswer, leadElsewhere } from './faultAnswers.ts';
import type { Fault } from './faults.ts';
import { WorkspaceIndex } from './lookup.ts';
import { parseAddress, readBody, toContext } from './request.ts';
import {
  armError,
  ServiceError,
  type Answer,
  type Deps,
  type RequestContext,
  type RouteMatch,
  type Router,
} from './router.ts';
import { send } from './send.ts';
import type { World } from './state.ts';
import { subjectOf, withAsked } from './subject.ts';

/** The longest a timer can wait (2^31 - 1 ms, 24 days). */
const FOREVER_MS = 2_147_483_647;

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-max-age': '3600',
};

/** One HTTPS listener for every emulated host: routes, verifies tokens, acts faults out, logs calls. */
export class EmulatorServer {
  private readonly server: Server;
  private readonly router: Router;
  private readonly world: World;
  private readonly deps: Deps;
  private readonly index: WorkspaceIndex;
  private readonly closing = new AbortController();
  private jitter = 0;

  constructor(router: Router, world: World, deps: Deps, certificates: Certificates) {
    this.router = router;
    this.world = world;
    this.deps = deps;
    this.index = new WorkspaceIndex(world);
    this.server = createServer(
      { key: certificates.key, cert: `${certificates.cert}${certificates.ca}`, keepAliveTimeout: 65_000 },
      (request, response) => {
        void this.answer(request, response);
      },
    );
    this.server.on('clientError', (_error, socket) => {
      socket.destroy();
    });
  }

  /** Listens; returns the port (a free one for 0). Rejects where the port is taken. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends hanging answers and every connection. */
  async close(): Promise<void> {
    this.closing.abort();
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const address = parseAddress(request.url ?? '/');
    const method = request.method ?? 'GET';
    const bearer = this.deps.tokens.verify(request.headers.authorization);
    const found = method === 'OPTIONS' ? { allowed: [] } : this.router.find(method, address.path);
    const route = 'handler' in found ? found : undefined;
    const claims = bearer.ok ? bearer.claims : undefined;
    const principal = claims?.oid;
    const subject = route && subjectOf(this.world, this.index, method, address.path, route, claims);
    let faults: readonly Fault[] = [];
    const end = this.deps.calls.begin(route?.service ?? 'none', principal);
    let status = 0;
    try {
      const body = await readBody(request);
      if (subject) faults = this.deps.faults.take(withAsked(subject, this.index, body));
      const ctx = toContext({
        request,
        address,
        params: route?.params ?? {},
        body,
        bearer,
        faults,
        signal: gone.signal,
      });
      const produced = await this.produce(ctx, found, faults, response);
      if (!produced) return;
      const answer = faults.reduce((made, fault) => faultyAnswer(made, fault, ctx, request.url ?? '/'), produced);
      ({ status } = answer);
      await send(request, response, answer, this.headers(ctx), faults);
    } catch (error) {
      // The client went away, or the answer's own stream failed half-way: all that is left is to cut the line.
      if (!response.headersSent && error instanceof ServiceError) {
        ({ status } = error.answer);
        await send(request, response, error.answer, {}, []);
      } else request.socket.destroy();
    } finally {
      end();
      if (route?.service !== 'admin') {
        this.deps.calls.add({
          time: this.world.clock.iso(),
          service: route?.service ?? 'none',
          method,
          path: address.path,
          status,
          ms: Math.round(performance.now() - started),
          faults: faults.map((fault) => fault.kind),
          ...(subject?.tenant ? { tenant: subject.tenant } : {}),
          ...(subject?.workspace ? { workspace: subject.workspace[0]! } : {}),
          ...(principal ? { principal: key(principal) } : {}),
        });
      }
    }
  }

  /** The answer after faults and handler; undefined where the connection is gone. */
  private async produce(
    ctx: RequestContext,
    found: RouteMatch | { readonly allowed: readonly string[] },
    faults: readonly Fault[],
    response: ServerResponse,
  ): Promise<Answer | undefined> {
    if (!('handler' in found)) return unrouted(ctx, found.allowed);
    for (const fault of faults) {
      if (fault.kind === 'latency') await this.pause(fault.ms + (fault.jitterMs ?? 0) * this.nextJitter(), ctx);
      else if (fault.kind === 'hang') {
        await this.pause(undefined, ctx);
        return undefined;
      } else if (fault.kind === 'reset') {
        // The response's own is none yet while the one before it on this connection is being finished.
        response.req.socket.resetAndDestroy();
        response.req.socket.destroy();
        return undefined;
      } else {
        const instead = faultAnswer(fault, found.service, ctx);
        if (instead) return instead;
      }
    }
    if (ctx.signal.aborted) return undefined;
    try {
      return leadElsewhere(await found.handler(ctx), faults);
    } catch (error) {
      if (error instanceof ServiceError) return error.answer;
      if (ctx.signal.aborted) return undefined;
      // A mistake of the emulator itself: said as the services say theirs, with the reason, since nobody's secrets are
      // here.
      return armError(
        500,
        'InternalServerError',
        `The emulator failed: ${error instanceof Error ? error.message : String(error)}`,
      ).answer;
    }
  }

  /** Spread evenly over 0 to 1 and the same in every run. */
  private nextJitter(): number {
    return (this.jitter = (this.jitter + 0.618_034) % 1);
  }

  private async pause(ms: number | undefined, ctx: RequestContext): Promise<void> {
    const ended = new AbortController();
    const end = (): void => {
      ended.abort();
    };
    const signals = [ctx.signal, this.closing.signal];
    for (const signal of signals)
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    await sleep(ms ?? FOREVER_MS, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    for (const signal of signals) signal.removeEventListener('abort', end);
  }

  private headers(ctx: RequestContext): Record<string, string> {
    const client = ctx.header('x-ms-client-request-id');
    return {
      'cache-control': 'no-cache',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'x-ms-request-id': ctx.requestId,
      'x-ms-correlation-request-id': ctx.correlationId,
      date: new Date(this.world.clock.now()).toUTCString(),
      ...(client ? { 'x-ms-client-request-id': client } : {}),
    };
  }
}

function unrouted(ctx: RequestContext, allowed: readonly string[]): Answer {
  if (ctx.method === 'OPTIONS') return { status: 200, headers: CORS };
  if (allowed.length) {
    return {
      status: 405,
      headers: { allow: allowed.join(', ') },
      body: {
        error: {
          code: 'MethodNotAllowed',
          message: `The requested resource does not support http method '${ctx.method}'.`,
        },
      },
    };
  }
  return armError(404, 'NotFound', `The emulator serves nothing at '${ctx.path}'.`).answer;
}
