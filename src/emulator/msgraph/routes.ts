import { key } from '../armId.ts';
import type { TokenClaims } from '../identity/bearer.ts';
import { findAudience } from '../identity/audiences.ts';
import { findTenant, isManaged, objectIdIn } from '../lookup.ts';
import { ServiceError } from '../router.ts';
import type { Answer, RequestContext, Router } from '../router.ts';
import type { World } from '../state.ts';
import { invite } from './invitations.ts';
import type { InvitationInput } from './invitations.ts';
import type { PartnerDirectory, Relationship } from './partnerDirectory.ts';

const PAGE = 100;
const MOST_PAGE = 999;
const MOST_RELATIONSHIPS = 300;
const MOST_IDS = 1_000;

/**
 * Microsoft Graph v1.0, as far as partners and names go, in the shapes of microsoft-graph-docs-contrib,
 * api-reference/v1.0/api.
 */
export function registerMicrosoftGraph(router: Router, world: World): void {
  const list = (
    path: string,
    permissions: readonly string[],
    most: number,
    items: (of: PartnerDirectory) => object[],
  ) => {
    router.add('microsoftGraph', 'GET', `/v1.0${path}`, (ctx) => {
      const { tid } = authorize(ctx, permissions);
      const directory = world.partners.get(key(tid));
      return page(ctx, path.slice(1), directory ? items(directory) : [], most);
    });
  };
  list('/contracts', ['Directory.Read.All', 'Directory.ReadWrite.All'], MOST_PAGE, ({ contracts }) =>
    contracts.map((contract) => ({ ...contract, contractType: 'ResellerPartnerContract', deletedDateTime: null })),
  );
  list(
    '/tenantRelationships/delegatedAdminRelationships',
    ['DelegatedAdminRelationship.Read.All', 'DelegatedAdminRelationship.ReadWrite.All'],
    MOST_RELATIONSHIPS,
    ({ relationships }) => relationships.map(toRelationship),
  );
  registerMembers(router, world);
  router.add('microsoftGraph', 'POST', '/v1.0/directoryObjects/getByIds', (ctx) => {
    const { tid } = authorize(ctx, ['Directory.Read.All', 'Directory.AccessAsUser.All']);
    const ids = ctx.json<{ ids?: unknown }>()?.ids;
    if (!Array.isArray(ids) || ids.length > MOST_IDS)
      throw graphError(ctx, 400, 'Request_BadRequest', 'Invalid number of ids specified in the request.');
    const value = ids.flatMap((id) => findObject(world, tid, key(String(id))) ?? []);
    return { status: 200, body: { '@odata.context': context(ctx, 'directoryObjects'), value } };
  });
  router.add('microsoftGraph', 'POST', '/v1.0/invitations', (ctx) => {
    const { tid } = authorize(ctx, ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']);
    const input = ctx.json<InvitationInput>() ?? {};
    for (const field of ['invitedUserEmailAddress', 'inviteRedirectUrl'] as const)
      if (
        typeof input[field] !== 'string' ||
        (field === 'invitedUserEmailAddress' && !/^[^@]+@[^@]+$/.test(input[field]))
      )
        throw graphError(ctx, 400, 'BadRequest', `The ${field} is missing or not valid.`);
    const made = invite(world, findTenant(world, tid)!, input, ctx.origin);
    return { status: 201, body: { '@odata.context': `${context(ctx, 'invitations')}/$entity`, ...made } };
  });
  router.add('microsoftGraph', 'GET', "/v1.0/servicePrincipals(appId='{appId}')", (ctx) => {
    const { tid } = authorize(ctx, ['Application.Read.All', 'Directory.Read.All', 'Directory.AccessAsUser.All']);
    const wanted = ctx.params['appId']!;
    const app = [...world.accounts.values()].find(({ appId }) => appId !== undefined && key(appId) === key(wanted));
    const id = app && objectIdIn(app, tid);
    if (id === undefined)
      throw graphError(
        ctx,
        404,
        'Request_ResourceNotFound',
        `Resource '${wanted}' does not exist or one of its queried reference-property objects are not present.`,
      );
    return {
      status: 200,
      body: { '@odata.context': `${context(ctx, 'servicePrincipals')}/$entity`, ...findObject(world, tid, key(id)) },
    };
  });
}

const GROUP_READERS = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];

