import { key } from '../armId.ts';
import { findTenant, objectIdIn } from '../lookup.ts';
import { invitedBy, redeem } from '../msgraph/invitations.ts';
import type { Answer, RequestContext, Router } from '../router.ts';
import type { Account, Tenant, World } from '../state.ts';
import { ENTRA, entraError } from './errors.ts';
import { usersOf } from './grants.ts';
import { accountButtons, escapeHtml, htmlPage } from './htmlPage.ts';
import type { SignIns } from './signIns.ts';

/**
 * What somebody at the customer, or a guest, accepts in a browser: an application for the whole tenant (entra-docs,
 * identity-platform/v2-admin-consent.md), and an invitation.
 */
export function registerConsentPages(router: Router, world: World, signIns: SignIns): void {
  for (const path of ['/{tenant}/adminconsent', '/{tenant}/v2.0/adminconsent']) {
    router.add('identity', 'GET', path, (ctx) => {
      const { tenant, app } = askedFor(world, ctx);
      return htmlPage(
        `Permissions requested for ${tenant.displayName}`,
        `<p>${escapeHtml(app.displayName)} wants to be installed in this organisation.</p><form method="post">${accountButtons(usersOf(world, tenant))}</form>`,
      );
    });
    router.add('identity', 'POST', path, (ctx) => {
      const { tenant, app } = askedFor(world, ctx);
      const admin = signIns.findUser(new URLSearchParams(ctx.body.toString('utf8')).get('username') ?? '');
      // A guest administers nothing. Roles of a directory are not emulated: every member may.
      if (!admin || key(admin.homeTenantId) !== key(tenant.tenantId))
        return htmlPage(
          'Need admin approval',
          `<p>${escapeHtml(app.displayName)} needs permission to access resources in your organization that only an admin can grant.</p>`,
          403,
        );
      if (objectIdIn(app, tenant.tenantId) === undefined) {
        const objectId = world.guid('membership', app.username, tenant.tenantId);
        app.memberships.push({ tenantId: tenant.tenantId, objectId });
        world.touch();
      }
      return consented(ctx, tenant);
    });
  }
  router.add('identity', 'GET', '/redeem', (ctx) => {
    const invited = invitedBy(world, ctx.query('rd') ?? '');
    return invited
      ? htmlPage(
          `Invitation to ${invited.tenant.displayName}`,
          `<form method="post">${accountButtons([invited.account])}</form>`,
        )
      : htmlPage('Invitation', '<p>This invitation is not known, or is somebody else\u2019s.</p>', 400);
  });
  router.add('identity', 'POST', '/redeem', (ctx) => {
    const invited = invitedBy(world, ctx.query('rd') ?? '');
    const who = signIns.findUser(new URLSearchParams(ctx.body.toString('utf8')).get('username') ?? '');
    if (!invited || who !== invited.account)
      return htmlPage('Invitation', '<p>This invitation is not known, or is somebody else\u2019s.</p>', 400);
    redeem(world, invited.account, invited.tenant);
    return htmlPage('Accepted', `<p>You are a guest of ${escapeHtml(invited.tenant.displayName)} now.</p>`);
  });
}

function askedFor(world: World, ctx: RequestContext): { readonly tenant: Tenant; readonly app: Account } {
  const named = ctx.params['tenant']!;
  const tenant = findTenant(world, named);
  if (!tenant) throw entraError(world, ctx, ENTRA.unknownTenant(named));
  const clientId = ctx.query('client_id');
  if (!clientId) throw entraError(world, ctx, ENTRA.missing('client_id'));
  const app = [...world.accounts.values()].find(({ appId }) => appId !== undefined && key(appId) === key(clientId));
  if (!app) throw entraError(world, ctx, ENTRA.unknownApp(clientId, tenant.displayName));
  return { tenant, app };
}

/** Back to the application where the link says so, else a page. */
function consented(ctx: RequestContext, { tenantId }: Tenant): Answer {
  const [back, state] = [ctx.query('redirect_uri'), ctx.query('state')];
  if (!back) return htmlPage('Accepted', '<p>The application is installed in this organisation.</p>');
  const answer = new URLSearchParams({ admin_consent: 'True', tenant: tenantId, ...(state ? { state } : {}) });
  return { status: 302, headers: { location: `${back}?${answer}` } };
}
