import type { EmulatedClock } from './clock.ts';
import type { ServiceName } from './serviceName.ts';

/** Which calls a fault is for; every part given must fit, none given means all calls (but never the admin ones). */
interface FaultMatch {
  readonly service?: ServiceName;
  /** Tenant id. */
  readonly tenant?: string;
  /** Workspace name, customerId or ARM id. */
  readonly workspace?: string;
  readonly method?: string;
  /** Regular expression over the path, without case. */
  readonly path?: string;
  /** Object id of the caller. */
  readonly principal?: string;
}

/** What goes wrong. */
export type Fault =
  /** The answer comes later. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  /** 429, with Retry-After in seconds where given, without the header where not. */
  | { readonly kind: 'throttle'; readonly retryAfterSeconds?: number }
  /** Any status; by default the HTML a gateway writes, so not JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly contentType?: string;
      readonly headers?: Record<string, string>;
    }
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  /** The body stops after so many bytes (default half) and the connection is cut. */
  | { readonly kind: 'truncate'; readonly bytes?: number }
  /** The connection is reset before any answer. */
  | { readonly kind: 'reset' }
  /** 401: the service finds the token expired. On the identity service: tokens are issued already expired. */
  | { readonly kind: 'expiredToken' }
  /** 401 insufficient_claims until a token was asked for with these claims. */
  | { readonly kind: 'claimsChallenge'; readonly acrs?: string }
  /** 403, as while a role assignment has not arrived everywhere yet; ends by itself `forMs` after it was set. */
  | { readonly kind: 'accessLag'; readonly forMs?: number }
  /** A long-running operation (workspace, deployment) is accepted and then fails. */
  | { readonly kind: 'failOperation'; readonly code?: string; readonly message?: string }
  /** A workspace's PUT and DELETE answer with an operation to poll, which the service mostly does not. */
  | { readonly kind: 'asyncOperation' }
  /**
   * Roles on single tables keep these from the caller: they have no rows (`empty`, and are told to who asks with
   * include-permissions), or not even their names are known (`unresolved`).
   */
  | { readonly kind: 'denyTables'; readonly tables: readonly string[]; readonly as?: 'empty' | 'unresolved' }
  /**
   * A body of blanks that goes on for so many bytes, for ever unless given; packed where the client takes it, so that 3
   * MB are sent of 3 GB.
   */
  | { readonly kind: 'flood'; readonly bytes?: number }
  /** A list says that it goes on where it began. */
  | { readonly kind: 'sameNextLink' }
  /**
   * A query's answer of a shape that the service does not send: a row that is null or an object, no table at all; or
   * (`errorRow`) Kusto's own way to say that a query failed behind its first rows.
   */
  | { readonly kind: 'oddAnswer'; readonly as: 'nullRow' | 'objectRow' | 'errorRow' | 'noTable' }
  /** An answer of the query API is cut at so many rows already, as it is else at 500,000. */
  | { readonly kind: 'rowLimit'; readonly rows: number }
  /**
   * Everything that leads on (nextLink, Location, Azure-AsyncOperation, token_endpoint) leads to another origin:
   * somebody's, not Azure's.
   */
  | { readonly kind: 'foreignLinks'; readonly origin: string }
  /**
   * What the Logs Ingestion API does with a body it accepted: it says that it failed though it stored all or half of
   * it, stores it twice, or loses it.
   */
  | { readonly kind: 'storedOddly'; readonly as: 'failed' | 'half' | 'twice' | 'lost' }
  /** A storage account takes what is written, and has nothing of it. */
  | { readonly kind: 'loseWrite' }
  /** A message of a queue is delivered a second time. */
  | { readonly kind: 'deliverTwice' }
  /** The service does what it was asked, and then fails with this status all the same. */
  | { readonly kind: 'failAfter'; readonly status: number }
  /** The body trickles. */
  | { readonly kind: 'slowBody'; readonly bytesPerSecond: number };

