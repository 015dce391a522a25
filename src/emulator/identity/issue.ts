import { key } from '../armId.ts';
import { freshGuid, PERSONAL_ACCOUNTS } from '../ids.ts';
import { mayEnter, objectIdIn } from '../lookup.ts';
import type { Deps, RequestContext } from '../router.ts';
import type { Account, Tenant, World } from '../state.ts';
import { consentedIn } from '../msgraph/partner.ts';
import { DELEGATED_SCOPES, findAudience } from './audiences.ts';
import type { TokenClaims } from './bearer.ts';
import { ENTRA, entraError } from './errors.ts';

/** A user's sign-in: who, when, and in which tenants with MFA. Refresh tokens carry it. */
export interface Session {
  readonly objectId: string;
  readonly authTime: number;
  readonly mfaTenants: readonly string[];
  readonly nonce?: string;
}

/** What a token is issued for: whom, in which tenant, to which application and for which service. */
export interface IssueRequest {
  readonly tenant: Tenant;
  readonly account: Account;
  readonly clientId: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly claims?: string;
  /** Users only. */
  readonly session?: Session;
}

const LIFETIME = 3_599;

/**
 * An access token for an account in a tenant, after every check that tenant makes. Throws Entra's answer where it
 * refuses.
 */
export function issueAccessToken(
  world: World,
  deps: Deps,
  ctx: RequestContext,
  request: IssueRequest,
): {
  readonly token: string;
  readonly expiresIn: number;
  readonly claims: TokenClaims;
} {
  const { tenant, account, session } = request;
  const oid = objectIdIn(account, tenant.tenantId);
  if (oid === undefined || !mayEnter(account, tenant.tenantId)) {
    throw entraError(
      world,
      ctx,
      session
        ? ENTRA.notInTenant(account.username, account.homeTenantId, tenant.displayName)
        : ENTRA.unknownApp(request.clientId, tenant.displayName),
    );
  }
  if (tenant.policy.blocked) throw entraError(world, ctx, ENTRA.blocked());
  const audience = findAudience(request.resource, ctx.origin);
  if (audience === undefined) throw entraError(world, ctx, ENTRA.unknownResource(request.resource, tenant.displayName));
  if (tenant.policy.consentMissing.includes(audience))
    throw entraError(world, ctx, ENTRA.consentMissing(request.clientId));
  if (session) checkSession(world, ctx, request, session);

  const issued = Math.floor(world.clock.now() / 1000);
  const late = ctx.faults.some((fault) => fault.kind === 'expiredToken');
  const home = key(account.homeTenantId) === key(tenant.tenantId);
  const asked = parseClaims(request.claims);
  const claims: TokenClaims = {
    aud: request.resource,
    iss: `https://sts.windows.net/${tenant.tenantId}/`,
    iat: issued,
    nbf: issued,
    exp: late ? issued - 60 : issued + LIFETIME + 1,
    tid: tenant.tenantId,
    oid,
    sub: world.guid('subject', oid, request.clientId),
    appid: request.clientId,
    idtyp: session ? 'user' : 'app',
    ver: '1.0',
    uti: freshGuid().replaceAll('-', '').slice(0, 22),
    ...identityProvider(account.homeTenantId, home),
    ...(home && account.groups.length ? { groups: account.groups } : {}),
    ...(session
      ? {
          upn: account.username,
          unique_name: account.username,
          name: account.displayName,
          scp: [scopeText(request, audience), ...(audience === 'graph' ? consentedIn(world, tenant, oid) : [])].join(
            ' ',
          ),
          amr: session.mfaTenants.length ? ['pwd', 'mfa'] : ['pwd'],
        }
      : { roles: audience === 'logs' ? ['Data.Read'] : audience === 'graph' ? consentedIn(world, tenant, oid) : [] }),
    ...asked,
  };
  return { token: deps.tokens.sign(claims), expiresIn: late ? 0 : LIFETIME, claims };
}

/** A guest's token names where the account is at home; a personal account is a guest wherever it goes. */
function identityProvider(homeTenantId: string, home: boolean): { idp?: string } {
  if (key(homeTenantId) === PERSONAL_ACCOUNTS) return { idp: 'live.com' };
  return home ? {} : { idp: `https://sts.windows.net/${homeTenantId}/` };
}

