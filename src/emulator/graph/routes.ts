import type { AppError } from '../../base/errors.ts';
import type { Cell, Column, DataTable } from '../../model/kqlType.ts';
import { key } from '../armId.ts';
import { authenticate, checkVersion, type Caller } from '../arm/gate.ts';
import { visibleSubscriptions } from '../arm/subscriptions.ts';
import { throttled } from '../faultAnswers.ts';
import { armError, ServiceError, type Answer, type Deps, type RequestContext, type Router } from '../router.ts';
import type { Subscription, World } from '../state.ts';
import { EngineGraphQuery, type GraphQuery } from './query.ts';
import { GraphQuota, toSpan } from './quota.ts';
import { rememberedRefusals } from './subset.ts';
import type { GraphRefusal } from './subset.ts';

interface GraphRequest {
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  readonly query?: string;
  readonly options?: {
    readonly $top?: number;
    readonly $skip?: number;
    readonly $skipToken?: string;
    readonly resultFormat?: string;
    readonly allowPartialScopes?: boolean;
  };
  readonly facets?: readonly object[];
}

const INVALID_QUERY =
  'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.';
const LARGEST_PAGE = 1_000;
const PATH = '/providers/Microsoft.ResourceGraph/resources';

/** Azure Resource Graph: one KQL query over every subscription the token reads. */
export function registerGraph(router: Router, world: World, deps: Deps): void {
  const quota = new GraphQuota(world.clock);
  const graph: GraphQuery = new EngineGraphQuery(world, () => deps.engine());
  const findRefusal = rememberedRefusals();
  router.add('graph', 'POST', PATH, async (ctx) => {
    const caller = authenticate(world, ctx);
    const version = checkVersion(world, ctx, 'Microsoft.ResourceGraph/resources');
    const taken = quota.take(`${caller.claims.tid} ${caller.claims.oid}`);
    const headers = {
      'x-ms-user-quota-remaining': String(taken.remaining),
      'x-ms-user-quota-resets-after': toSpan(taken.resetsAfterSeconds),
      'x-ms-resource-graph-request-duration': '0:00:00:00.0310000',
    };
    if (!taken.allowed) {
      const refused = throttled('graph', taken.resetsAfterSeconds);
      return { ...refused, headers: { ...headers, ...refused.headers } };
    }
    const answer = await run(world, { graph, findRefusal }, ctx, caller, version);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  });
}

async function run(
  world: World,
  { graph, findRefusal }: { graph: GraphQuery; findRefusal: (query: string) => GraphRefusal | undefined },
  ctx: RequestContext,
  caller: Caller,
  version: string,
): Promise<Answer> {
  const request = ctx.json<GraphRequest>();
  if (!request || typeof request.query !== 'string' || request.query.trim() === '') {
    throw refused(world, ctx, 'InvalidQuery', 'Query is missing: the request body needs a query.');
  }
  if (request.facets?.length) throw armError(501, 'NotEmulated', 'The emulator does not compute facets.');
  const { options = {} } = request;
  const top = bounded(world, ctx, '$top', options.$top, LARGEST_PAGE, 1);
  const first =
    options.$skipToken === undefined
      ? bounded(world, ctx, '$skip', options.$skip, 0, 0)
      : readToken(world, ctx, options.$skipToken, request.query);
  const refusal = findRefusal(request.query);
  if (refusal) throw refused(world, ctx, 'InvalidQuery', INVALID_QUERY, [refusal]);
  let table: DataTable;
  try {
    table = await graph.run(
      request.query,
      caller,
      scopeOf(world, ctx, caller, request),
      options.$skipToken !== undefined,
    );
  } catch (error) {
    throw toGraphError(world, ctx, error);
  }
  const rows = table.rows.slice(first, first + Math.min(top, LARGEST_PAGE));
  const more = first + rows.length < table.rows.length;
  // Azure pages only what it can find again: rows that still have their id.
  const pages = more && table.columns.some(({ name }) => name === 'id');
  const format = (options.resultFormat ?? (version >= '2020' ? 'objectArray' : 'table')).toLowerCase();
  return {
    status: 200,
    body: {
      totalRecords: table.rows.length,
      count: rows.length,
      resultTruncated: more && !pages ? 'true' : 'false',
      facets: [],
      ...(pages ? { $skipToken: writeToken(first + rows.length, request.query) } : {}),
      data: format === 'table' ? asTable(table.columns, rows) : asObjects(table.columns, rows),
    },
  };
}

