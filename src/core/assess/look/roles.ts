import type { DelegatedRole, RoleFact } from '../../../model/assessment/facts.ts';

/**
 * Built-in roles by their ids, which are the same in every tenant (learn.microsoft.com/azure/role-based-access-control,
 * built-in roles).
 */
export const ROLES = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  accessControlAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  dataReader: '3b03c2da-16b3-4a49-8834-0f8130efdd3b',
  privilegedDataReader: 'dbc9c667-e97f-4491-aee6-90b9cf960190',
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
  delegationDelete: '91c1777a-f3dc-4fae-b103-61d183457e46',
} as const;

/** Whether a role is one of these; its id may come as a guid or at the end of an ARM id. */
export function isRole(
  { roleId }: Pick<DelegatedRole | RoleFact, 'roleId'>,
  ...roles: readonly (keyof typeof ROLES)[]
): boolean {
  const guid = roleId.slice(roleId.lastIndexOf('/') + 1).toLowerCase();
  return roles.some((role) => ROLES[role] === guid);
}

/** Whether something at `scope` counts for the resource `armId`: the same, or above it. Both in lower case. */
export function covers(scope: string, armId: string): boolean {
  return scope === '/' || armId === scope || armId.startsWith(`${scope.replace(/\/$/, '')}/`);
}
