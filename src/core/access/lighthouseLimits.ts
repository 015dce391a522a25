import type { AccessPathKind } from '../../model/estate.ts';

/** A role by its definition: the guid, what people call it, and whether it carries data actions (where one knows). */
export interface RoleSubject {
  readonly id: string;
  readonly name: string;
  readonly ofData?: boolean;
  /** The customer or the provider wrote it. */
  readonly custom?: true;
}

/** Who is to get something: a managed identity is a service principal that lives at a resource of the customer. */
export type PrincipalKind = 'User' | 'Group' | 'ServicePrincipal' | 'ManagedIdentity';

/**
 * What is to be done at a customer's scope. `offerRole`: a role in a Lighthouse offer, which the customer accepts;
 * `giveRole`: a role assignment at the scope.
 */
export type LimitQuestion =
  | {
      readonly action: 'offerRole';
      readonly role: RoleSubject;
      readonly principal?: PrincipalKind;
      /** It is to be activated by who needs it. */
      readonly eligible?: boolean;
      /** Roles that its holder may give to managed identities. */
      readonly delegatedRoles?: readonly RoleSubject[];
    }
  | {
      readonly action: 'giveRole';
      readonly path: AccessPathKind;
      readonly role: RoleSubject;
      readonly principal?: PrincipalKind;
    }
  | { readonly action: 'changeLock' | 'denyAssignment'; readonly path: AccessPathKind };

/** Whether Azure lets it be done; `condition`: what it needs; `wayRound`: what to do instead, and `runBy` by whom. */
export type Limit =
  | { readonly allowed: true; readonly condition?: string }
  | { readonly allowed: false; readonly reason: string; readonly wayRound: string; readonly runBy: string };

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const USER_ACCESS_ADMINISTRATOR = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';

/** Built-in roles with actions of Microsoft.Authorization that no delegation passes on, and what these are for. */
const AUTHORIZATION_ROLES: ReadonlyMap<string, string> = new Map([
  // Role Based Access Control Administrator, Locks Contributor
  ['f58310d9-a9f6-439a-9e8d-f62e7b41a168', 'it changes who has access'],
  ['28bf596f-4eb7-45ce-b5bc-6cf482fec137', 'it changes locks'],
]);

/** Built-in roles with data actions that a log estate meets (azure-docs, built-in-roles.md). */
const DATA_ROLES: ReadonlySet<string> = new Set([
  // Monitoring Metrics Publisher, Log Analytics Data Reader, Privileged Monitoring Data Reader
  '3913510d-42f4-4e42-8a64-420c390055eb',
  '3b03c2da-16b3-4a49-8834-0f8130efdd3b',
  'dbc9c667-e97f-4491-aee6-90b9cf960190',
  // Storage Blob Data Owner, Contributor, Reader
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  // Azure Event Hubs Data Owner, Sender, Receiver
  'f526a384-b230-433a-b45c-95f59c4a2dec',
  '2b629674-e913-4c01-ae53-ef4638d8f975',
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
  // Key Vault Administrator, Reader, Secrets Officer, Secrets User
  '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  '21090545-7ca7-4776-b22c-e363652d74d2',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  '4633458b-17de-408a-b874-0445c86b69e6',
  // Virtual Machine Administrator Login, User Login
  '1c0163c0-47e6-4577-8991-ea5c82e286e4',
  'fb879df8-f326-4884-b1cf-06f3ad86be52',
]);

const CUSTOMER_ADMIN = "an Owner or User Access Administrator of the customer's own tenant";

/**
 * What Azure Lighthouse cannot do, known before it fails (azure-management-docs,
 * lighthouse/concepts/tenants-users-roles.md and how-to/deploy-policy-remediation.md). Pure; it says nothing of whether
 * the caller holds the role that the action needs on any path.
 */
export function lighthouseLimit(question: LimitQuestion): Limit {
  if (question.action === 'offerRole') return offerLimit(question);
  if (question.path !== 'lighthouse') return { allowed: true };
  switch (question.action) {
    case 'giveRole':
      return givenLimit(question);
    case 'changeLock':
      return refused(
        'Locks cannot be changed through Azure Lighthouse.',
        'Let the customer set or remove the lock, or do it with a guest account in its tenant.',
      );
    case 'denyAssignment':
      return refused(
        'Deny assignments cannot be changed through Azure Lighthouse.',
        'Let the customer make it, with a deployment stack or a managed application of its own.',
      );
  }
}