function checkSession(world: World, ctx: RequestContext, { tenant, resource }: IssueRequest, session: Session): void {
  const { mfaRequired, signInFrequencyHours } = tenant.policy;
  if (signInFrequencyHours !== undefined && world.clock.now() / 1000 - session.authTime > signInFrequencyHours * 3600) {
    throw entraError(world, ctx, ENTRA.signInTooOld());
  }
  if (mfaRequired && !session.mfaTenants.includes(key(tenant.tenantId))) {
    const claims = JSON.stringify({
      access_token: { capolids: { essential: true, values: [world.guid('policy', tenant.tenantId)] } },
    });
    throw entraError(world, ctx, ENTRA.mfaRequired(resource, claims));
  }
}

function scopeText(request: IssueRequest, audience: keyof typeof DELEGATED_SCOPES): string {
  const named = request.scopes.filter((scope) => scope !== '.default');
  return named.length ? named.join(' ') : DELEGATED_SCOPES[audience];
}

/**
 * What a `claims` parameter asks to have in the access token: authentication contexts, client capabilities, the mark of
 * a challenge.
 */
function parseClaims(text: string | undefined): Pick<TokenClaims, 'acrs' | 'xms_cc' | 'xms_challenge'> {
  if (!text) return {};
  let wanted: Record<string, { value?: string; values?: string[] } | null>;
  try {
    wanted = (JSON.parse(text) as { access_token?: typeof wanted }).access_token ?? {};
  } catch {
    return {};
  }
  const values = (name: string): string[] => {
    const claim = wanted[name];
    return claim ? (claim.values ?? (claim.value === undefined ? [] : [claim.value])) : [];
  };
  const [acrs, capabilities, moments] = [values('acrs'), values('xms_cc'), values('nbf')];
  return {
    ...(acrs.length ? { acrs } : {}),
    ...(capabilities.length ? { xms_cc: capabilities } : {}),
    ...(acrs.length + moments.length ? { xms_challenge: [...acrs, ...moments] } : {}),
  };
}

/**
 * A signed refresh token: the session, for which client. Its audience is no service's, so nobody takes it for an access
 * token.
 */
export function issueRefreshToken(world: World, deps: Deps, session: Session, clientId: string): string {
  const issued = Math.floor(world.clock.now() / 1000);
  return deps.tokens.sign({
    ...session,
    aud: 'refresh',
    tid: '',
    oid: session.objectId,
    client: clientId,
    iat: issued,
    exp: issued + 90 * 86_400,
  });
}

/** The session of a refresh token; `expired` after 90 days, undefined for anything else. */
export function readRefreshToken(deps: Deps, token: string): Session | 'expired' | undefined {
  const bearer = deps.tokens.verify(`Bearer ${token}`);
  if (!bearer.ok && bearer.problem !== 'expired') return undefined;
  const session = bearer.claims as unknown as Session & { readonly aud: string };
  if (session.aud !== 'refresh') return undefined;
  return bearer.ok
    ? { objectId: session.objectId, authTime: session.authTime, mfaTenants: session.mfaTenants }
    : 'expired';
}

/** OpenID Connect's id token of a user, and MSAL's `client_info`. */
export function userTokens(
  deps: Deps,
  ctx: RequestContext,
  request: IssueRequest,
  claims: TokenClaims,
): { readonly id_token: string; readonly client_info: string } {
  const { account, tenant, clientId, session } = request;
  const id = {
    aud: clientId,
    iss: `${ctx.origin}/${tenant.tenantId}/v2.0`,
    iat: claims.iat,
    nbf: claims.nbf,
    exp: claims.exp,
    name: account.displayName,
    preferred_username: account.username,
    oid: claims.oid,
    tid: tenant.tenantId,
    sub: claims.sub,
    uti: claims.uti,
    ver: '2.0',
    ...(session?.nonce ? { nonce: session.nonce } : {}),
  };
  return {
    id_token: deps.tokens.sign(id),
    client_info: Buffer.from(JSON.stringify({ uid: account.objectId, utid: account.homeTenantId })).toString(
      'base64url',
    ),
  };
}
