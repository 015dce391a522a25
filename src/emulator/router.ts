import type { Bearer } from './identity/bearer.ts';
import type { Fault, FaultBook } from './faults.ts';
import type { CallLog } from './calls.ts';
import type { TokenIssuer } from './identity/tokens.ts';
import type { LocalEngine } from '../engine/face.ts';
import type { AgentFlows } from './ingestion/agentFlows.ts';
import type { IngestedRows } from './ingestion/ingestedRows.ts';
import type { LogSource } from './logs/source.ts';
import type { ServiceName } from './serviceName.ts';

/**
 * One request as a handler sees it: path collapsed and decoded, query names decoded and without case, body read whole.
 */
export interface RequestContext {
  readonly method: string;
  /** Original case, `//` collapsed, percent-decoded, without query. */
  readonly path: string;
  /** What the route's pattern captured. A missing name is a bug of the route, so it reads as "". */
  readonly params: Readonly<Record<string, string>>;
  /** `query('api-version')` finds `api%2Dversion` and `API-Version` too. */
  query(name: string): string | undefined;
  /** Every query pair, names in lower case. */
  readonly queries: ReadonlyMap<string, string>;
  header(name: string): string | undefined;
  readonly body: Buffer;
  /** The body as JSON; undefined when empty or not JSON (`isJson` tells which). */
  json<T = unknown>(): T | undefined;
  /** `https://host:port` as the client wrote it: for absolute links. */
  readonly origin: string;
  /** The request's own address with another query: for nextLink. */
  link(query: Record<string, string | undefined>): string;
  /** Who asks: verified signature and expiry, or what is wrong with it. The audience is the service's to check. */
  readonly bearer: Bearer;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /**
   * The faults in force for this call, for handlers that act them out themselves; the server has dealt with the rest.
   */
  readonly faults: readonly Fault[];
  /** `x-ms-request-id` of the answer. */
  readonly requestId: string;
  readonly correlationId: string;
}

/** What a handler answers. An object body becomes JSON; text, bytes or a stream go out as they are. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string | Buffer | AsyncIterable<string | Buffer>;
  /** Default `application/json; charset=utf-8`. */
  readonly contentType?: string;
}

/** Answers one route. A ServiceError that it throws becomes its answer. */
export type Handler = (ctx: RequestContext) => Answer | Promise<Answer>;

/** A failure with its HTTP answer; anything may throw it. */
export class ServiceError extends Error {
  readonly answer: Answer;
  constructor(answer: Answer, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.answer = answer;
  }
}

interface ArmErrorExtras {
  readonly target?: string;
  readonly details?: readonly object[];
  readonly headers?: Record<string, string>;
  readonly innererror?: object;
}

/** An error in ARM's shape: `{error:{code, message, target?, details?}}`. */
export function armError(status: number, code: string, message: string, extras: ArmErrorExtras = {}): ServiceError {
  const { headers, ...rest } = extras;
  return new ServiceError(
    { status, ...(headers ? { headers } : {}), body: { error: { code, message, ...rest } } },
    `${code}: ${message}`,
  );
}

/** What a route module may use besides the world. */
export interface Deps {
  readonly tokens: TokenIssuer;
  readonly faults: FaultBook;
  readonly calls: CallLog;
  /** Where the query API takes rows from; without it every workspace is empty. */
  readonly logs?: LogSource;
  /** Rows that came through the Logs Ingestion API. */
  readonly ingested: IngestedRows;
  /** Rows of machines with an agent. */
  readonly agents: Pick<AgentFlows, 'flow'>;
  /** The local engine, made on first use and shared by Resource Graph and the query API. */
  engine(): Promise<LocalEngine>;
  /** How long a long-running operation takes (ms of `clock.elapsed()`), and the Retry-After it tells. */
  readonly operations: { readonly durationMs: number; readonly retryAfterSeconds: number };
  /** Queued rows of Azure Data Explorer are there so many ms (of `clock.elapsed()`) after their message. */
  readonly queuedMs: number;
  /** The emulator's own address, and the authority of its certificate, for what calls it from inside. */
  readonly own: { url(): string; readonly ca: string };
  /** Runs when the emulator closes. */
  onClose(action: () => void | Promise<void>): void;
  /** Directory of the emulator's state, where it has one. */
  readonly stateDir?: string;
}

interface Route {
  readonly service: ServiceName;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly handler: Handler;
}

/** A route that fits an address, with the parts of the path it names. */
export interface RouteMatch {
  readonly service: ServiceName;
  readonly handler: Handler;
  readonly params: Record<string, string>;
}

/**
 * Routes by method and pattern, first registered first tried, without case. `{name}` captures one segment, `{*name}`
 * any number of segments (at least one). HEAD falls back to GET.
 */
export class Router {
  private readonly routes: Route[] = [];
  private readonly fallbacks: Route[] = [];

  /** A `fallback` is tried only where no other route has the path, whatever its method. */
  add(service: ServiceName, method: string, pattern: string, handler: Handler, fallback = false): void {
    const names: string[] = [];
    const source = pattern
      .replace(/[.$()+]/g, '\\$&')
      .replace(/\{(\*?)(\w+)\}/g, (_all, star: string, name: string) => {
        names.push(name);
        return star ? '(.+?)' : '([^/]+)';
      });
    (fallback ? this.fallbacks : this.routes).push({
      service,
      method,
      pattern: new RegExp(`^${source}/?$`, 'i'),
      names,
      handler,
    });
  }

  /**
   * The route, or the methods this path does answer to (none: no such path). `path` is raw: segments are decoded after
   * the match.
   */
  find(method: string, path: string): RouteMatch | { readonly allowed: readonly string[] } {
    const found = search(this.routes, method, path);
    return 'handler' in found || found.allowed.length > 0 ? found : search(this.fallbacks, method, path);
  }
}

function search(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch | { readonly allowed: readonly string[] } {
  const allowed: string[] = [];
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (!match) continue;
    if (route.method !== method && !(method === 'HEAD' && route.method === 'GET')) {
      allowed.push(route.method);
      continue;
    }
    const params: Record<string, string> = {};
    route.names.forEach((name, index) => {
      params[name] = decode(match[index + 1]!);
    });
    return { service: route.service, handler: route.handler, params };
  }
  return { allowed: [...new Set(allowed)] };
}

/** Percent-decoding that leaves what is not valid as it came. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
