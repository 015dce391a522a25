import { findTenant } from '../lookup.ts';
import type { Answer, Deps, RequestContext, Router } from '../router.ts';
import type { World } from '../state.ts';
import { registerConsentPages } from './consentPages.ts';
import { ENTRA, entraError } from './errors.ts';
import { ANY_TENANT, TokenEndpoint } from './grants.ts';
import { registerPages, registerPortal } from './pages.ts';
import type { SignIns } from './signIns.ts';

/** Microsoft Entra ID: discovery, keys, tokens and sign-in pages, per tenant. */
export function registerIdentity(router: Router, world: World, deps: Deps, signIns: SignIns): void {
  const tokens = new TokenEndpoint(world, deps, signIns);
  router.add('identity', 'POST', '/{tenant}/oauth2/v2.0/token', (ctx) => tokens.answer(ctx, 2));
  router.add('identity', 'POST', '/{tenant}/oauth2/token', (ctx) => tokens.answer(ctx, 1));
  router.add('identity', 'GET', '/{tenant}/v2.0/.well-known/openid-configuration', (ctx) =>
    configuration(world, ctx, 2),
  );
  router.add('identity', 'GET', '/{tenant}/.well-known/openid-configuration', (ctx) => configuration(world, ctx, 1));
  for (const path of ['/{tenant}/discovery/v2.0/keys', '/{tenant}/discovery/keys']) {
    router.add('identity', 'GET', path, (ctx) => ({
      status: 200,
      body: { keys: [deps.tokens.jwk(`${ctx.origin}/${ctx.params['tenant']}/v2.0`)] },
    }));
  }
  for (const [path, version] of [
    ['/{tenant}/oauth2/v2.0/devicecode', 2],
    ['/{tenant}/oauth2/devicecode', 1],
  ] as const) {
    for (const method of ['POST', 'GET'])
      router.add('identity', method, path, (ctx) => deviceCode(world, signIns, ctx, version));
  }
  router.add('identity', 'GET', '/{tenant}/discovery/instance', (ctx) => instanceDiscovery(ctx));
  router.add('identity', 'GET', '/{tenant}/userrealm/{username}', (ctx) => ({
    status: 200,
    body: {
      ver: '1.0',
      account_type: 'Managed',
      domain_name: ctx.params['username']!.split('@')[1] ?? '',
      cloud_instance_name: new URL(ctx.origin).hostname,
      cloud_audience_urn: 'urn:federation:MicrosoftOnline',
    },
  }));
  registerPortal(router);
  registerPages(router, world, signIns);
  registerConsentPages(router, world, signIns);
}

function configuration(world: World, ctx: RequestContext, version: 1 | 2): Answer {
  const named = ctx.params['tenant']!;
  const tenant = findTenant(world, named);
  if (!tenant && !ANY_TENANT.has(named.toLowerCase()))
    throw entraError(world, ctx, { ...ENTRA.unknownTenant(named), error: 'invalid_tenant' });
  const id = tenant?.tenantId ?? '{tenantid}';
  const base = `${ctx.origin}/${tenant?.tenantId ?? named}`;
  const oauth = version === 2 ? `${base}/oauth2/v2.0` : `${base}/oauth2`;
  return {
    status: 200,
    body: {
      token_endpoint: `${oauth}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: version === 2 ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: version === 2 ? `${ctx.origin}/${id}/v2.0` : `https://sts.windows.net/${id}/`,
      authorization_endpoint: `${oauth}/authorize`,
      device_authorization_endpoint: `${oauth}/devicecode`,
      end_session_endpoint: `${oauth}/logout`,
      http_logout_supported: true,
      frontchannel_logout_supported: true,
      claims_supported: [
        'sub',
        'iss',
        'aud',
        'exp',
        'iat',
        'auth_time',
        'acr',
        'nonce',
        'preferred_username',
        'name',
        'tid',
        'ver',
      ],
      tenant_region_scope: 'EU',
      cloud_instance_name: new URL(ctx.origin).host,
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
    },
  };
}

function instanceDiscovery(ctx: RequestContext): Answer {
  const { host } = new URL(ctx.origin);
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${ctx.origin}/common/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}

function deviceCode(world: World, signIns: SignIns, ctx: RequestContext, version: 1 | 2): Answer {
  const named = ctx.params['tenant']!;
  if (!findTenant(world, named) && !ANY_TENANT.has(named.toLowerCase()))
    throw entraError(world, ctx, ENTRA.unknownTenant(named));
  const form = new URLSearchParams(ctx.method === 'POST' ? ctx.body.toString('utf8') : '');
  const clientId = form.get('client_id') ?? ctx.query('client_id');
  if (!clientId) throw entraError(world, ctx, ENTRA.missing('client_id'));
  const resource = form.get('resource') ?? ctx.query('resource');
  const signIn = signIns.startDevice(
    named,
    clientId,
    form.get('scope') ?? ctx.query('scope') ?? (resource ? `${resource}/.default` : ''),
  );
  const uri = `${ctx.origin}/devicelogin`;
  return {
    status: 200,
    body: {
      user_code: signIn.userCode,
      device_code: signIn.deviceCode,
      [version === 2 ? 'verification_uri' : 'verification_url']: uri,
      expires_in: version === 2 ? 900 : '900',
      interval: version === 2 ? 1 : '1',
      message: `To sign in, use a web browser to open the page ${uri} and enter the code ${signIn.userCode} to authenticate.`,
    },
  };
}
