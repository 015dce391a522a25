import { grantsOf, mayDo, maySee, reachesSubscription, type Grant } from '../access.ts';
import { noteActivity } from '../noteActivity.ts';
import { throttled } from '../faultAnswers.ts';
import { findAudience } from '../identity/audiences.ts';
import type { TokenClaims } from '../identity/bearer.ts';
import { findResourceGroup, findSubscription, findWorkspace } from '../lookup.ts';
import { armError, ServiceError, type Answer, type Deps, type RequestContext, type Router } from '../router.ts';
import type { Subscription, World } from '../state.ts';
import { checkLocks, LOCK_TYPE } from './lockRules.ts';
import { checkPolicies } from './policyRules.ts';
import { InnerWrites } from './innerWrites.ts';
import { REGIONS } from './regions.ts';
import { ArmThrottle, callKind } from './throttle.ts';
import { versionList, versionProblem } from './versions.ts';
import type { LongOperations } from './longOperations.ts';

/** Who calls, and what they may do. */
export interface Caller {
  readonly claims: TokenClaims;
  readonly grants: readonly Grant[];
}

/** A call that has passed Resource Manager's own checks. */
export interface ArmCall extends Caller {
  readonly ctx: RequestContext;
  readonly apiVersion: string;
  /** Of `{subscriptionId}` in the path; only there. */
  readonly subscription: Subscription;
}

interface ArmRoute {
  /** e.g. `Microsoft.OperationalInsights/workspaces`: decides about api-versions and, in writes, registration. */
  readonly type: string;
  /** The action the caller needs at the path's scope; none for what everybody may ask. */
  readonly action?: string;
  /** A list: it is enough to hold the action anywhere beneath; the handler filters. */
  readonly list?: boolean;
  /** The path is a read although it is a POST. */
  readonly readOnly?: boolean;
  /** Only where no other route has the path. */
  readonly fallback?: boolean;
}

/**
 * Resource Manager's front: token, audience, api-version, throttling, tenant, permission, state of subscription and
 * group - in this order.
 */
export class ArmGate {
  private readonly router: Router;
  readonly world: World;
  readonly deps: Deps;
  readonly operations: LongOperations;
  /** What deployments put resources by. */
  readonly innerWrites = new InnerWrites<ArmCall>();
  private readonly throttle: ArmThrottle;

  constructor(router: Router, world: World, deps: Deps, operations: LongOperations) {
    this.router = router;
    this.world = world;
    this.deps = deps;
    this.operations = operations;
    this.throttle = new ArmThrottle(world.clock);
  }

  /**
   * Adds a route of Resource Manager; `{subscriptionId}` and `{resourceGroup}` in the path are checked before the
   * handler runs.
   */
  add(method: string, path: string, route: ArmRoute, handler: (call: ArmCall) => Answer | Promise<Answer>): void {
    if (method === 'PUT' && !route.fallback) this.innerWrites.add(path, handler);
    this.router.add(
      'arm',
      method,
      path,
      async (ctx) => {
        this.operations.settle();
        const caller = authenticate(this.world, ctx);
        const apiVersion = checkVersion(this.world, ctx, route.type);
        const headers = this.count(ctx, caller);
        const subscription = this.enter(ctx, caller, route);
        const answer = await handler({ ctx, ...caller, apiVersion, subscription: subscription as Subscription });
        this.note(ctx, caller, route, answer.status);
        return { ...answer, headers: { ...headers, ...answer.headers } };
      },
      route.fallback,
    );
  }

  /** What changed something is in the activity log of its subscription. */
  private note(ctx: RequestContext, { claims }: Caller, route: ArmRoute, status: number): void {
    if (!ctx.params['subscriptionId'] || !route.action || route.readOnly || callKind(ctx.method) === 'reads') return;
    if (status === 204) return;
    noteActivity(this.world, {
      resourceId: ctx.path.replace(/\/$/, ''),
      operation: route.action,
      method: ctx.method,
      caller: claims.idtyp === 'user' ? (claims.upn ?? claims.unique_name ?? claims.oid) : claims.appid,
      correlationId: ctx.correlationId,
      status,
    });
  }

