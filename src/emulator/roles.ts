/** A role definition: what it allows but for what it takes back. Actions may hold `*`. */
export interface Role {
  readonly id: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  /** What it allows on data; control-plane actions, `*` included, allow none of that. */
  readonly dataActions?: readonly string[];
}

/** Azure's built-in roles a log estate meets, with their real ids and the actions that matter here. */
export const ROLES = {
  Owner: { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', actions: ['*'], notActions: [] },
  Contributor: {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  },
  Reader: { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', actions: ['*/read'], notActions: [] },
  'User Access Administrator': {
    id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    actions: ['*/read', 'Microsoft.Authorization/*'],
    notActions: [],
  },
  'Role Based Access Control Administrator': {
    id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
    notActions: [],
  },
  'Log Analytics Contributor': {
    id: '92aaf0da-9dab-42b6-94a3-d43ce8d16293',
    notActions: [],
    actions: [
      '*/read',
      'Microsoft.OperationalInsights/*',
      'Microsoft.OperationsManagement/*',
      'Microsoft.Insights/diagnosticSettings/*',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourceGroups/deployments/*',
    ],
  },
  'Log Analytics Reader': {
    id: '73c42c96-874c-492b-b04d-ab87d138a893',
    actions: [
      '*/read',
      'Microsoft.OperationalInsights/workspaces/analytics/query/action',
      'Microsoft.OperationalInsights/workspaces/search/action',
    ],
    notActions: ['Microsoft.OperationalInsights/workspaces/sharedKeys/read'],
  },
  'Monitoring Reader': {
    id: '43d0d8ad-25c7-4714-9337-8ba259a9fe05',
    actions: ['*/read', 'Microsoft.OperationalInsights/workspaces/search/action'],
    notActions: [],
  },
  'Monitoring Contributor': {
    id: '749f88d5-cbae-40b8-bcfc-e573ddc772fa',
    actions: [
      '*/read',
      'Microsoft.AlertsManagement/alerts/*',
      'Microsoft.Insights/actiongroups/*',
      'Microsoft.Insights/scheduledqueryrules/*',
      'Microsoft.Insights/DataCollectionRules/*',
      'Microsoft.Insights/DataCollectionRuleAssociations/*',
      'Microsoft.Insights/DiagnosticSettings/*',
      'Microsoft.OperationalInsights/workspaces/write',
      'Microsoft.OperationalInsights/workspaces/search/action',
      'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
      'Microsoft.OperationalInsights/workspaces/savedSearches/write',
      'Microsoft.OperationalInsights/workspaces/savedSearches/delete',
    ],
    notActions: [],
  },
  'Monitoring Metrics Publisher': {
    id: '3913510d-42f4-4e42-8a64-420c390055eb',
    actions: [
      'Microsoft.Insights/Register/Action',
      'Microsoft.Support/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
    ],
    notActions: [],
    dataActions: ['Microsoft.Insights/Metrics/Write', 'Microsoft.Insights/Telemetry/Write'],
  },
  'Storage Blob Data Contributor': {
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
    notActions: [],
    dataActions: ['read', 'write', 'delete'].map(
      (action) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}`,
    ),
  },
  'Microsoft Sentinel Reader': {
    id: '8d289c81-5878-46d4-8554-54e1e3d8b5cb',
    notActions: [],
    actions: [
      'Microsoft.SecurityInsights/*/read',
      'Microsoft.OperationalInsights/workspaces/analytics/query/action',
      'Microsoft.OperationalInsights/workspaces/*/read',
      'Microsoft.OperationalInsights/workspaces/read',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Resources/deployments/*',
    ],
  },
  'Microsoft Sentinel Responder': {
    id: '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
    notActions: [],
    actions: [
      'Microsoft.SecurityInsights/*/read',
      'Microsoft.SecurityInsights/incidents/*',
      'Microsoft.OperationalInsights/workspaces/analytics/query/action',
      'Microsoft.OperationalInsights/workspaces/*/read',
      'Microsoft.OperationalInsights/workspaces/read',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
    ],
  },
  'Managed Services Registration assignment Delete Role': {
    id: '91c1777a-f3dc-4fae-b103-61d183457e46',
    notActions: [],
    actions: [
      'Microsoft.ManagedServices/registrationAssignments/read',
      'Microsoft.ManagedServices/registrationAssignments/delete',
      'Microsoft.ManagedServices/operationStatuses/read',
    ],
  },
  'Log Analytics Data Reader': {
    id: '3b03c2da-16b3-4a49-8834-0f8130efdd3b',
    notActions: [],
    actions: ['Microsoft.OperationalInsights/workspaces/read', 'Microsoft.OperationalInsights/workspaces/query/read'],
    dataActions: ['Microsoft.OperationalInsights/workspaces/tables/data/read'],
  },
  'Privileged Monitoring Data Reader': {
    id: 'dbc9c667-e97f-4491-aee6-90b9cf960190',
    notActions: [],
    actions: ['Microsoft.OperationalInsights/workspaces/read', 'Microsoft.OperationalInsights/workspaces/query/read'],
    dataActions: ['Microsoft.OperationalInsights/workspaces/tables/data/read'],
  },
} as const satisfies Record<string, Role>;

/** The built-in roles there are, by name. */
export type RoleName = keyof typeof ROLES;

/** A role by its GUID, or by an ARM id that ends in it. */
export function findRole(idOrArmId: string): ({ readonly name: RoleName } & Role) | undefined {
  const id = idOrArmId.slice(idOrArmId.lastIndexOf('/') + 1).toLowerCase();
  for (const [name, role] of Object.entries(ROLES)) if (role.id === id) return { name: name as RoleName, ...role };
  return undefined;
}

const patterns = new Map<string, RegExp>();

/** `*` in a role's action stands for any text, slashes too; case does not matter. */
function covers(pattern: string, action: string): boolean {
  let regex = patterns.get(pattern);
  if (!regex)
    patterns.set(pattern, (regex = new RegExp(`^${pattern.replace(/[.$()+?]/g, '\\$&').replace(/\*/g, '.*')}$`, 'i')));
  return regex.test(action);
}

/** Whether a role allows an action. */
export function allows(role: Role, action: string): boolean {
  return (
    role.actions.some((pattern) => covers(pattern, action)) &&
    !role.notActions.some((pattern) => covers(pattern, action))
  );
}
