import { mayDo } from '../access.ts';
import { isWithin, key, subscriptionScope } from '../armId.ts';
import type { Grant } from '../access.ts';
import type { Offer } from '../governance.ts';
import { armError } from '../router.ts';
import { allows, findRole, ROLES } from '../roles.ts';
import type { Role } from '../roles.ts';
import type { Delegation, Subscription, World } from '../state.ts';
import type { EligibleAuthorization, LighthouseAuthorization } from '../governance.ts';

const NAMESPACE = 'Microsoft.ManagedServices';

interface DefinitionInput {
  readonly properties?: {
    readonly registrationDefinitionName?: string;
    readonly description?: string;
    readonly managedByTenantId?: string;
    readonly authorizations?: readonly Partial<LighthouseAuthorization>[];
    readonly eligibleAuthorizations?: readonly EligibleAuthorization[];
  };
}

interface AssignmentInput {
  readonly properties?: { readonly registrationDefinitionId?: string };
}

/** Who writes, and the subscription it is of. */
export interface LighthouseWriter {
  readonly subscription: Subscription;
  readonly grants: readonly Grant[];
}

/** ARM id of an offer. */
export function offerId(subscriptionId: string, name: string): string {
  return `${subscriptionScope(subscriptionId)}/providers/${NAMESPACE}/registrationDefinitions/${name}`;
}

/** The offer of a subscription by its name, assigned or not. */
export function findOffer(world: World, subscriptionId: string, name: string): Offer | undefined {
  const kept = world.governance.get(key(offerId(subscriptionId, name)));
  if (kept?.kind === 'offer') return kept;
  const used = world.delegations.find(
    ({ definitionName, scope }) =>
      key(definitionName) === key(name) && isWithin(scope, subscriptionScope(subscriptionId)),
  );
  return used && offerOf(used, subscriptionId);
}

/** What a delegation accepted, as an offer of its own. */
export function offerOf(delegation: Delegation, subscriptionId: string): Offer {
  const { definitionName, offerName, description, managedByTenantId, authorizations, eligibleAuthorizations } =
    delegation;
  return {
    kind: 'offer',
    definitionName,
    subscriptionId,
    offerName,
    description,
    managedByTenantId,
    authorizations,
    eligibleAuthorizations,
  };
}

/** Makes or changes an offer (managedservices 2022-10-01, PutRegistrationDefinition.json); assignments follow it. */
export function putOffer(
  world: World,
  writer: LighthouseWriter,
  scope: string,
  name: string,
  { properties = {} }: DefinitionInput,
): { readonly offer: Offer; readonly isNew: boolean } {
  const { subscription } = writer;
  checkWriter(writer, scope, 'registrationDefinitions');
  if (key(scope) !== key(subscriptionScope(subscription.subscriptionId)))
    throw armError(
      400,
      'InvalidRegistrationDefinitionUri',
      `The registration definition request scope '${scope}' should be '/subscriptions/<subscriptionId>'.`,
    );
  checkName(name, 'registration definition');
  const { managedByTenantId = '', authorizations = [], eligibleAuthorizations = [] } = properties;
  if (!world.tenants.has(key(managedByTenantId)) || key(managedByTenantId) === key(subscription.tenantId))
    throw refused(`The managed by tenant '${managedByTenantId}' of registration definition '${name}' is not valid.`);
  if (authorizations.length === 0) throw refused(`The registration definition '${name}' has no authorizations.`);
  for (const one of authorizations) checkAuthorization(name, one);
  const isNew = findOffer(world, subscription.subscriptionId, name) === undefined;
  const offer: Offer = {
    kind: 'offer',
    definitionName: name,
    subscriptionId: subscription.subscriptionId,
    offerName: properties.registrationDefinitionName ?? name,
    description: properties.description ?? '',
    managedByTenantId,
    authorizations: authorizations.map((one) => ({
      ...(one as LighthouseAuthorization),
      roleDefinitionId: findRole(one.roleDefinitionId!)!.id,
    })),
    eligibleAuthorizations: [...eligibleAuthorizations],
  };
  world.governance.set(key(offerId(subscription.subscriptionId, name)), offer);
  for (const delegation of world.delegations)
    if (key(delegation.definitionName) === key(name) && isWithin(delegation.scope, scope)) {
      delegation.authorizations = offer.authorizations;
      delegation.eligibleAuthorizations = offer.eligibleAuthorizations;
    }
  world.touch();
  return { offer, isNew };
}

