import { key } from '../armId.ts';
import { PERSONAL_ACCOUNTS } from '../ids.ts';
import { findTenant } from '../lookup.ts';
import type { Account, Tenant, World } from '../state.ts';

/** What a POST of an invitation may say (microsoft-graph-docs-contrib, resources/invitation.md). */
export interface InvitationInput {
  readonly invitedUserEmailAddress?: unknown;
  readonly inviteRedirectUrl?: unknown;
  readonly invitedUserDisplayName?: unknown;
  readonly sendInvitationMessage?: unknown;
}

/**
 * Invites an address to a tenant: a guest that exists there at once, so that roles can be given to it, and cannot enter
 * until its person has redeemed the invitation. The same address invited again is the same guest. The answer is that of
 * api-reference/v1.0/api/invitation-post.md.
 */
export function invite(world: World, tenant: Tenant, input: InvitationInput, origin: string): object {
  const address = String(input.invitedUserEmailAddress);
  const account = accountOf(world, address);
  const known = account.memberships.find((one) => key(one.tenantId) === key(tenant.tenantId));
  const membership = known ?? {
    tenantId: tenant.tenantId,
    objectId: world.guid('membership', address, tenant.tenantId),
    pending: true,
  };
  if (!known) account.memberships.push(membership);
  world.touch();
  const rd = new URLSearchParams({
    tenant: tenant.tenantId,
    user: membership.objectId,
    ticket: world.guid('invitation', tenant.tenantId, membership.objectId),
    ver: '2.0',
  });
  return {
    id: world.guid('invitation id', tenant.tenantId, membership.objectId),
    inviteRedeemUrl: `${origin}/redeem?rd=${encodeURIComponent(`${origin}/redeem/?${rd}`)}`,
    invitedUserDisplayName: input.invitedUserDisplayName ?? null,
    invitedUserType: 'Guest',
    invitedUserEmailAddress: address,
    sendInvitationMessage: input.sendInvitationMessage === true,
    resetRedemption: false,
    inviteRedirectUrl: input.inviteRedirectUrl,
    status: membership.pending ? 'PendingAcceptance' : 'Completed',
    invitedUserMessageInfo: {
      messageLanguage: null,
      customizedMessageBody: null,
      ccRecipients: [{ emailAddress: { name: null, address: null } }],
    },
    invitedUser: { id: membership.objectId },
  };
}

/** Whom a link to redeem is for, in which tenant; undefined for one that nobody was sent. */
export function invitedBy(
  world: World,
  rd: string,
): { readonly account: Account; readonly tenant: Tenant } | undefined {
  if (!URL.canParse(rd)) return undefined;
  const { searchParams } = new URL(rd);
  const tenant = findTenant(world, searchParams.get('tenant') ?? '');
  const user = searchParams.get('user') ?? '';
  const account = [...world.accounts.values()].find(({ memberships }) =>
    memberships.some((one) => key(one.tenantId) === key(tenant?.tenantId ?? '') && key(one.objectId) === key(user)),
  );
  return tenant && account && searchParams.get('ticket') === world.guid('invitation', tenant.tenantId, user)
    ? { account, tenant }
    : undefined;
}

/** The person has signed in and accepted: from now on the guest may enter. */
export function redeem(world: World, { memberships }: Account, { tenantId }: Tenant): void {
  for (const membership of memberships) if (key(membership.tenantId) === key(tenantId)) delete membership.pending;
  world.touch();
}

/** Who has this address; somebody of no directory here comes with a personal account. */
function accountOf(world: World, address: string): Account {
  const known = [...world.accounts.values()].find(
    ({ kind, username }) => kind === 'user' && key(username) === key(address),
  );
  if (known) return known;
  const account: Account = {
    kind: 'user',
    username: address,
    displayName: address.split('@')[0]!,
    homeTenantId: PERSONAL_ACCOUNTS,
    objectId: world.guid('user', address),
    memberships: [],
    groups: [],
  };
  world.accounts.set(key(account.objectId), account);
  return account;
}
