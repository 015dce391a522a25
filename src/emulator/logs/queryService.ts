import { key, workspaceScope } from '../armId.ts';
import { WorkspaceIndex } from '../lookup.ts';
import { ServiceError, type Answer, type Deps } from '../router.ts';
import type { Fault } from '../faults.ts';
import type { World } from '../state.ts';
import type { QueryAnswer } from '../../engine/face.ts';
import { answerBody, MOST_ROWS, type AnswerEnd } from './answerBody.ts';
import { AnswerCache } from './answerCache.ts';
import { toRenderObject, toStatistics } from './answerParts.ts';
import { mentionedTables, openDatabase, type OpenDatabase } from './databases.ts';
import { gatewayTimeout, unresolved } from './failures.ts';
import type { Caller } from './gate.ts';
import { checkPlans } from './plans.ts';
import { partialError, toQueryFailure } from './queryErrors.ts';
import type { QueryRequest } from './queryRequest.ts';
import { QueryQuota } from './quota.ts';
import { crossReferences, Scopes, type QueryScope } from './scopes.ts';
import { TableAccess } from './tableAccess.ts';
import { TableStore } from './tableStore.ts';
import type { TimeRange } from './timespan.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';

/** One question that passed the gate, and when to stop working on it. */
export interface Asked {
  readonly caller: Caller;
  readonly scope: QueryScope;
  readonly request: QueryRequest;
  readonly endpoint: 'query' | 'search';
  readonly signal: AbortSignal;
  /** What goes wrong with this call; roles on single tables are among it. */
  readonly faults: readonly Fault[];
  /** ms the call was held up before it came here. */ readonly lateMs?: number;
}

/** Headers the service's own answers carry. */
const HEADERS = {
  'access-control-expose-headers': 'Retry-After,Age,WWW-Authenticate,x-resource-identities,x-ms-status-location',
  via: '1.1 draft-oms-emulator',
  vary: 'Accept-Encoding',
};
/** An answer up to this size is sent whole, and may be kept; a longer one streams. */
const WHOLE = 1_048_576;

/** Runs queries for the routes: limits, cache, database, engine, answer. */
export class QueryService {
  private readonly world: World;
  private readonly deps: Deps;
  readonly store: TableStore;
  readonly scopes: Scopes;
  readonly quota: QueryQuota;
  private readonly cache: AnswerCache;

  constructor(world: World, deps: Deps) {
    this.world = world;
    this.deps = deps;
    this.store = new TableStore(world, deps.logs, () => deps.engine(), deps.ingested);
    this.scopes = new Scopes(world, new WorkspaceIndex(world), this.store);
    this.quota = new QueryQuota(world.clock);
    this.cache = new AnswerCache(world.clock);
  }

  async answer(asked: Asked): Promise<Answer> {
    const { caller, request } = asked;
    const scope = this.scopes.with(asked.scope, request.workspaces, caller, request.correlationId);
    const others = this.referenced(request, caller);
    const asks = [...scope.workspaces, ...[...others.values()].flatMap(({ workspaces }) => workspaces)];
    this.scopes.check(asks, request.correlationId);
    const ids = new Set(asks.map((one) => key(workspaceScope(one))));
    await this.deps.agents.flow(({ workspace }) => ids.has(workspace));
    checkPlans(
      asked,
      scope,
      others.size > 0,
      scope.workspaces.flatMap((workspace) => mentionedTables(this.store, workspace, request.query)),
    );
    if (
      ![scope, ...others.values()].some(({ workspaces }) =>
        workspaces.some((workspace) => this.store.hasData(workspace)),
      )
    )
      return { status: 204, headers: HEADERS };
    const access = new TableAccess(caller, asked.faults);
    const seen = scope.workspaces.map((workspace) =>
      mentionedTables(this.store, workspace, request.query).map((table) => access.sight(workspace, table)),
    );
    const headers = {
      ...HEADERS,
      ...(request.prefer.waitAsked ? { 'preference-applied': `wait=${request.prefer.wait}` } : {}),
    };
    const cacheKey = JSON.stringify([
      caller.userKey,
      asked.endpoint,
      seen,
      scope.resource,
      scope.workspaces.map(({ properties }) => properties.customerId),
      request.query,
      request.range?.from,
      request.range?.to,
      mostRows(asked.faults),
      { ...request.prefer, wait: 0, waitAsked: false },
    ]);
    const kept = this.cache.find(cacheKey, request.cacheControl);
    if (kept)
      return {
        status: 200,
        headers: { ...headers, age: String(kept.age) },
        body: kept.body,
        contentType: 'application/json; charset=utf-8',
      };
    const leave = await this.quota.enter(caller.userKey, asked.endpoint === 'search', asked.signal);
    return this.run(asked, scope, others, access, leave, headers, (body) => {
      this.cache.keep(cacheKey, body, request.cacheControl);
    });
  }

