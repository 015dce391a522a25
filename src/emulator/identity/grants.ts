import { createHash } from 'node:crypto';
import { key } from '../armId.ts';
import { findTenant, objectIdIn } from '../lookup.ts';
import type { Answer, Deps, RequestContext } from '../router.ts';
import type { Account, Tenant, World } from '../state.ts';
import { parseScope } from './audiences.ts';
import { basicCredentials, checkClient } from './clientSecret.ts';
import { ENTRA, entraError } from './errors.ts';
import {
  issueAccessToken,
  issueRefreshToken,
  readRefreshToken,
  userTokens,
  type IssueRequest,
  type Session,
} from './issue.ts';
import type { SignIns } from './signIns.ts';

/** Names that stand for "the account's own tenant". */
export const ANY_TENANT = new Set(['common', 'organizations', 'consumers']);

/** `POST /{tenant}/oauth2/v2.0/token` and, with `resource` in place of `scope`, `POST /{tenant}/oauth2/token`. */
export class TokenEndpoint {
  private readonly world: World;
  private readonly deps: Deps;
  private readonly signIns: SignIns;

  constructor(world: World, deps: Deps, signIns: SignIns) {
    this.world = world;
    this.deps = deps;
    this.signIns = signIns;
  }

  answer(ctx: RequestContext, version: 1 | 2): Answer {
    const form = new URLSearchParams(ctx.body.toString('utf8'));
    const named = ctx.params['tenant']!;
    if (!ANY_TENANT.has(named.toLowerCase()) && !findTenant(this.world, named))
      throw this.fail(ctx, ENTRA.unknownTenant(named));
    const clientId = form.get('client_id') ?? basicCredentials(ctx)?.id;
    if (!clientId) throw this.fail(ctx, ENTRA.missing('client_id'));
    const grant = form.get('grant_type');
    switch (grant) {
      case 'client_credentials':
        return this.clientCredentials(ctx, form, clientId, version);
      case 'refresh_token':
        return this.refresh(ctx, form, clientId, version);
      case 'password':
        return this.password(ctx, form, clientId, version);
      case 'authorization_code':
        return this.code(ctx, form, clientId, version);
      case 'device_code':
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return this.device(ctx, form, clientId, version);
      case null:
        throw this.fail(ctx, ENTRA.missing('grant_type'));
      default:
        throw this.fail(ctx, ENTRA.badGrant(grant));
    }
  }

  private clientCredentials(ctx: RequestContext, form: URLSearchParams, clientId: string, version: 1 | 2): Answer {
    const tenant = findTenant(this.world, ctx.params['tenant']!);
    if (!tenant) throw this.fail(ctx, ENTRA.noTenant());
    const account = [...this.world.accounts.values()].find(
      (one) => one.kind === 'servicePrincipal' && one.appId !== undefined && key(one.appId) === key(clientId),
    );
    if (!account || objectIdIn(account, tenant.tenantId) === undefined)
      throw this.fail(ctx, ENTRA.unknownApp(clientId, tenant.displayName));
    checkClient(this.world, ctx, form, account);
    const scope = form.get('scope');
    if (version === 2 && !/\/\.default(\s|$)/.test(scope ?? ''))
      throw this.fail(ctx, scope === null ? ENTRA.missing('scope') : ENTRA.badScope(scope));
    return this.issue(
      ctx,
      { tenant, account, clientId, ...this.wanted(ctx, form, version), ...claimsOf(form) },
      form,
      version,
    );
  }

  private refresh(ctx: RequestContext, form: URLSearchParams, clientId: string, version: 1 | 2): Answer {
    const session = readRefreshToken(this.deps, form.get('refresh_token') ?? '');
    if (session === undefined) throw this.fail(ctx, ENTRA.badRefresh());
    if (session === 'expired') throw this.fail(ctx, ENTRA.refreshExpired());
    return this.issueUser(ctx, form, clientId, session, version);
  }

  private password(ctx: RequestContext, form: URLSearchParams, clientId: string, version: 1 | 2): Answer {
    const username = form.get('username') ?? '';
    const account = this.signIns.findUser(username);
    if (!account) throw this.fail(ctx, ENTRA.unknownUser(username));
    if (account.password !== undefined && account.password !== form.get('password'))
      throw this.fail(ctx, ENTRA.badPassword());
    // A password alone is never a sign-in with MFA.
    return this.issueUser(
      ctx,
      form,
      clientId,
      { ...this.signIns.session(account, account.homeTenantId), mfaTenants: [] },
      version,
    );
  }

