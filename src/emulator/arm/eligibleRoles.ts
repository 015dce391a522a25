import { isWithin, key } from '../armId.ts';
import type { EligibleRole } from '../msgraph/partnerDirectory.ts';
import { partnerOf } from '../msgraph/partner.ts';
import { armError } from '../router.ts';
import { ROLES } from '../roles.ts';
import type { RoleName } from '../roles.ts';
import type { Tenant, World } from '../state.ts';
import { scopeOf } from './authorization.ts';
import type { ArmGate } from './gate.ts';

const TYPE = 'Microsoft.Authorization/roleEligibilityScheduleInstances';

/** What Privileged Identity Management lets be activated in a subscription (authorization 2020-10-01). */
export function registerEligibleRoles(gate: ArmGate): void {
  const { world } = gate;
  const path = `/subscriptions/{subscriptionId}/providers/${TYPE}`;
  gate.add('GET', path, { type: TYPE, action: 'Microsoft.Authorization/roleAssignments/read' }, (call) => {
    const { subscriptionId, tenantId } = call.subscription;
    const directory = world.partners.get(key(tenantId));
    if (!directory?.eligible)
      throw armError(400, 'AadPremiumLicenseRequired', 'The tenant needs an AAD Premium 2 license.');
    const at = scopeOf(call.ctx.path);
    const foreign = key(call.claims.tid) !== key(tenantId);
    const value = directory.eligible
      .filter(({ scope }) => !foreign && (isWithin(at, scope) || isWithin(scope, at)))
      .map((one) => toInstance(one, subscriptionId));
    return { status: 200, body: { value } };
  });
}

function toInstance(one: EligibleRole, subscriptionId: string): object {
  const { name, scope, principalId, principalType, roleId, startDateTime } = one;
  return {
    properties: {
      scope,
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      principalId,
      principalType,
      status: 'Provisioned',
      roleEligibilityScheduleId: `${scope}/providers/Microsoft.Authorization/RoleEligibilitySchedules/${name}`,
      startDateTime,
      endDateTime: null,
      memberType: 'Direct',
      createdOn: startDateTime,
    },
    name,
    id: `${scope}/providers/${TYPE}/${name}`,
    type: TYPE,
  };
}

/** Lets a principal of a tenant activate a role at a scope of it; the tenant has the licence then. */
export function makeEligible(
  world: World,
  tenant: Pick<Tenant, 'tenantId'>,
  spec: Pick<EligibleRole, 'scope' | 'principalId'> & { readonly role: RoleName; readonly group?: true },
): void {
  const { scope, principalId, role, group } = spec;
  const directory = partnerOf(world, tenant);
  directory.eligible ??= [];
  directory.eligible.push({
    name: world.guid('eligible', scope, principalId, role),
    scope,
    principalId,
    principalType: group ? 'Group' : 'User',
    roleId: ROLES[role].id,
    startDateTime: world.clock.iso(),
  });
  world.touch();
}
