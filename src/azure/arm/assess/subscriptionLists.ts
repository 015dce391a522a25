import { AppError } from '../../../base/errors.ts';
import type { LockFact, RoleFact } from '../../../model/assessment/facts.ts';
import type { SubscriptionId } from '../../../model/ids.ts';
import { toRole } from './roleNames.ts';
import { toObject, toText } from './wire.ts';

/** Lists of a subscription: what follows its id, and the api-version. Without a filter what is beneath is in them. */
export const SUBSCRIPTION_LISTS = {
  roles: { path: '/providers/Microsoft.Authorization/roleAssignments', apiVersion: '2022-04-01' },
  // What Privileged Identity Management lets somebody activate (specification RoleEligibilityScheduleInstance.json).
  eligible: { path: '/providers/Microsoft.Authorization/roleEligibilityScheduleInstances', apiVersion: '2020-10-01' },
  locks: { path: '/providers/Microsoft.Authorization/locks', apiVersion: '2020-05-01' },
} as const;

/**
 * Role assignments of a subscription. Whoever reads it at all has a role in it, so that none means that they are
 * hidden: who comes by Azure Lighthouse is shown none of the customer's (azure-management-docs,
 * lighthouse/how-to/view-manage-service-providers.md).
 */
export function toRoles(items: readonly unknown[], subscription: SubscriptionId): readonly RoleFact[] {
  if (items.length === 0)
    throw new AppError(
      'access.insufficient',
      `The role assignments of subscription ${subscription} are not shown to whoever comes by Azure Lighthouse. Ask with an identity of the customer's own tenant: a guest there, or an application.`,
    );
  return items.map(toRoleFact);
}

/** Roles of a subscription that somebody may activate. None is an answer: few tenants have any. */
export function toEligible(items: readonly unknown[]): readonly RoleFact[] {
  return items.map((item) => ({ ...toRoleFact(item), eligible: true }));
}

function toRoleFact(item: unknown): RoleFact {
  const wire = toObject(toObject(item)['properties']);
  const [principalId, definition, scope] = ['principalId', 'roleDefinitionId', 'scope'].map((name) =>
    toText(wire[name]),
  );
  if (!principalId || !definition || !scope) throw new SyntaxError('A role assignment without its parts.');
  return {
    principalId: principalId.toLowerCase(),
    principalType: toText(wire['principalType']),
    ...toRole(definition),
    scope: scope.toLowerCase(),
    conditioned: toText(wire['condition']) !== '',
  };
}

const LOCK = '/providers/microsoft.authorization/locks/';

/** Locks of a subscription and of everything in it. One of the level `NotSpecified` locks nothing. */
export function toLocks(items: readonly unknown[]): readonly LockFact[] {
  return items.flatMap((item): LockFact[] => {
    const wire = toObject(item);
    const id = toText(wire['id']).toLowerCase();
    const level = toText(toObject(wire['properties'])['level']);
    if (!id.includes(LOCK)) throw new SyntaxError('A lock without its place.');
    if (level !== 'CanNotDelete' && level !== 'ReadOnly') return [];
    return [{ name: toText(wire['name']), level, scope: id.slice(0, id.lastIndexOf(LOCK)) }];
  });
}
