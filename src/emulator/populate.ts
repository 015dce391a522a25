import { groupScope, key, workspaceScope } from './armId.ts';
import { seededKey } from './ids.ts';
import { ROLES, type RoleName } from './roles.ts';
import type { DenyPolicy } from './governance.ts';
import type {
  Account,
  Delegation,
  Lock,
  ResourceGroup,
  RoleAssignment,
  SavedSearch,
  SignInPolicy,
  Subscription,
  SubscriptionState,
  TablePlan,
  TableColumn,
  Tenant,
  Workspace,
  WorkspaceProperties,
  WorkspaceTable,
  World,
} from './state.ts';

/**
 * Functions that fill a world. Ids that are not given are made from the seed and the names, so the same calls make the
 * same world.
 */
export function addTenant(
  world: World,
  spec: {
    displayName: string;
    domain: string;
    tenantId?: string;
    domains?: string[];
    countryCode?: string;
    policy?: Partial<SignInPolicy>;
  },
): Tenant {
  const tenant: Tenant = {
    tenantId: spec.tenantId ?? world.guid('tenant', spec.domain),
    displayName: spec.displayName,
    defaultDomain: spec.domain,
    domains: spec.domains ?? [spec.domain],
    countryCode: spec.countryCode ?? 'DE',
    policy: { mfaRequired: false, blocked: false, consentMissing: [], ...spec.policy },
  };
  world.tenants.set(key(tenant.tenantId), tenant);
  world.touch();
  return tenant;
}

/** Adds a person with an identity in one tenant; further tenants are added as a guest. */
export function addUser(
  world: World,
  spec: {
    tenant: Tenant;
    username: string;
    displayName?: string;
    password?: string;
    guestOf?: Tenant[];
    groups?: string[];
  },
): Account {
  const account: Account = {
    kind: 'user',
    username: spec.username,
    displayName: spec.displayName ?? spec.username.split('@')[0]!,
    homeTenantId: spec.tenant.tenantId,
    objectId: world.guid('user', spec.username),
    memberships: membershipsOf(world, spec.username, spec.guestOf ?? []),
    groups: spec.groups ?? [],
    ...(spec.password === undefined ? {} : { password: spec.password }),
  };
  world.accounts.set(key(account.objectId), account);
  world.touch();
  return account;
}

/** An application with a secret; `consentedIn` are the other tenants that have its service principal. */
export function addServicePrincipal(
  world: World,
  spec: {
    tenant: Tenant;
    name: string;
    appId?: string;
    secret?: string;
    certificates?: string[];
    consentedIn?: Tenant[];
    groups?: string[];
  },
): Account {
  const account: Account = {
    kind: 'servicePrincipal',
    username: spec.name,
    displayName: spec.name,
    homeTenantId: spec.tenant.tenantId,
    objectId: world.guid('service principal', spec.name, spec.tenant.tenantId),
    memberships: membershipsOf(world, spec.name, spec.consentedIn ?? []),
    groups: spec.groups ?? [],
    appId: spec.appId ?? world.guid('application', spec.name),
    secrets: [spec.secret ?? seededKey(world.seed, 'secret', spec.name).slice(0, 40).replace(/[+/]/g, '~')],
    ...(spec.certificates ? { certificates: spec.certificates } : {}),
  };
  world.accounts.set(key(account.objectId), account);
  world.touch();
  return account;
}

function membershipsOf(world: World, name: string, tenants: readonly Tenant[]): Account['memberships'] {
  return tenants.map(({ tenantId }) => ({ tenantId, objectId: world.guid('membership', name, tenantId) }));
}

/** Adds a subscription to a tenant. */
export function addSubscription(
  world: World,
  spec: {
    tenant: Tenant;
    displayName: string;
    subscriptionId?: string;
    state?: SubscriptionState;
    tags?: Record<string, string>;
    notRegistered?: string[];
    closedRegions?: string[];
  },
): Subscription {
  const subscription: Subscription = {
    subscriptionId: spec.subscriptionId ?? world.guid('subscription', spec.tenant.tenantId, spec.displayName),
    displayName: spec.displayName,
    tenantId: spec.tenant.tenantId,
    state: spec.state ?? 'Enabled',
    tags: spec.tags ?? {},
    providers: Object.fromEntries(
      (spec.notRegistered ?? []).map((namespace) => [key(namespace), 'NotRegistered'] as const),
    ),
    ...(spec.closedRegions ? { closedRegions: spec.closedRegions } : {}),
  };
  world.subscriptions.set(key(subscription.subscriptionId), subscription);
  world.touch();
  return subscription;
}