/** A limit as one sentence after the other, for an error or a warning; empty where there is nothing to say. */
export function limitText(limit: Limit): string {
  if (limit.allowed) return limit.condition ?? '';
  return `${limit.reason} ${limit.wayRound} It must be run by ${limit.runBy}.`;
}

function offerLimit({
  role,
  principal,
  eligible,
  delegatedRoles = [],
}: Extract<LimitQuestion, { action: 'offerRole' }>): Limit {
  const id = role.id.toLowerCase();
  if (eligible && (principal === 'ServicePrincipal' || principal === 'ManagedIdentity'))
    return refused(
      `An eligible authorization of ${role.name} cannot be for an application: nobody is there to activate it.`,
      'Offer it as a permanent authorization, or make it eligible for a group of people.',
      'the author of the offer',
    );
  if (id === USER_ACCESS_ADMINISTRATOR) {
    if (delegatedRoles.length === 0)
      return refused(
        `${role.name} can be delegated only to give named roles to managed identities, and none is named.`,
        'Name them in delegatedRoleDefinitionIds.',
        'the author of the offer',
      );
    const wrong = delegatedRoles.find((one) => roleRefusal(one) !== undefined || isAccessAdministrator(one));
    return wrong
      ? refused(
          `${wrong.name} is no role that ${role.name} may give by a delegation: ${roleRefusal(wrong) ?? 'it changes who has access'}.`,
          'Leave it out, and let the customer give it.',
        )
      : {
          allowed: true,
          condition: `${role.name} lets its holder give these roles to managed identities of the customer, and nothing else.`,
        };
  }
  const refusal = roleRefusal(role);
  return refusal === undefined
    ? { allowed: true }
    : refused(
        `${role.name} cannot be delegated by Azure Lighthouse: ${refusal}.`,
        'Let the customer give the role itself: to a guest or group of its tenant, or to a managed identity or application there.',
      );
}

function givenLimit({ role, principal }: Extract<LimitQuestion, { action: 'giveRole' }>): Limit {
  const refusal = roleRefusal(role);
  if (refusal !== undefined || isAccessAdministrator(role))
    return refused(
      `${role.name} cannot be given through Azure Lighthouse: ${refusal ?? 'it changes who has access'}.`,
      role.ofData === true || DATA_ROLES.has(role.id.toLowerCase())
        ? 'Use a destination in the tenant of who sends or reads, or have the role given to an identity of that tenant.'
        : 'Have the customer give it.',
    );
  if (principal !== 'ManagedIdentity')
    return refused(
      `${role.name} cannot be given to ${WHO[principal ?? 'User']} through Azure Lighthouse: roles are given there to managed identities alone.`,
      'Put the role into the Lighthouse offer, which the customer accepts anew; or use a managed identity of the customer; or have the role given to a guest.',
    );
  return {
    allowed: true,
    condition: `It works only for who is delegated User Access Administrator with ${role.name} among its delegatedRoleDefinitionIds, by the API, and with delegatedManagedIdentityResourceId.`,
  };
}

const WHO: Readonly<Record<PrincipalKind, string>> = {
  User: 'a person',
  Group: 'a group',
  ServicePrincipal: 'an application',
  ManagedIdentity: 'a managed identity',
};

/** Why a delegation does not pass a role on; undefined where it does. User Access Administrator is told apart. */
function roleRefusal(role: RoleSubject): string | undefined {
  const id = role.id.toLowerCase();
  if (id === OWNER) return 'Owner is never delegated';
  if (role.ofData ?? DATA_ROLES.has(id)) return 'a delegation passes on no rights on data';
  if (role.custom) return 'only built-in roles are';
  return AUTHORIZATION_ROLES.get(id);
}

function isAccessAdministrator({ id }: RoleSubject): boolean {
  return id.toLowerCase() === USER_ACCESS_ADMINISTRATOR;
}

function refused(reason: string, wayRound: string, runBy = CUSTOMER_ADMIN): Limit {
  return { allowed: false, reason, wayRound, runBy };
}