  /** What `workspace()` and `resource()` in the text stand for. */
  private referenced({ query, correlationId }: QueryRequest, caller: Caller): Map<string, QueryScope> {
    const found = new Map<string, QueryScope>();
    for (const { kind, name } of crossReferences(query)) {
      if (kind === 'app') throw unresolved(name, correlationId);
      if (kind === 'workspace')
        found.set(`workspace ${name}`, { workspaces: [this.scopes.named(name, caller, correlationId)], denied: [] });
      else
        try {
          found.set(`resource ${name}`, this.scopes.ofResource(name, caller, correlationId));
        } catch {
          throw unresolved(name, correlationId);
        }
    }
    return found;
  }

  private async run(
    asked: Asked,
    scope: QueryScope,
    others: ReadonlyMap<string, QueryScope>,
    access: TableAccess,
    leave: () => void,
    headers: Record<string, string>,
    keep: (body: string) => void,
  ): Promise<Answer> {
    const { request, signal } = asked;
    const { query, prefer, correlationId } = request;
    const most = mostRows(asked.faults);
    const started = performance.now();
    const cpu = process.cpuUsage();
    const opened: OpenDatabase[] = [];
    const stop = new AbortController();
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        stop.abort();
      },
      Math.max(1, prefer.wait * 1000 - (asked.lateMs ?? 0)),
    );
    let answer: QueryAnswer | undefined;
    let ended = false;
    const end = async (): Promise<void> => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      leave();
      for (const database of opened) database.release();
      for (const table of answer?.tables ?? []) await table.dispose();
    };
    const gone = (): void => {
      stop.abort();
      void end().catch(() => undefined);
    };
    signal.addEventListener('abort', gone);
    try {
      if ((asked.lateMs ?? 0) >= prefer.wait * 1000) throw gatewayTimeout(correlationId);
      const engine = await this.deps.engine();
      const database = await openDatabase(this.store, scope, query, access);
      opened.push(database);
      const named = new Map<string, OpenDatabase>();
      for (const [name, other] of others) {
        const open = await openDatabase(this.store, other, query, access);
        opened.push(open);
        named.set(name, open);
      }
      const range = toIso(request.range);
      answer = await engine.query(query, {
        database: database.database,
        now: ticksOfMs(this.world.clock.now()),
        maxRows: most,
        signal: stop.signal,
        ...(range ? { timespan: range } : {}),
        ...(named.size ? { resolve: (kind: string, name: string) => named.get(`${kind} ${name}`)?.database } : {}),
      });
      const { tables, render } = answer;
      const tail = (done: AnswerEnd): object => ({
        statistics: prefer.statistics
          ? toStatistics({
              seconds: (performance.now() - started) / 1000,
              cpu: process.cpuUsage(cpu),
              rows: done.rows,
              bytes: done.bytes,
            })
          : undefined,
        render: prefer.render ? toRenderObject(render) : undefined,
        permissions: prefer.permissions ? this.scopes.permissions(scope, access) : undefined,
        dataSources: prefer.dataSources
          ? scope.workspaces.map((workspace) => ({
              resourceId: workspace.properties.customerId,
              region: workspace.location,
              tables: mentionedTables(this.store, workspace, query).map(({ name }) => name),
            }))
          : undefined,
        error: done.cut ? partialError(done.cut, most, correlationId) : undefined,
      });
      return {
        status: 200,
        headers,
        contentType: 'application/json; charset=utf-8',
        body: await wholeOrStream(answerBody(tables, tail), keep, end),
      };
    } catch (thrown) {
      await end();
      if (thrown instanceof ServiceError) throw thrown;
      if (timedOut) throw gatewayTimeout(correlationId);
      throw toQueryFailure(thrown, query, correlationId);
    }
  }
}

/** Rows of an answer at most: the service's limit, or a lower one that a fault makes it. */
function mostRows(faults: readonly Fault[]): number {
  return Math.min(MOST_ROWS, ...faults.flatMap((fault) => (fault.kind === 'rowLimit' ? [fault.rows] : [])));
}

/**
 * A small answer as one text, offered for keeping; the pieces of a large one as they come. `end` runs when the last is
 * out or nobody listens.
 */
async function wholeOrStream(
  pieces: AsyncGenerator<string>,
  keep: (body: string) => void,
  end: () => Promise<void>,
): Promise<string | AsyncGenerator<string>> {
  let text = '';
  for (;;) {
    const next = await pieces.next();
    if (next.done) {
      await end();
      keep(text);
      return text;
    }
    text += next.value;
    if (text.length > WHOLE) return rest(text, pieces, end);
  }
}

async function* rest(first: string, pieces: AsyncGenerator<string>, end: () => Promise<void>): AsyncGenerator<string> {
  try {
    yield first;
    yield* pieces;
  } finally {
    await end();
  }
}

function toIso(range: TimeRange | undefined): { from: string; to: string } | undefined {
  if (!range) return undefined;
  const iso = (time: number | undefined, open: string): string =>
    time === undefined || !Number.isFinite(time) ? open : new Date(time).toISOString();
  return { from: iso(range.from, '0001-01-01T00:00:00.000Z'), to: iso(range.to, '9999-12-31T23:59:59.999Z') };
}