/** Accepts an offer at a subscription or resource group (PutRegistrationAssignment.json). */
export function putAssignment(
  world: World,
  writer: LighthouseWriter,
  scope: string,
  name: string,
  { properties = {} }: AssignmentInput,
): { readonly delegation: Delegation; readonly isNew: boolean } {
  checkWriter(writer, scope, 'registrationAssignments');
  checkName(name, 'registration assignment');
  const definition = properties.registrationDefinitionId ?? '';
  const offer = findOffer(world, writer.subscription.subscriptionId, definition.slice(definition.lastIndexOf('/') + 1));
  if (!offer || key(offerId(offer.subscriptionId, offer.definitionName)) !== key(definition))
    throw armError(404, 'RegistrationDefinitionNotFound', `The registration definition '${definition}' was not found.`);
  const known = world.delegations.find((one) => key(one.assignmentName) === key(name) && key(one.scope) === key(scope));
  if (known) return { delegation: known, isNew: false };
  const other = world.delegations.find(
    (one) => key(one.definitionName) === key(offer.definitionName) && key(one.scope) === key(scope),
  );
  if (other)
    throw armError(
      409,
      'RegistrationAssignmentExists',
      `Another registration assignment present at this scope '${scope}' for registration definition '${definition}'. Multiple registration assignments are not allowed.`,
    );
  const { offerName, description, managedByTenantId, authorizations, eligibleAuthorizations, definitionName } = offer;
  const delegation: Delegation = {
    assignmentName: name,
    definitionName,
    scope,
    offerName,
    description,
    managedByTenantId,
    authorizations,
    eligibleAuthorizations,
  };
  world.delegations.push(delegation);
  world.touch();
  return { delegation, isNew: true };
}

/** Nobody accepts an offer through another one: it takes who may give roles, as the customer's own people may. */
function checkWriter({ grants }: LighthouseWriter, scope: string, type: string): void {
  if (mayDo(grants, 'Microsoft.Authorization/roleAssignments/write', scope)) return;
  throw armError(
    403,
    'AuthorizationFailed',
    `The client does not have authorization to perform action '${NAMESPACE}/${type}/write' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function checkName(name: string, what: string): void {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name))
    throw refused(`The name '${name}' of the ${what} is not valid: it must be a GUID.`);
}

/** Messages as people met them: azure-docs issues 80795 and 117760, Azure-Lighthouse-samples issue 137. */
function checkAuthorization(name: string, one: Partial<LighthouseAuthorization>): void {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(one.principalId ?? ''))
    throw refused(`The PrincipalId '${one.principalId}' must be a valid Guid.`);
  const wanted = one.roleDefinitionId ?? '';
  const role = findRole(wanted);
  const id = wanted.slice(wanted.lastIndexOf('/') + 1);
  if (!role || role.dataActions)
    throw refused(
      `The role definition '${id}' with data actions not allowed for registration definition '${name}'. Only built in role definitions without any data and notData actions are allowed.`,
    );
  const isGiver = role.id === ROLES['User Access Administrator'].id;
  if (isGiver ? (one.delegatedRoleDefinitionIds ?? []).length === 0 : isRestricted(role))
    throw refused(
      `The role definition '${id}' is not allowed for registration definition '${name}' because of restricted actions.`,
    );
}

/** Roles that decide about roles, locks or denials (azure-management-docs, concepts/tenants-users-roles.md). */
function isRestricted(role: Role): boolean {
  return ['roleAssignments', 'roleDefinitions', 'locks', 'denyAssignments'].some((what) =>
    ['write', 'delete'].some((verb) => allows(role, `Microsoft.Authorization/${what}/${verb}`)),
  );
}

function refused(message: string): Error {
  return armError(400, 'InvalidRegistrationDefinitionCreateRequest', message);
}
