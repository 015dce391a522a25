/**
 * What a role lets its holder read of a workspace's logs: rows, by an action of the control plane such as reading
 * everything or `workspaces/query`; rows, by a data action; protected tables too; or none.
 */
type Reading = 'rows' | 'data' | 'protected' | 'none';

/**
 * Built-in roles by id (learn.microsoft.com: Azure built-in roles). A role that is not here may be a custom one: what
 * it reads is not known, and is said so.
 */
const ROLES: Readonly<Record<string, Reading>> = {
  // Owner, Contributor, Reader
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'rows',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'rows',
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': 'rows',
  // User Access Administrator, Role Based Access Control Administrator: both have */read
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'rows',
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': 'rows',
  // Log Analytics Reader and Contributor, Monitoring Reader and Contributor
  '73c42c96-874c-492b-b04d-ab87d138a893': 'rows',
  '92aaf0da-9dab-42b6-94a3-d43ce8d16293': 'rows',
  '43d0d8ad-25c7-4714-9337-8ba259a9fe05': 'rows',
  '749f88d5-cbae-40b8-bcfc-e573ddc772fa': 'rows',
  // Microsoft Sentinel Reader, Responder, Contributor
  '8d289c81-5878-46d4-8554-54e1e3d8b5cb': 'rows',
  '3e150937-b8fe-4cfb-8069-0eaf05ecd056': 'rows',
  'ab8e14d6-4a74-4a29-9ba8-549422addade': 'rows',
  // Security Reader, Security Admin
  '39bc4728-0917-49c7-9d2c-d95423bc2eb4': 'rows',
  'fb1c8493-542b-48eb-b624-b4c8fea62acd': 'rows',
  // Log Analytics Data Reader, Privileged Monitoring Data Reader
  '3b03c2da-16b3-4a49-8834-0f8130efdd3b': 'data',
  'dbc9c667-e97f-4491-aee6-90b9cf960190': 'protected',
  // Monitoring Metrics Publisher, Data Purger, Managed Services Registration assignment Delete Role
  '3913510d-42f4-4e42-8a64-420c390055eb': 'none',
  '150f5e0c-0603-4f03-8c7f-cf70034c4e90': 'none',
  '91c1777a-f3dc-4fae-b103-61d183457e46': 'none',
};

/** What a role reads; undefined where that is not known. `roleId` is a guid, or an ARM id that ends in one. */
export function readingOf(roleId: string): Reading | undefined {
  return ROLES[roleId.slice(roleId.lastIndexOf('/') + 1).toLowerCase()];
}
