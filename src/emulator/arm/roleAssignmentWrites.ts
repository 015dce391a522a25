import { isWithin, key } from '../armId.ts';
import { findSubscription, isManaged, objectIdIn } from '../lookup.ts';
import { armError } from '../router.ts';
import { readRowCondition } from '../logs/rowConditions.ts';
import { findRole } from '../roles.ts';
import type { Account, RoleAssignment, World } from '../state.ts';
import { scopeOf, toAssignment } from './authorization.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'Microsoft.Authorization/roleAssignments';

interface AssignmentInput {
  readonly properties?: {
    readonly roleDefinitionId?: string;
    readonly principalId?: string;
    readonly principalType?: RoleAssignment['principalType'];
    readonly condition?: string | null;
    readonly conditionVersion?: string | null;
    /** Over a delegation: the resource that the managed identity lives at. */
    readonly delegatedManagedIdentityResourceId?: string;
  };
}

/** One role assignment by its name (a GUID): read, made, removed (authorization 2022-04-01). */
export function registerRoleAssignmentWrites(gate: ArmGate): void {
  const { world } = gate;
  for (const scope of ['/subscriptions/{subscriptionId}', '/subscriptions/{subscriptionId}/{*rest}']) {
    const path = `${scope}/providers/${TYPE}/{assignment}`;
    gate.add('GET', path, { type: TYPE, action: `${TYPE}/read` }, (call) => {
      const found = assignmentOf(world, call);
      if (!found)
        throw armError(
          404,
          'RoleAssignmentNotFound',
          `The role assignment '${call.ctx.params['assignment']!}' is not found.`,
        );
      return { status: 200, body: toAssignment(found, call.subscription.subscriptionId) };
    });
    gate.add('PUT', path, { type: TYPE, action: `${TYPE}/write` }, (call) => put(world, call));
    gate.add('DELETE', path, { type: TYPE, action: `${TYPE}/delete` }, (call) => {
      const found = assignmentOf(world, call);
      if (!found) return { status: 204 };
      world.roleAssignments.splice(world.roleAssignments.indexOf(found), 1);
      world.touch();
      return { status: 200, body: toAssignment(found, call.subscription.subscriptionId) };
    });
  }
}

function put(world: World, call: ArmCall): { status: number; body: object } {
  const { ctx, subscription, claims } = call;
  const {
    roleDefinitionId = '',
    principalId = '',
    principalType,
    condition,
    conditionVersion,
    delegatedManagedIdentityResourceId,
  } = readInput<AssignmentInput>(ctx.json(), ctx.body).properties ?? {};
  const name = ctx.params['assignment']!;
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name))
    throw armError(400, 'InvalidRoleAssignmentId', `The role assignment ID '${name}' is not valid: it must be a GUID.`);
  const role = findRole(roleDefinitionId);
  if (!role)
    throw armError(
      400,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${roleDefinitionId}' does not exist.`,
    );
  const scope = scopeOf(ctx.path);
  const holder = [...world.accounts.values()].find(
    (account) => key(objectIdIn(account, subscription.tenantId) ?? '') === key(principalId),
  );
  if (key(claims.tid) !== key(subscription.tenantId))
    checkDelegated(world, call, { roleId: role.id, holder, delegatedManagedIdentityResourceId });
  const tenant = findSubscription(world, subscription.subscriptionId)!.tenantId;
  if (!holder && principalType !== 'Group')
    throw armError(
      400,
      'PrincipalNotFound',
      `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${tenant}. Check that you have the correct principal ID.`,
    );
  const known = assignmentOf(world, call);
  const same = world.roleAssignments.find(
    (one) => key(one.scope) === key(scope) && key(one.principalId) === key(principalId) && one.roleId === role.id,
  );
  if (known && known !== same)
    throw armError(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
  if (same && same !== known) throw armError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  checkCondition(condition, conditionVersion);
  if (known) {
    // Of an assignment that is there the condition alone may change.
    const changed = { ...known, ...(condition ? { condition } : {}) };
    if (!condition) delete changed.condition;
    world.roleAssignments.splice(world.roleAssignments.indexOf(known), 1, changed);
    world.touch();
    return { status: 200, body: toAssignment(changed, subscription.subscriptionId) };
  }
  const made: RoleAssignment = {
    name: key(name),
    scope,
    principalId,
    principalType: principalType ?? (holder?.kind === 'user' ? 'User' : 'ServicePrincipal'),
    roleId: role.id,
    createdOn: world.clock.iso(),
    ...(condition ? { condition } : {}),
  };
  world.roleAssignments.push(made);
  world.touch();
  return { status: 201, body: toAssignment(made, subscription.subscriptionId) };
}

function checkCondition(condition: string | null | undefined, version: string | null | undefined): void {
  if (!condition) return;
  if (version !== '2.0')
    throw armError(
      400,
      'InvalidConditionOrConditionVersion',
      'The condition and condition version must both be given; the version is 2.0.',
    );
  try {
    readRowCondition(condition);
  } catch (thrown) {
    throw armError(400, 'RoleAssignmentConditionNotValid', `The condition is not valid. ${(thrown as Error).message}`);
  }
}

/**
 * What a delegation permits: to give managed identities of the customer the roles that the authorization of User Access
 * Administrator names, saying which resource the identity is of. The service holds that in a condition, and says so
 * (azure-management-docs, lighthouse/how-to/deploy-policy-remediation.md; Azure/enterprise-azure-policy-as-code#951).
 */
function checkDelegated(
  world: World,
  { ctx, claims }: ArmCall,
  given: {
    readonly roleId: string;
    readonly holder: Account | undefined;
    readonly delegatedManagedIdentityResourceId: string | undefined;
  },
): void {
  const scope = scopeOf(ctx.path);
  const principals = new Set([claims.oid, ...(claims.groups ?? [])].map(key));
  const givable = world.delegations
    .filter((one) => key(one.managedByTenantId) === key(claims.tid) && isWithin(scope, one.scope))
    .flatMap(({ authorizations }) => authorizations)
    .filter(({ principalId }) => principals.has(key(principalId)))
    .flatMap(({ delegatedRoleDefinitionIds = [] }) => delegatedRoleDefinitionIds.map(key));
  const { roleId, holder, delegatedManagedIdentityResourceId } = given;
  if (givable.includes(key(roleId)) && holder && isManaged(holder) && delegatedManagedIdentityResourceId) return;
  throw armError(
    403,
    'AuthorizationFailed',
    `The client '${claims.upn ?? claims.appid}' with object id '${claims.oid}' has an authorization with ABAC condition that is not fulfilled to perform action '${TYPE}/write' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function assignmentOf(world: World, { ctx }: ArmCall): RoleAssignment | undefined {
  const scope = scopeOf(ctx.path);
  return world.roleAssignments.find(
    (one) => key(one.name) === key(ctx.params['assignment']!) && key(one.scope) === key(scope),
  );
}
