import type { RequestContext } from '../router.ts';
import { badArgument } from './failures.ts';
import { parsePrefer, type Preferences } from './prefer.ts';
import { intersect, parseTimespan, type TimeRange } from './timespan.ts';

/** A request of the query API, taken apart. */
export interface QueryRequest {
  readonly query: string;
  readonly range?: TimeRange;
  /** The further workspaces of the body, as they were named. */
  readonly workspaces: readonly string[];
  readonly prefer: Preferences;
  readonly cacheControl?: string;
  readonly correlationId: string;
}

/** The parts of a request that a batch gives each of its items. */
export type RequestParts = Pick<RequestContext, 'method' | 'query' | 'header' | 'body' | 'correlationId'> & {
  json(): unknown;
};

/** Undefined for a POST without a JSON body: the service answers that with 200 and nothing. Throws the 400s. */
export function parseQueryRequest(ctx: RequestParts, now: number): QueryRequest | undefined {
  const body = ctx.method === 'POST' ? readBody(ctx) : {};
  if (body === undefined) return undefined;
  const invalid = (message: string): Error => badArgument({ code: 'InvalidParameter', message }, ctx.correlationId);
  const query = body['query'] ?? ctx.query('query');
  if (typeof query !== 'string' || query.trim() === '') throw invalid("The 'query' parameter is missing.");
  const ranges = [body['timespan'], ctx.query('timespan')].flatMap((text) => {
    if (text === undefined || text === null || text === '') return [];
    const range = typeof text === 'string' ? parseTimespan(text, now) : undefined;
    if (!range)
      throw invalid(
        `The timespan '${typeof text === 'string' ? text : JSON.stringify(text)}' is not an ISO 8601 duration or interval.`,
      );
    return [range];
  });
  const range = intersect(ranges);
  const cacheControl = ctx.header('cache-control');
  return {
    query,
    ...(range ? { range } : {}),
    workspaces: namesOf(body, ctx, invalid),
    prefer: parsePrefer(ctx.header('prefer')),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    correlationId: ctx.correlationId,
  };
}

function readBody(ctx: RequestParts): Record<string, unknown> | undefined {
  if (ctx.body.length === 0 || !/\bjson\b/i.test(ctx.header('content-type') ?? '')) return undefined;
  const body = ctx.json();
  if (body === undefined || body === null || typeof body !== 'object' || Array.isArray(body))
    throw badArgument(
      { code: 'InvalidJsonBody', message: 'The request body is not a JSON object.' },
      ctx.correlationId,
    );
  return body as Record<string, unknown>;
}

/** `workspaces` of the body; `workspaces`, `workspaceIds` and the like of older clients mean the same. */
function namesOf(body: Record<string, unknown>, ctx: RequestParts, invalid: (message: string) => Error): string[] {
  const given = body['workspaces'] ?? (ctx.query('workspaces')?.split(',') as unknown);
  const older = [body['workspaceIds'], body['qualifiedNames'], body['azureResourceIds'], body['resources']];
  return [given, ...older].flatMap((list) => {
    if (list === undefined || list === null) return [];
    if (!Array.isArray(list) || list.some((name) => typeof name !== 'string'))
      throw invalid("The 'workspaces' parameter is a list of texts.");
    return (list as string[]).map((name) => name.trim()).filter((name) => name !== '');
  });
}