function bounded(
  world: World,
  ctx: RequestContext,
  name: string,
  value: number | undefined,
  byDefault: number,
  least: number,
): number {
  if (value === undefined) return byDefault;
  if (!Number.isInteger(value) || value < least || (name === '$top' && value > LARGEST_PAGE)) {
    throw refused(
      world,
      ctx,
      'InvalidParameterValue',
      `The option '${name}' has the value '${value}', which is out of range.`,
    );
  }
  return value;
}

/** The subscriptions of a request: those named, or of a named tenant root group, or all the token sees. */
function scopeOf(world: World, ctx: RequestContext, caller: Caller, request: GraphRequest): Subscription[] {
  const visible = visibleSubscriptions(world, caller);
  const named = request.subscriptions?.map(key);
  const groups = request.managementGroups?.map(key);
  const wanted = visible.filter(
    (subscription) =>
      (!named?.length && !groups?.length) ||
      named?.includes(key(subscription.subscriptionId)) ||
      groups?.includes(key(subscription.tenantId)),
  );
  if (!wanted.length) {
    throw refused(
      world,
      ctx,
      'NoValidSubscriptionsInQueryRequest',
      `There must be at least one subscription that is eligible to contain resources. Given: '${(request.subscriptions ?? request.managementGroups ?? []).join(', ')}'.`,
    );
  }
  return wanted;
}

/** Resource Graph's errors: the reason is in the details. */
function refused(world: World, ctx: RequestContext, code: string, message: string, more: object[] = []): ServiceError {
  return armError(
    400,
    'BadRequest',
    `Please provide below info when asking for support: timestamp = ${world.clock.iso()}, correlationId = ${ctx.correlationId}.`,
    { details: [{ code, message }, ...more] },
  );
}

function toGraphError(world: World, ctx: RequestContext, error: unknown): unknown {
  if (error instanceof ServiceError) return error;
  const { code, message, data = {} } = error as Partial<AppError>;
  if (code === 'query.syntax') {
    return refused(world, ctx, 'InvalidQuery', INVALID_QUERY, [
      {
        code: 'ParserFailure',
        message: message ?? '',
        line: data['line'],
        characterPositionInLine: data['column'],
        token: data['token'],
      },
    ]);
  }
  if (code?.startsWith('query.')) return refused(world, ctx, 'InvalidQuery', message ?? '');
  return error;
}

function writeToken(next: number, query: string): string {
  return Buffer.from(JSON.stringify({ next, of: query.length })).toString('base64');
}

function readToken(world: World, ctx: RequestContext, token: string, query: string): number {
  try {
    const { next, of } = JSON.parse(Buffer.from(token, 'base64').toString()) as { next: unknown; of: unknown };
    if (typeof next === 'number' && of === query.length) return next;
  } catch {
    /* said below */
  }
  throw refused(world, ctx, 'InvalidSkipToken', 'The skip token does not belong to this query.');
}

const GRAPH_TYPES: Readonly<Record<Column['type'], string>> = {
  bool: 'boolean',
  int: 'integer',
  long: 'integer',
  real: 'number',
  decimal: 'number',
  string: 'string',
  datetime: 'datetime',
  timespan: 'string',
  guid: 'string',
  dynamic: 'object',
};

function asTable(columns: readonly Column[], rows: readonly (readonly Cell[])[]): object {
  return {
    columns: columns.map(({ name, type }) => ({ name, type: GRAPH_TYPES[type] })),
    rows: rows.map((row) => row.map((cell, at) => toJson(cell, columns[at]!))),
  };
}

function asObjects(columns: readonly Column[], rows: readonly (readonly Cell[])[]): object[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column.name, toJson(row[at] ?? null, column)])),
  );
}

/**
 * Dynamic cells are JSON here, unlike in the query API; numbers beyond 2^53 lose digits as they do in any JSON reader.
 */
function toJson(cell: Cell, { type }: Column): unknown {
  if (typeof cell === 'bigint') return Number(cell);
  if (type === 'dynamic' && typeof cell === 'string') {
    try {
      return JSON.parse(cell) as unknown;
    } catch {
      return cell;
    }
  }
  return cell;
}