  private count(ctx: RequestContext, caller: Caller): Record<string, string> {
    const kind = callKind(ctx.method);
    const { subscriptionId } = ctx.params;
    const taken = this.throttle.take(subscriptionId?.toLowerCase() ?? caller.claims.tid, caller.claims.oid, kind);
    if (taken.left === undefined) throw new ServiceError(throttled('arm', taken.waitSeconds), 'throttled');
    const scope = subscriptionId ? 'subscription' : 'tenant';
    return {
      [`x-ms-ratelimit-remaining-${scope}-${kind}`]: String(taken.left),
      ...(subscriptionId ? { [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(taken.left * 15) } : {}),
      'x-ms-routing-request-id': `EMULATOR:${new Date(this.world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')}:${ctx.requestId}`,
    };
  }

  private enter(ctx: RequestContext, caller: Caller, route: ArmRoute): Subscription | undefined {
    const { subscriptionId, resourceGroup } = ctx.params;
    if (!subscriptionId) return undefined;
    const subscription = enterSubscription(this.world, ctx, caller, subscriptionId);
    if (route.action && !(route.list ? maySee : mayDo)(caller.grants, route.action, ctx.path))
      throw authorizationFailed(caller, route.action, ctx.path);
    if (resourceGroup && !findResourceGroup(this.world, subscriptionId, resourceGroup)) {
      throw armError(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
    }
    if (callKind(ctx.method) !== 'reads' && !route.readOnly) {
      checkWritable(subscription, route.type);
      // A lock keeps nobody from taking it away.
      if (route.type !== LOCK_TYPE) checkLocks(this.world, ctx.method === 'DELETE' ? 'delete' : 'write', ctx.path);
      if (ctx.method === 'PUT') checkPolicies(this.world, ctx.path, { ...ctx.json<object>(), type: route.type });
    }
    return subscription;
  }
}

/** A valid Resource Manager token, or 401. */
export function authenticate(world: World, ctx: RequestContext): Caller {
  const { bearer } = ctx;
  const challenge = (text: string): Record<string, string> => ({
    'www-authenticate': `Bearer authorization_uri="${ctx.origin}/common", error="invalid_token", error_description="${text}"`,
  });
  if (!bearer.ok) {
    if (bearer.problem === 'missing') {
      throw armError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.", {
        headers: challenge("The authentication failed because of missing 'Authorization' header."),
      });
    }
    if (bearer.problem === 'expired') {
      const text = `The access token expiry UTC time '${utc((bearer.claims?.exp ?? 0) * 1000)}' is earlier than current UTC time '${utc(world.clock.now())}'.`;
      throw armError(401, 'ExpiredAuthenticationToken', text, {
        headers: challenge('The access token expiry UTC time is earlier than current UTC time.'),
      });
    }
    const code = bearer.problem === 'signature' ? 'InvalidAuthenticationToken' : 'AuthenticationFailedInvalidHeader';
    throw armError(
      401,
      code,
      bearer.problem === 'signature'
        ? 'The access token is invalid: its signature does not verify.'
        : "Authentication failed. The 'Authorization' header is provided in an invalid format.",
      { headers: challenge('The access token is invalid.') },
    );
  }
  if (findAudience(bearer.claims.aud, ctx.origin) !== 'arm') {
    const text = `The access token has been obtained for wrong audience or resource '${bearer.claims.aud}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.`;
    throw armError(401, 'InvalidAuthenticationTokenAudience', text, {
      headers: challenge('The access token has been obtained from wrong audience or resource.'),
    });
  }
  return { claims: bearer.claims, grants: grantsOf(world, bearer.claims) };
}