/** Everybody in a group, and the groups in it: one flat list (group-list-transitivemembers.md). */
function registerMembers(router: Router, world: World): void {
  router.add('microsoftGraph', 'GET', '/v1.0/groups/{id}/transitiveMembers', (ctx) => {
    const { tid } = authorize(ctx, GROUP_READERS);
    const id = key(ctx.params['id']!);
    if (world.partners.get(key(tid))?.groups[id] === undefined)
      throw graphError(
        ctx,
        404,
        'Request_ResourceNotFound',
        `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      );
    const members = [...membersIn(world, tid, id, new Set([id]))].flatMap((one) => findObject(world, tid, one) ?? []);
    return page(ctx, 'directoryObjects', members, MOST_PAGE);
  });
}

function membersIn(world: World, tenantId: string, group: string, seen: Set<string>): Set<string> {
  const own = (world.partners.get(key(tenantId))?.members[group] ?? []).map(key);
  const accounts = [...world.accounts.values()].filter(
    (account) => key(account.homeTenantId) === key(tenantId) && account.groups.some((one) => key(one) === group),
  );
  const found = new Set<string>();
  for (const id of [...accounts.map(({ objectId }) => key(objectId)), ...own]) {
    if (seen.has(id)) continue;
    seen.add(id);
    found.add(id);
    for (const deeper of membersIn(world, tenantId, id, seen)) found.add(deeper);
  }
  return found;
}

/** Token, audience and permission, or the service's own refusal. */
function authorize(ctx: RequestContext, permissions: readonly string[]): TokenClaims {
  const { bearer } = ctx;
  if (!bearer.ok || findAudience(bearer.claims.aud) !== 'graph')
    throw graphError(
      ctx,
      401,
      'InvalidAuthenticationToken',
      bearer.ok
        ? 'Access token validation failure. Invalid audience.'
        : bearer.problem === 'missing'
          ? 'Access token is empty.'
          : 'Lifetime validation failed, the token is expired.',
    );
  const { scp = '', roles = [] } = bearer.claims;
  const held = new Set([...scp.split(' '), ...roles]);
  if (!permissions.some((one) => held.has(one)))
    throw graphError(ctx, 403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  return bearer.claims;
}

function page(ctx: RequestContext, name: string, items: readonly object[], most: number): Answer {
  const top = Number(ctx.query('$top') ?? PAGE);
  if (!Number.isInteger(top) || top < 1 || top > most)
    throw graphError(ctx, 400, 'BadRequest', `The limit of '${most}' for Top query has been exceeded.`);
  const from = Number(ctx.query('$skiptoken') ?? 0);
  const more = from + top < items.length;
  return {
    status: 200,
    body: {
      '@odata.context': context(ctx, name),
      ...(more ? { '@odata.nextLink': ctx.link({ $skiptoken: String(from + top) }) } : {}),
      value: items.slice(from, from + top),
    },
  };
}

function toRelationship(one: Relationship): object {
  const { id, displayName, customer, roles, status, createdDateTime, activatedDateTime, endDateTime, reseller } = one;
  return {
    '@odata.type': `#microsoft.graph.${reseller ? 'resellerDelegatedAdminRelationship' : 'delegatedAdminRelationship'}`,
    '@odata.etag': `W/"${Buffer.from(id).toString('base64')}"`,
    id,
    displayName,
    duration: 'P730D',
    customer,
    accessDetails: { unifiedRoles: roles.map((roleDefinitionId) => ({ roleDefinitionId })) },
    status,
    autoExtendDuration: 'PT0S',
    createdDateTime,
    lastModifiedDateTime: createdDateTime,
    activatedDateTime,
    endDateTime,
    ...(reseller ? { isPartnerConsentPending: status === 'approvalPending', indirectProviderTenantId: null } : {}),
  };
}

/** A user, guest, application or group as the directory of a tenant has it; undefined where it has none. */
function findObject(world: World, tenantId: string, id: string): object | undefined {
  const group = world.partners.get(key(tenantId))?.groups[id];
  if (group !== undefined)
    return { '@odata.type': '#microsoft.graph.group', id, displayName: group, securityEnabled: true, groupTypes: [] };
  for (const account of world.accounts.values()) {
    if (key(objectIdIn(account, tenantId) ?? '') !== id) continue;
    const { displayName, username, appId = null } = account;
    if (account.kind === 'servicePrincipal')
      return {
        '@odata.type': '#microsoft.graph.servicePrincipal',
        id,
        displayName: displayName || username,
        appId,
        appOwnerOrganizationId: account.homeTenantId,
        servicePrincipalType: isManaged(account) ? 'ManagedIdentity' : 'Application',
      };
    const own = key(account.homeTenantId) === key(tenantId);
    const tenant = [...world.tenants.values()].find((one) => key(one.tenantId) === key(tenantId));
    return {
      '@odata.type': '#microsoft.graph.user',
      id,
      displayName,
      userPrincipalName: own ? username : `${username.replace('@', '_')}#EXT#@${tenant?.defaultDomain ?? ''}`,
    };
  }
  return undefined;
}

function context(ctx: RequestContext, name: string): string {
  return `${ctx.origin}/v1.0/$metadata#${name}`;
}

function graphError(ctx: RequestContext, status: number, code: string, message: string): ServiceError {
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': ctx.requestId,
    'client-request-id': ctx.header('client-request-id') ?? ctx.requestId,
  };
  return new ServiceError({ status, body: { error: { code, message, innerError } } }, `${code}: ${message}`);
}
