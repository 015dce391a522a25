import { authenticate } from '../arm/gate.ts';
import { armError, ServiceError, type Answer, type Deps, type RequestContext, type Router } from '../router.ts';
import type { World } from '../state.ts';
import { answerBatch } from './batch.ts';
import { callerOf, toCaller, type Caller } from './gate.ts';
import { toMetadata } from './metadata.ts';
import { parseQueryRequest } from './queryRequest.ts';
import { QueryService } from './queryService.ts';
import type { QueryScope } from './scopes.ts';

/**
 * Registers the query API: queries and metadata of workspaces and resources, `/search` for Basic and Auxiliary tables,
 * batches, and the
 * way through Resource Manager with its token.
 */
export function registerLogs(router: Router, world: World, deps: Deps): void {
  const service = new QueryService(world, deps);
  const workspaceScope = (ctx: RequestContext, caller: Caller): QueryScope =>
    service.scopes.ofWorkspace(ctx.params['workspace'] ?? '', caller, ctx.correlationId);
  const resourceScope = (ctx: RequestContext, caller: Caller): QueryScope =>
    service.scopes.ofResource(`/${ctx.params['resource'] ?? ''}`, caller, ctx.correlationId);

  const query =
    (endpoint: 'query' | 'search', scopeOf: typeof workspaceScope, authenticateCaller = callerOf) =>
    async (ctx: RequestContext): Promise<Answer> => {
      const caller = authenticateCaller(world, ctx);
      const scope = scopeOf(ctx, caller);
      service.quota.count(caller.userKey);
      const request = parseQueryRequest(ctx, world.clock.now());
      if (!request) return { status: 200, body: '' };
      return service.answer({ caller, scope, request, endpoint, signal: ctx.signal, lateMs: lateness(ctx) });
    };
  const metadata =
    (scopeOf: typeof workspaceScope) =>
    (ctx: RequestContext): Answer => ({
      status: 200,
      body: toMetadata(world, scopeOf(ctx, callerOf(world, ctx)).workspaces),
    });
  const throughArm = (_world: World, ctx: RequestContext): Caller => toCaller(world, authenticate(world, ctx).claims);

  router.add('logs', 'POST', '/v1/$batch', async (ctx) => answerBatch(ctx, callerOf(world, ctx), service, world));
  for (const [path, scopeOf] of [
    ['/v1/workspaces/{workspace}', workspaceScope],
    ['/v1/{*resource}', resourceScope],
  ] as const) {
    for (const method of ['POST', 'GET']) {
      router.add('logs', method, `${path}/query`, query('query', scopeOf));
      router.add('logs', method, `${path}/search`, query('search', scopeOf));
      router.add('logs', method, `${path}/metadata`, metadata(scopeOf));
    }
  }
  for (const method of ['POST', 'GET']) {
    router.add('arm', method, '/{*resource}/providers/microsoft.insights/logs', async (ctx) => {
      if (ctx.query('api-version') === undefined)
        throw armError(
          400,
          'MissingApiVersionParameter',
          'The api-version query parameter (?api-version=) is required for all requests.',
        );
      return query('query', resourceScope, throughArm)(ctx);
    });
  }
  for (const method of ['POST', 'GET', 'PUT', 'DELETE']) {
    router.add('logs', method, '/v1/{*path}', (ctx) => {
      callerOf(world, ctx);
      throw new ServiceError(
        { status: 404, body: { error: { message: 'The requested path does not exist', code: 'PathNotFoundError' } } },
        'no such path',
      );
    });
  }
}

/** ms that latency faults held this call up: they count against `wait`. */
function lateness(ctx: RequestContext): number {
  return ctx.faults.reduce((sum, fault) => (fault.kind === 'latency' ? sum + fault.ms : sum), 0);
}