/**
 * The api-version of a call, as the service checks it for this type. Throws 400 MissingApiVersionParameter, or
 * NoRegisteredProviderFound with the versions there are.
 */
export function checkVersion(world: World, ctx: RequestContext, type: string): string {
  const version = ctx.query('api-version');
  switch (versionProblem(type, version)) {
    case 'missing':
      throw armError(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      );
    case 'malformed':
      throw armError(
        400,
        'InvalidApiVersionParameter',
        `The api-version '${version}' is invalid. The supported versions are '${versionList(type)}'.`,
      );
    case 'unsupported': {
      const [namespace, ...rest] = type.split('/');
      const location = locationOf(world, ctx);
      if (location !== undefined)
        throw armError(
          400,
          'NoRegisteredProviderFound',
          `No registered resource provider found for location '${location}' and API version '${version}' for type '${rest.join('/')}'. The supported api-versions are '${versionList(type, ', ')}'. The supported locations are '${REGIONS.map(({ name }) => name).join(', ')}'.`,
        );
      throw armError(
        400,
        'InvalidResourceType',
        `The resource type '${rest.join('/')}' could not be found in the namespace '${namespace}' for api version '${version}'. The supported api-versions are '${versionList(type)}'.`,
      );
    }
    default:
      return version!.toLowerCase();
  }
}

/** The subscription of a path, where the token's tenant reaches it. */
function enterSubscription(world: World, ctx: RequestContext, caller: Caller, subscriptionId: string): Subscription {
  const subscription = findSubscription(world, subscriptionId);
  if (!subscription || subscription.state === 'Deleted') {
    throw armError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
  }
  if (!reachesSubscription(world, caller.claims, subscription)) {
    const authority = `https://login.windows.net/${subscription.tenantId}`;
    const issuer = `The access token is from the wrong issuer '${caller.claims.iss}'. It must match the tenant 'https://sts.windows.net/${subscription.tenantId}/' associated with this subscription.`;
    const text = `${issuer} Please use the authority (URL) '${authority}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`;
    throw armError(401, 'InvalidAuthenticationTokenTenant', text, {
      headers: {
        'www-authenticate': `Bearer authorization_uri="${ctx.origin}/${subscription.tenantId}", error="invalid_token", error_description="The access token is from the wrong issuer. It must match the tenant associated with this subscription."`,
      },
    });
  }
  return subscription;
}

/** 403 in Resource Manager's words: who may not do what where. */
export function authorizationFailed(caller: Caller, action: string, scope: string): ServiceError {
  const { upn, appid, oid } = caller.claims;
  return armError(
    403,
    'AuthorizationFailed',
    `The client '${upn ?? appid}' with object id '${oid}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function checkWritable(subscription: Subscription, type: string): void {
  if (subscription.state === 'Disabled') {
    throw armError(
      409,
      'ReadOnlyDisabledSubscription',
      `The subscription '${subscription.subscriptionId}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
    );
  }
  const namespace = type.split('/')[0]!;
  const state = subscription.providers[namespace.toLowerCase()];
  // While it is being registered a region may not have had its turn: the last one refuses until all have.
  if (state !== undefined && state !== 'Registered') {
    throw armError(
      409,
      'MissingSubscriptionRegistration',
      `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
      {
        details: [
          {
            code: 'MissingSubscriptionRegistration',
            target: namespace,
            message: `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
          },
        ],
      },
    );
  }
}

function utc(time: number): string {
  return new Date(time).toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '');
}

/** Where the workspace lies that a call names; undefined for calls on no or an unknown one. */
function locationOf(world: World, ctx: RequestContext): string | undefined {
  const { subscriptionId, resourceGroup, workspace } = ctx.params;
  if (!subscriptionId || !resourceGroup || !workspace) return undefined;
  return findWorkspace(world, subscriptionId, resourceGroup, workspace)?.location;
}