/** Adds a resource group to a subscription. */
export function addResourceGroup(
  world: World,
  spec: { subscription: Subscription; name: string; location: string; tags?: Record<string, string> },
): ResourceGroup {
  const group: ResourceGroup = {
    subscriptionId: spec.subscription.subscriptionId,
    name: spec.name,
    location: spec.location,
    tags: spec.tags ?? {},
  };
  world.resourceGroups.set(key(groupScope(group.subscriptionId, group.name)), group);
  world.touch();
  return group;
}

/** A workspace to add; what is left out takes the service's defaults. */
export interface WorkspaceSpec {
  readonly subscription: Subscription;
  /** Made with the workspace's region where it does not exist. */
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Record<string, string>;
  /** What differs from a new PerGB2018 workspace with 30 days and no cap. */
  readonly properties?: Partial<WorkspaceProperties>;
  readonly tables?: readonly TableSpec[];
  readonly savedSearches?: readonly ({ name: string } & SavedSearch['properties'])[];
  readonly solutions?: readonly string[];
  readonly ingestedTodayBytes?: number;
}

/** A table to add; what is left out takes the service's defaults. */
export interface TableSpec {
  readonly name: string;
  readonly plan?: TablePlan;
  readonly retentionInDays?: number;
  readonly totalRetentionInDays?: number;
  readonly columns?: readonly TableColumn[];
  readonly tableSubType?: WorkspaceTable['tableSubType'];
}

/** Adds a workspace with its tables, and its resource group where there is none. */
export function addWorkspace(world: World, spec: WorkspaceSpec): Workspace {
  const { subscriptionId } = spec.subscription;
  if (!world.resourceGroups.has(key(groupScope(subscriptionId, spec.resourceGroup)))) {
    addResourceGroup(world, { subscription: spec.subscription, name: spec.resourceGroup, location: spec.location });
  }
  const id = workspaceScope({ subscriptionId, resourceGroup: spec.resourceGroup, name: spec.name });
  const workspace: Workspace = {
    subscriptionId,
    resourceGroup: spec.resourceGroup,
    name: spec.name,
    location: spec.location,
    tags: spec.tags ?? {},
    etag: `"${world.guid('etag', id).slice(0, 8)}-0000-0000-0000-${world.guid('etag', id).slice(-12)}"`,
    properties: { ...newWorkspaceProperties(world, id), ...spec.properties },
    tables: new Map((spec.tables ?? []).map((table) => [key(table.name), newTable(table)])),
    savedSearches: new Map(
      (spec.savedSearches ?? []).map(({ name, ...properties }) => [
        key(name),
        { name, etag: `W/"${name}"`, properties },
      ]),
    ),
    linkedServices: new Map(),
    solutions: [...(spec.solutions ?? ['LogManagement'])],
    ingestedTodayBytes: spec.ingestedTodayBytes ?? 0,
    keys: {
      primary: seededKey(world.seed, 'primary', key(id)),
      secondary: seededKey(world.seed, 'secondary', key(id)),
    },
  };
  world.workspaces.set(key(id), workspace);
  world.touch();
  return workspace;
}

/** The properties of a workspace made now with nothing said. */
function newWorkspaceProperties(world: World, id: string): WorkspaceProperties {
  const now = world.clock.iso();
  const midnight = Math.ceil(world.clock.now() / 86_400_000) * 86_400_000;
  return {
    customerId: world.guid('workspace', key(id)),
    provisioningState: 'Succeeded',
    sku: { name: 'PerGB2018', lastSkuUpdate: now },
    retentionInDays: 30,
    workspaceCapping: {
      dailyQuotaGb: -1,
      quotaNextResetTime: world.clock.iso(midnight),
      dataIngestionStatus: 'RespectQuota',
    },
    createdDate: now,
    modifiedDate: now,
    publicNetworkAccessForIngestion: 'Enabled',
    publicNetworkAccessForQuery: 'Enabled',
    features: { legacy: 0, searchVersion: 1, enableLogAccessUsingOnlyResourcePermissions: true },
  };
}

