import { grantsOf, mayQuery, type Grant } from '../access.ts';
import { findAudience } from '../identity/audiences.ts';
import type { TokenClaims } from '../identity/bearer.ts';
import type { RequestContext } from '../router.ts';
import type { Workspace, World } from '../state.ts';
import { logsError } from './failures.ts';
import type { ServiceError } from '../router.ts';

/** Who asks, and what they may read. */
export interface Caller {
  readonly claims: TokenClaims;
  readonly grants: readonly Grant[];
  readonly userKey: string;
}

/** The caller of the query API: a valid token for this service's audience. */
export function callerOf(world: World, ctx: RequestContext): Caller {
  const { bearer, correlationId } = ctx;
  if (!bearer.ok) {
    if (bearer.problem === 'missing')
      throw logsError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.", {
        headers: challenge(ctx, ''),
      });
    if (bearer.problem === 'expired') {
      throw logsError(401, 'InvalidTokenError', 'The provided authentication is not valid for this resource', {
        correlationId,
        innererror: { code: 'TokenExpired', message: 'The access token has expired.' },
        headers: challenge(ctx, ', error="invalid_token", error_description="The access token has expired."'),
      });
    }
    if (bearer.problem === 'malformed')
      throw logsError(403, 'InvalidAuthenticationToken', 'The access token is invalid.', { correlationId });
    throw logsError(403, 'InvalidTokenError', 'The provided authentication is not valid for this resource', {
      correlationId,
      innererror: { code: 'SignatureVerificationFailed', message: 'Could not validate the request' },
    });
  }
  const { claims } = bearer;
  if (findAudience(claims.aud) !== 'logs') {
    throw logsError(
      403,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match with one of the allowed audiences 'https://api.loganalytics.io','https://api.loganalytics.azure.com'.`,
      { correlationId },
    );
  }
  return toCaller(world, claims);
}

/** Who calls, with what they may do, and the key their quota is counted under. */
export function toCaller(world: World, claims: TokenClaims): Caller {
  return { claims, grants: grantsOf(world, claims), userKey: `${claims.tid}/${claims.oid}`.toLowerCase() };
}

function challenge(ctx: RequestContext, more: string): Record<string, string> {
  return { 'www-authenticate': `Bearer authorization_uri="${ctx.origin}/common/oauth2/authorize"${more}` };
}

/** Whether the caller may query this workspace. */
export function mayRead(world: World, caller: Caller, workspace: Workspace): boolean {
  return mayQuery(world, caller.claims, workspace, caller.grants);
}

/** 403 InsufficientAccessError; a user is told of the missing role, an application is not. */
export function insufficientAccess(caller: Caller, correlationId: string): ServiceError {
  const application = caller.claims.idtyp === 'app';
  return logsError(
    403,
    'InsufficientAccessError',
    'The provided credentials have insufficient access to perform the requested operation',
    {
      correlationId,
      innererror: application
        ? {
            code: 'UnauthorizedClient',
            message: 'The service principal does not have sufficient permissions to access this resource.',
          }
        : { code: 'AuthorizationFailedError', message: 'User does not have access to read this resource' },
    },
  );
}
