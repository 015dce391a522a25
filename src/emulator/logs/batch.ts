import { ServiceError, type Answer, type RequestContext } from '../router.ts';
import type { World } from '../state.ts';
import { badArgument, pathNotFound } from './failures.ts';
import type { Caller } from './gate.ts';
import { parseQueryRequest, type RequestParts } from './queryRequest.ts';
import type { QueryService } from './queryService.ts';

interface BatchItem {
  readonly id?: string;
  readonly method?: string;
  readonly path?: string;
  readonly workspace?: string;
  readonly resource?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** `POST /v1/$batch`: every item as a query of its own, the answers under their ids. */
export async function answerBatch(
  ctx: RequestContext,
  caller: Caller,
  service: QueryService,
  world: World,
): Promise<Answer> {
  const items = ctx.json<{ requests?: BatchItem[] }>()?.requests;
  if (!Array.isArray(items))
    throw badArgument({ code: 'InvalidBatch', message: "A batch has a list of 'requests'." }, ctx.correlationId);
  const answers = await Promise.all(
    items.map(async (item) => {
      const answer = await answerItem(item, ctx, caller, service, world);
      // Spliced in as text: a parse would round the large longs.
      return `{"id":${JSON.stringify(item.id ?? '')},"status":${answer.status},"headers":${JSON.stringify(answer.headers ?? {})},"body":${await bodyText(answer)}}`;
    }),
  );
  return { status: 200, body: `{"responses":[${answers.join(',')}]}`, contentType: 'application/json; charset=utf-8' };
}

async function answerItem(
  item: BatchItem,
  ctx: RequestContext,
  caller: Caller,
  service: QueryService,
  world: World,
): Promise<Answer> {
  try {
    const endpoint = /^\/?(query|search)$/i.exec(item.path ?? '/query')?.[1]?.toLowerCase();
    if (endpoint !== 'query' && endpoint !== 'search') throw pathNotFound();
    const scope =
      item.resource === undefined
        ? service.scopes.ofWorkspace(item.workspace ?? '', caller, ctx.correlationId)
        : service.scopes.ofResource(item.resource, caller, ctx.correlationId);
    service.quota.count(caller.userKey);
    const headers = new Map(Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    const parts: RequestParts = {
      method: 'POST',
      correlationId: ctx.correlationId,
      query: () => undefined,
      header: (name) => (name.toLowerCase() === 'content-type' ? 'application/json' : headers.get(name.toLowerCase())),
      body: Buffer.from('{}'),
      json: () => item.body,
    };
    const request = parseQueryRequest(parts, world.clock.now());
    return request
      ? await service.answer({ caller, scope, request, endpoint, signal: ctx.signal, faults: ctx.faults })
      : { status: 200, body: '' };
  } catch (error) {
    if (error instanceof ServiceError) return error.answer;
    throw error;
  }
}

async function bodyText({ status, body }: Answer): Promise<string> {
  if (status === 204) return '{"error":{"message":"The workspace has no data yet.","code":"WorkspaceNotPlacedError"}}';
  if (body === undefined || body === '') return '{}';
  if (typeof body === 'string') return body;
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  if (!(Symbol.asyncIterator in body)) return JSON.stringify(body);
  let text = '';
  for await (const piece of body as AsyncIterable<string | Buffer>) text += piece.toString();
  return text;
}
