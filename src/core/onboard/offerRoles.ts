/** A built-in role by its name; whether Azure Lighthouse passes it on is said by `access/lighthouseLimits.ts`. */
export interface OfferRole {
  readonly id: string;
  readonly name: string;
}

/** Built-in roles by their names (azure-docs, role-based-access-control/built-in-roles.md). */
export const OFFER_ROLES: readonly OfferRole[] = [
  { name: 'Reader', id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7' },
  { name: 'Contributor', id: 'b24988ac-6180-42a0-ab88-20f7382dd24c' },
  { name: 'Log Analytics Reader', id: '73c42c96-874c-492b-b04d-ab87d138a893' },
  { name: 'Log Analytics Contributor', id: '92aaf0da-9dab-42b6-94a3-d43ce8d16293' },
  { name: 'Monitoring Reader', id: '43d0d8ad-25c7-4714-9337-8ba259a9fe05' },
  { name: 'Monitoring Contributor', id: '749f88d5-cbae-40b8-bcfc-e573ddc772fa' },
  { name: 'Microsoft Sentinel Reader', id: '8d289c81-5878-46d4-8554-54e1e3d8b5cb' },
  { name: 'Microsoft Sentinel Responder', id: '3e150937-b8fe-4cfb-8069-0eaf05ecd056' },
  { name: 'Managed Services Registration assignment Delete Role', id: '91c1777a-f3dc-4fae-b103-61d183457e46' },
  { name: 'Owner', id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' },
  { name: 'User Access Administrator', id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9' },
  { name: 'Role Based Access Control Administrator', id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168' },
  { name: 'Monitoring Metrics Publisher', id: '3913510d-42f4-4e42-8a64-420c390055eb' },
  { name: 'Log Analytics Data Reader', id: '3b03c2da-16b3-4a49-8834-0f8130efdd3b' },
  { name: 'Privileged Monitoring Data Reader', id: 'dbc9c667-e97f-4491-aee6-90b9cf960190' },
];

/** Ends a delegation: without it only the customer can. */
export const DELEGATION_DELETE_ROLE = '91c1777a-f3dc-4fae-b103-61d183457e46';

/** A role by its name or GUID; a GUID that nobody here knows is a role of that name. */
export function findOfferRole(nameOrId: string): OfferRole | undefined {
  const wanted = nameOrId.trim().toLowerCase();
  const known = OFFER_ROLES.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (known) return known;
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(wanted) ? { id: wanted, name: wanted } : undefined;
}