/** A table of a spec: custom where its name ends in _CL. */
export function newTable(spec: TableSpec): WorkspaceTable {
  const custom = /_CL$/i.test(spec.name);
  return {
    name: spec.name,
    plan: spec.plan ?? 'Analytics',
    tableType: custom ? 'CustomLog' : 'Microsoft',
    tableSubType: spec.tableSubType ?? (custom ? 'DataCollectionRuleBased' : 'Any'),
    provisioningState: 'Succeeded',
    ...(spec.retentionInDays === undefined ? {} : { retentionInDays: spec.retentionInDays }),
    ...(spec.totalRetentionInDays === undefined ? {} : { totalRetentionInDays: spec.totalRetentionInDays }),
    ...(spec.columns ? { columns: spec.columns.map((column) => ({ ...column })) } : {}),
  };
}

/** Gives a principal (object id in the scope's tenant, or a group's) a built-in role at a scope. */
export function assignRole(
  world: World,
  spec: {
    scope: string;
    principalId: string;
    role: RoleName;
    principalType?: RoleAssignment['principalType'];
    /** Attributes it holds for only, as the service writes them. */
    condition?: string;
  },
): RoleAssignment {
  const assignment: RoleAssignment = {
    name: world.guid('role assignment', key(spec.scope), spec.principalId, spec.role),
    scope: spec.scope,
    principalId: spec.principalId,
    principalType: spec.principalType ?? 'User',
    roleId: ROLES[spec.role].id,
    createdOn: world.clock.iso(),
    ...(spec.condition === undefined ? {} : { condition: spec.condition }),
  };
  world.roleAssignments.push(assignment);
  world.touch();
  return assignment;
}

/**
 * Locks a scope (ARM id of a subscription, resource group or resource) now, against its deletion unless `level` says
 * otherwise; `by` is the person who did it, an application where nobody is named.
 */
export function addLock(
  world: World,
  spec: { scope: string; name?: string; level?: Lock['level']; notes?: string; by?: string },
): Lock {
  const at = world.clock.iso();
  const by = spec.by ?? world.guid('lock', key(spec.scope));
  const type = spec.by === undefined ? 'Application' : 'User';
  const lock: Lock = {
    name: spec.name ?? 'keep',
    scope: spec.scope,
    level: spec.level ?? 'CanNotDelete',
    ...(spec.notes === undefined ? {} : { notes: spec.notes }),
    systemData: {
      createdBy: by,
      createdByType: type,
      createdAt: at,
      lastModifiedBy: by,
      lastModifiedByType: type,
      lastModifiedAt: at,
    },
  };
  world.locks.push(lock);
  world.touch();
  return lock;
}

/** Delegates a subscription or resource group to a managing tenant through Azure Lighthouse. */
export function delegate(
  world: World,
  spec: {
    scope: string;
    to: Tenant;
    offerName?: string;
    authorizations: readonly { principalId: string; name?: string; role: RoleName }[];
    /** Roles that must be activated first: nothing is allowed by them until then. */
    eligible?: readonly { principalId: string; name?: string; role: RoleName }[];
  },
): Delegation {
  const offerName = spec.offerName ?? 'Managed logs';
  const delegation: Delegation = {
    assignmentName: world.guid('registration assignment', key(spec.scope), spec.to.tenantId, offerName),
    definitionName: world.guid('registration definition', key(spec.scope), spec.to.tenantId, offerName),
    scope: spec.scope,
    offerName,
    description: `${offerName} by ${spec.to.displayName}`,
    managedByTenantId: spec.to.tenantId,
    authorizations: spec.authorizations.map(({ principalId, name, role }) => ({
      principalId,
      ...(name ? { principalIdDisplayName: name } : {}),
      roleDefinitionId: ROLES[role].id,
    })),
    eligibleAuthorizations: (spec.eligible ?? []).map(({ principalId, name, role }) => ({
      principalId,
      ...(name ? { principalIdDisplayName: name } : {}),
      roleDefinitionId: ROLES[role].id,
      justInTimeAccessPolicy: { multiFactorAuthProvider: 'Azure', maximumActivationDuration: 'PT8H' },
    })),
  };
  world.delegations.push(delegation);
  world.touch();
  return delegation;
}

/**
 * Assigns a policy that refuses what it does not allow.
 *
 * @internal Only tests ask for it: the sample estate has none.
 */
export function addDenyPolicy(world: World, spec: Omit<DenyPolicy, 'kind'>): void {
  const id = `${spec.scope}/providers/Microsoft.Authorization/policyAssignments/${spec.name}`;
  world.governance.set(key(id), { kind: 'policy', ...spec });
  world.touch();
}
