import names from './builtInRoles.json' with { type: 'json' };

const NAMES: Readonly<Record<string, string>> = names;

/**
 * A role by its definition's id or ARM id: the guid in lower case, and the name of Azure's built-in role. A custom
 * role, or one that is not in the table, is called by its guid. The table has what a log estate meets (azure-docs,
 * role-based-access-control/built-in-roles.md of 04/09/2026).
 */
export function toRole(definitionId: string): { readonly roleId: string; readonly roleName: string } {
  const roleId = definitionId.slice(definitionId.lastIndexOf('/') + 1).toLowerCase();
  return { roleId, roleName: NAMES[roleId] ?? roleId };
}