  private code(ctx: RequestContext, form: URLSearchParams, clientId: string, version: 1 | 2): Answer {
    const signIn = this.signIns.redeemCode(form.get('code') ?? '');
    if (
      !signIn ||
      signIn.clientId !== clientId ||
      (form.get('redirect_uri') ?? signIn.redirectUri) !== signIn.redirectUri
    ) {
      throw this.fail(ctx, ENTRA.badCode());
    }
    if (
      signIn.challenge !== undefined &&
      createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url') !== signIn.challenge
    ) {
      throw this.fail(ctx, ENTRA.badVerifier());
    }
    return this.issueUser(ctx, form, clientId, signIn.session, version);
  }

  private device(ctx: RequestContext, form: URLSearchParams, clientId: string, version: 1 | 2): Answer {
    const signIn = this.signIns.findDevice(form.get('device_code') ?? form.get('code') ?? '');
    if (!signIn || signIn.clientId !== clientId) throw this.fail(ctx, ENTRA.badDeviceCode());
    if (signIn.expires <= this.world.clock.elapsed()) throw this.fail(ctx, ENTRA.deviceExpired());
    if (signIn.declined) throw this.fail(ctx, ENTRA.declined());
    if (!signIn.session) throw this.fail(ctx, ENTRA.pending());
    this.signIns.endDevice(signIn);
    if (!form.has('scope')) form.set('scope', signIn.scope);
    return this.issueUser(ctx, form, clientId, signIn.session, version);
  }

  private issueUser(
    ctx: RequestContext,
    form: URLSearchParams,
    clientId: string,
    session: Session,
    version: 1 | 2,
  ): Answer {
    const account = this.world.accounts.get(key(session.objectId));
    if (!account) throw this.fail(ctx, ENTRA.badRefresh());
    const named = ctx.params['tenant']!;
    const tenant = findTenant(this.world, ANY_TENANT.has(named.toLowerCase()) ? account.homeTenantId : named);
    if (!tenant) throw this.fail(ctx, ENTRA.unknownTenant(named));
    return this.issue(
      ctx,
      { tenant, account, clientId, session, ...this.wanted(ctx, form, version), ...claimsOf(form) },
      form,
      version,
    );
  }

  private wanted(
    ctx: RequestContext,
    form: URLSearchParams,
    version: 1 | 2,
  ): { resource: string; scopes: readonly string[] } {
    const resource = form.get('resource');
    if (version === 1 && resource !== null) return { resource, scopes: ['.default'] };
    if (version === 1 && !form.has('scope')) throw this.fail(ctx, ENTRA.missing('resource'));
    return parseScope(form.get('scope') ?? '');
  }

  private issue(ctx: RequestContext, request: IssueRequest, form: URLSearchParams, version: 1 | 2): Answer {
    const { token, expiresIn, claims } = issueAccessToken(this.world, this.deps, ctx, request);
    const user = request.session
      ? {
          scope: scopeAnswer(request, claims.scp ?? ''),
          refresh_token: issueRefreshToken(this.world, this.deps, request.session, request.clientId),
          ...userTokens(this.deps, ctx, request, claims),
        }
      : {};
    const times =
      version === 2
        ? { expires_in: expiresIn, ext_expires_in: expiresIn }
        : {
            expires_in: String(expiresIn),
            ext_expires_in: String(expiresIn),
            expires_on: String(claims.exp),
            not_before: String(claims.nbf),
            resource: request.resource,
          };
    return {
      status: 200,
      headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
      body: { token_type: 'Bearer', ...times, access_token: token, ...user },
    };
  }

  private fail(ctx: RequestContext, spec: Parameters<typeof entraError>[2]): Error {
    return entraError(this.world, ctx, spec);
  }
}

function claimsOf(form: URLSearchParams): { claims?: string } {
  const claims = form.get('claims');
  return claims ? { claims } : {};
}

function scopeAnswer(request: IssueRequest, scp: string): string {
  const base = request.resource.endsWith('/') ? request.resource : `${request.resource}/`;
  return [
    ...scp.split(' ').map((scope) => `${base}${scope}`),
    ...(request.scopes.includes('.default') ? [`${base}.default`] : []),
  ].join(' ');
}

/** The account a tenant's sign-in page offers: users that exist there. */
export function usersOf(world: World, tenant: Tenant | undefined): Account[] {
  return [...world.accounts.values()].filter(
    (account) => account.kind === 'user' && (!tenant || objectIdIn(account, tenant.tenantId) !== undefined),
  );
}
