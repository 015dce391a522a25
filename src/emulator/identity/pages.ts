import { findTenant } from '../lookup.ts';
import { armError, type Answer, type RequestContext, type Router } from '../router.ts';
import type { Account, World } from '../state.ts';
import { ENTRA, entraError } from './errors.ts';
import { ANY_TENANT, usersOf } from './grants.ts';
import { accountButtons, escapeHtml, htmlPage } from './htmlPage.ts';
import type { SignIns } from './signIns.ts';

/**
 * The pages a person sees: the authorization endpoint's account picker and the device sign-in page. No script, nothing
 * remote.
 */
export function registerPages(router: Router, world: World, signIns: SignIns): void {
  for (const path of ['/{tenant}/oauth2/v2.0/authorize', '/{tenant}/oauth2/authorize']) {
    router.add('identity', 'GET', path, (ctx) => authorize(world, signIns, ctx));
    router.add('identity', 'POST', path, (ctx) => {
      const user = signIns.findUser(new URLSearchParams(ctx.body.toString('utf8')).get('username') ?? '');
      return user ? redirect(world, signIns, ctx, user) : authorize(world, signIns, ctx);
    });
  }
  for (const path of ['/devicelogin', '/common/oauth2/deviceauth', '/{tenant}/oauth2/v2.0/devicelogin']) {
    router.add('identity', 'GET', path, () =>
      htmlPage(
        'Sign in on a device',
        `<form method="post"><label>Code <input name="code" autofocus></label>${accountButtons(usersOf(world, undefined))}</form>`,
      ),
    );
    router.add('identity', 'POST', path, (ctx) => {
      const form = new URLSearchParams(ctx.body.toString('utf8'));
      const user = signIns.findUser(form.get('username') ?? '');
      if (!signIns.answerDevice(form.get('code') || undefined, user)) {
        return htmlPage(
          'Sign in on a device',
          '<p>No device waits with that code. Ask the device for a new one.</p>',
          400,
        );
      }
      return htmlPage('Signed in', '<p>The device is signed in. You can close this page.</p>');
    });
  }
  router.add('identity', 'GET', '/{tenant}/oauth2/v2.0/logout', (ctx) => {
    const back = ctx.query('post_logout_redirect_uri');
    return back ? { status: 302, headers: { location: back } } : htmlPage('Signed out', '<p>You are signed out.</p>');
  });
}

/** What stands where the Azure portal would be: a link to it leads somewhere, and says to what. */
export function registerPortal(router: Router): void {
  for (const path of ['/portal', '/portal/{*rest}']) {
    router.add('identity', 'GET', path, () =>
      htmlPage(
        'Azure portal',
        '<p>The emulator has no portal: a link to a resource of the sample estate ends here.</p>',
      ),
    );
  }
}

function authorize(world: World, signIns: SignIns, ctx: RequestContext): Answer {
  const named = ctx.params['tenant']!;
  const tenant = findTenant(world, named);
  if (!tenant && !ANY_TENANT.has(named.toLowerCase())) throw entraError(world, ctx, ENTRA.unknownTenant(named));
  if (!ctx.query('redirect_uri') || !ctx.query('client_id')) {
    throw armError(400, 'invalid_request', 'The authorization request needs client_id and redirect_uri.');
  }
  const hinted = signIns.findUser(ctx.query('login_hint') ?? '');
  if (ctx.query('prompt') === 'none') {
    return hinted
      ? redirect(world, signIns, ctx, hinted)
      : deliver(ctx, {
          error: 'login_required',
          error_description: 'AADSTS50058: Session information is not sufficient for single-sign-on.',
        });
  }
  return htmlPage(
    `Sign in to ${tenant?.displayName ?? 'your organisation'}`,
    `<form method="post">${accountButtons(hinted ? [hinted] : usersOf(world, tenant))}</form>`,
  );
}

function redirect(_world: World, signIns: SignIns, ctx: RequestContext, user: Account): Answer {
  const challenge = ctx.query('code_challenge');
  const tenant = ctx.params['tenant']!;
  const code = signIns.issueCode({
    tenant,
    clientId: ctx.query('client_id') ?? '',
    redirectUri: ctx.query('redirect_uri') ?? '',
    session: signIns.session(user, tenant, ctx.query('nonce')),
    ...(challenge ? { challenge } : {}),
  });
  const clientInfo = Buffer.from(JSON.stringify({ uid: user.objectId, utid: user.homeTenantId })).toString('base64url');
  return deliver(ctx, { code, client_info: clientInfo, session_state: signIns.session(user, tenant).objectId });
}

/** Sends the answer of an authorization request back the way `response_mode` says. */
function deliver(ctx: RequestContext, values: Record<string, string>): Answer {
  const state = ctx.query('state');
  const all = new URLSearchParams({ ...values, ...(state === undefined ? {} : { state }) });
  const target = ctx.query('redirect_uri') ?? '';
  switch (ctx.query('response_mode')) {
    case 'form_post': {
      const fields = [...all]
        .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
        .join('');
      return htmlPage(
        'Signing in',
        `<form method="post" action="${escapeHtml(target)}">${fields}<button autofocus>Continue</button></form>`,
      );
    }
    case 'fragment':
      return { status: 302, headers: { location: `${target}#${all}` } };
    default:
      return { status: 302, headers: { location: `${target}${target.includes('?') ? '&' : '?'}${all}` } };
  }
}
