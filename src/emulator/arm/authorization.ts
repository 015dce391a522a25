import { grantsAt } from '../access.ts';
import { isWithin, key } from '../armId.ts';
import { armError } from '../router.ts';
import { findRole, ROLES } from '../roles.ts';
import type { RoleAssignment } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';

const NAMESPACE = 'Microsoft.Authorization';

/** Role assignments, role definitions and the caller's own permissions at any scope, to read. */
export function registerAuthorization(gate: ArmGate): void {
  const { world } = gate;
  const scopes = ['/subscriptions/{subscriptionId}', '/subscriptions/{subscriptionId}/{*rest}'];
  for (const scope of scopes) {
    gate.add(
      'GET',
      `${scope}/providers/${NAMESPACE}/roleAssignments`,
      {
        type: `${NAMESPACE}/roleAssignments`,
        action: `${NAMESPACE}/roleAssignments/read`,
      },
      (call) => {
        const at = scopeOf(call.ctx.path);
        const filter = call.ctx.query('$filter') ?? '';
        const principal = /(?:principalId eq|assignedTo\()\s*'([^']+)'/i.exec(filter)?.[1];
        const exact = /atScope\(\)/i.test(filter);
        // A scope's list has what is inherited from above; without atScope() also what lies beneath.
        // Who comes by Azure Lighthouse sees none of the customer's assignments, whatever its role
        // (azure-management-docs, lighthouse/how-to/view-manage-service-providers.md).
        const foreign = key(call.claims.tid) !== key(call.subscription.tenantId);
        const fits = (assignment: RoleAssignment): boolean =>
          !foreign &&
          (isWithin(at, assignment.scope) || (!exact && isWithin(assignment.scope, at))) &&
          (principal === undefined || key(assignment.principalId) === key(principal));
        return {
          status: 200,
          body: {
            value: world.roleAssignments
              .filter(fits)
              .map((assignment) => toAssignment(assignment, call.subscription.subscriptionId)),
          },
        };
      },
    );
    gate.add(
      'GET',
      `${scope}/providers/${NAMESPACE}/roleDefinitions`,
      {
        type: `${NAMESPACE}/roleDefinitions`,
        action: `${NAMESPACE}/roleDefinitions/read`,
      },
      (call) => {
        const wanted = /roleName eq '([^']+)'/i.exec(call.ctx.query('$filter') ?? '')?.[1];
        return {
          status: 200,
          body: {
            value: Object.entries(ROLES)
              .filter(([name]) => wanted === undefined || name === wanted)
              .map(([, role]) => toDefinition(role.id, call)),
          },
        };
      },
    );
    gate.add(
      'GET',
      `${scope}/providers/${NAMESPACE}/roleDefinitions/{role}`,
      {
        type: `${NAMESPACE}/roleDefinitions`,
        action: `${NAMESPACE}/roleDefinitions/read`,
      },
      (call) => {
        if (!findRole(call.ctx.params['role']!)) {
          throw armError(
            404,
            'RoleDefinitionDoesNotExist',
            `The specified role definition with ID '${call.ctx.params['role']}' does not exist.`,
          );
        }
        return { status: 200, body: toDefinition(call.ctx.params['role']!, call) };
      },
    );
    gate.add('GET', `${scope}/providers/${NAMESPACE}/permissions`, { type: `${NAMESPACE}/permissions` }, (call) => {
      const at = scopeOf(call.ctx.path);
      return {
        status: 200,
        body: {
          value: grantsAt(call.grants, at).map(({ role }) => ({
            actions: role.actions,
            notActions: role.notActions,
            dataActions: role.dataActions ?? [],
            notDataActions: [],
          })),
        },
      };
    });
  }
}

/** The scope that the path of an assignment, definition or permission stands at. */
export function scopeOf(path: string): string {
  return path.slice(0, path.toLowerCase().lastIndexOf(`/providers/${NAMESPACE.toLowerCase()}/`));
}

/** An assignment as Resource Manager writes it. */
export function toAssignment(assignment: RoleAssignment, subscriptionId: string): object {
  return {
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/${NAMESPACE}/roleDefinitions/${assignment.roleId}`,
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope,
      condition: assignment.condition ?? null,
      conditionVersion: assignment.condition === undefined ? null : '2.0',
      createdOn: assignment.createdOn,
      updatedOn: assignment.createdOn,
      createdBy: null,
      updatedBy: null,
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
    id: `${assignment.scope === '/' ? '' : assignment.scope}/providers/${NAMESPACE}/roleAssignments/${assignment.name}`,
    type: `${NAMESPACE}/roleAssignments`,
    name: assignment.name,
  };
}

function toDefinition(id: string, call: ArmCall): object {
  const role = findRole(id)!;
  return {
    id: `/subscriptions/${call.subscription.subscriptionId}/providers/${NAMESPACE}/roleDefinitions/${role.id}`,
    type: `${NAMESPACE}/roleDefinitions`,
    name: role.id,
    properties: {
      roleName: role.name,
      type: 'BuiltInRole',
      description: role.name,
      assignableScopes: ['/'],
      permissions: [
        {
          actions: role.actions,
          notActions: role.notActions,
          dataActions: role.dataActions ?? [],
          notDataActions: [],
        },
      ],
    },
  };
}