/** One fault and the calls it befalls. */
export interface FaultRule {
  readonly id?: string;
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /** Let so many matching calls pass first. */
  readonly after?: number;
  /** Then apply to so many calls; no limit unless given. */
  readonly times?: number;
}

/** What the server knows of a call when it looks for faults. */
export interface FaultSubject {
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly tenant?: string;
  /** Every way to name the workspace, lower case: name, customerId, ARM id. */
  readonly workspace?: readonly string[];
  readonly principal?: string;
}

interface Held {
  readonly rule: FaultRule & { readonly id: string };
  readonly pattern?: RegExp;
  readonly since: number;
  seen: number;
  applied: number;
}

interface FaultStatus extends FaultRule {
  readonly id: string;
  readonly seen: number;
  readonly applied: number;
}

const KINDS = new Set([
  'latency',
  'throttle',
  'status',
  'hang',
  'truncate',
  'reset',
  'expiredToken',
  'claimsChallenge',
  'accessLag',
  'failOperation',
  'asyncOperation',
  'foreignLinks',
  'slowBody',
  'denyTables',
  'flood',
  'sameNextLink',
  'oddAnswer',
  'rowLimit',
  'storedOddly',
  'loseWrite',
  'deliverTwice',
  'failAfter',
]);

/** The faults in force. Several may fit one call: delays add up, the first that ends the call decides how. */
export class FaultBook {
  private held: Held[] = [];
  private count = 0;
  private readonly clock: EmulatedClock;

  constructor(clock: EmulatedClock) {
    this.clock = clock;
  }

  /**
   * Puts a rule in force (replacing one of the same id) and returns its id. Throws an Error that names what is wrong
   * with the rule.
   */
  add(rule: FaultRule): string {
    if (!rule.fault || !KINDS.has(rule.fault.kind)) {
      throw new Error(
        `Unknown fault kind ${JSON.stringify((rule.fault as { kind?: unknown } | undefined)?.kind)}: use one of ${[...KINDS].join(', ')}.`,
      );
    }
    const id = rule.id ?? `fault-${++this.count}`;
    const pattern = rule.match?.path === undefined ? undefined : new RegExp(rule.match.path, 'i');
    this.remove(id);
    this.held.push({
      rule: { ...rule, id },
      ...(pattern ? { pattern } : {}),
      since: this.clock.elapsed(),
      seen: 0,
      applied: 0,
    });
    return id;
  }

  remove(id: string): boolean {
    const before = this.held.length;
    this.held = this.held.filter((held) => held.rule.id !== id);
    return this.held.length < before;
  }

  clear(): void {
    this.held = [];
  }

  list(): readonly FaultStatus[] {
    return this.held.map(({ rule, seen, applied }) => ({ ...rule, seen, applied }));
  }

  /** The faults for one call, counted as applied. */
  take(subject: FaultSubject): readonly Fault[] {
    if (subject.service === 'admin') return [];
    const taken: Fault[] = [];
    for (const held of this.held) {
      const { rule } = held;
      if (!fits(held, subject)) continue;
      if (
        rule.fault.kind === 'accessLag' &&
        rule.fault.forMs !== undefined &&
        this.clock.elapsed() - held.since >= rule.fault.forMs
      )
        continue;
      held.seen++;
      if (held.seen <= (rule.after ?? 0) || held.applied >= (rule.times ?? Infinity)) continue;
      held.applied++;
      taken.push(rule.fault);
    }
    return taken;
  }
}

function fits({ rule, pattern }: Held, subject: FaultSubject): boolean {
  const match = rule.match ?? {};
  const same = (wanted: string | undefined, actual: string | undefined): boolean =>
    wanted === undefined || wanted.toLowerCase() === actual?.toLowerCase();
  return (
    same(match.service, subject.service) &&
    same(match.method, subject.method) &&
    same(match.tenant, subject.tenant) &&
    same(match.principal, subject.principal) &&
    (match.workspace === undefined || (subject.workspace ?? []).includes(match.workspace.toLowerCase())) &&
    (pattern === undefined || pattern.test(subject.path))
  );
}
