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
 * batches, and the way through Resource Manager with its token. Gives what answers, for others that ask queries.
 */
export function registerLogs(router: Router, world: World, deps: Deps): QueryService {
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
      return service.answer({
        caller,
        scope,
        request,
        endpoint,
        signal: ctx.signal,
        faults: ctx.faults,
        lateMs: lateness(ctx),
      });
    };
  const metadata =
    (scopeOf: typeof workspaceScope, authenticateCaller = callerOf) =>
    (ctx: RequestContext): Answer => ({
      status: 200,
      body: toMetadata(world, scopeOf(ctx, authenticateCaller(world, ctx)).workspaces, (workspace, table) =>
        service.store.hasRows(workspace, table),
      ),
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
  const workspaceOfArm = (ctx: RequestContext, caller: Caller): QueryScope =>
    service.scopes.ofResource(ctx.path.replace(/\/(?:query|search|metadata)$/i, ''), caller, ctx.correlationId);
  const atWorkspace =
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}';
  const armRoutes: readonly (readonly [string, string, (ctx: RequestContext) => Answer | Promise<Answer>])[] = [
    ['/{*resource}/providers/microsoft.insights/logs', '', query('query', resourceScope, throughArm)],
    [`${atWorkspace}/query`, '2017-10-01', query('query', workspaceOfArm, throughArm)],
    [`${atWorkspace}/search`, '2017-10-01', query('search', workspaceOfArm, throughArm)],
    [`${atWorkspace}/metadata`, '2017-10-01', metadata(workspaceOfArm, throughArm)],
  ];
  for (const [path, version, answer] of armRoutes) {
    for (const method of ['POST', 'GET']) {
      router.add('arm', method, path, (ctx) => {
        checkArmVersion(ctx, version);
        return answer(ctx);
      });
    }
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
  return service;
}

/** Resource Manager wants a version, and of the workspace's own door the one there is. */
function checkArmVersion(ctx: RequestContext, only: string): void {
  const asked = ctx.query('api-version');
  if (asked === undefined)
    throw armError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  if (only !== '' && asked !== only)
    throw armError(
      400,
      'InvalidResourceType',
      `The resource type could not be found in the namespace 'Microsoft.OperationalInsights' for api version '${asked}'. The supported api-versions are '${only}'.`,
    );
}

/** ms that latency faults held this call up: they count against `wait`. */
function lateness(ctx: RequestContext): number {
  return ctx.faults.reduce((sum, fault) => (fault.kind === 'latency' ? sum + fault.ms : sum), 0);
}
