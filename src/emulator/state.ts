import type { LighthouseAuthorization, EligibleAuthorization } from './governance.ts';
import type { AlertingRecord } from './alerting.ts';
import type { ActivityEvent } from './activity.ts';
import type { EmulatedClock } from './clock.ts';
import type { CollectionAssociation, DataExport, SummaryRule } from './flows.ts';
import type { Governance } from './governance.ts';
import type { LogicApp } from './logicApps/workflow.ts';
import type { PartnerDirectory } from './msgraph/partnerDirectory.ts';
import type { QueryPack } from './queryPack.ts';
import type { Store } from './stores.ts';

/** A Microsoft Entra directory. */
export interface Tenant {
  readonly tenantId: string;
  displayName: string;
  defaultDomain: string;
  domains: string[];
  countryCode: string;
  policy: SignInPolicy;
}

/** What this tenant asks of those who sign in to it. */
export interface SignInPolicy {
  /**
   * Users need a sign-in with MFA made in this tenant's name: silent tokens answer AADSTS50076. Applications are not
   * asked.
   */
  mfaRequired: boolean;
  /** Conditional Access refuses everybody: AADSTS53003. */
  blocked: boolean;
  /** Nobody has consented to this audience here: AADSTS65001. Names of `AUDIENCES`. */
  consentMissing: string[];
  /** Users sign in again after so many hours: an older refresh token answers AADSTS70043. */
  signInFrequencyHours?: number;
}

/**
 * A principal as one tenant knows it: a guest, or an application's enterprise application, has another object id in
 * every tenant.
 */
export interface Membership {
  readonly tenantId: string;
  readonly objectId: string;
  /** A guest that was invited and has not accepted: it has an id there, and cannot enter. */
  pending?: true;
}

/** A user, or an application with its service principals. */
export interface Account {
  readonly kind: 'user' | 'servicePrincipal';
  /** User principal name, or the application's display name. */
  readonly username: string;
  displayName: string;
  readonly homeTenantId: string;
  /** Object id in the home tenant: `memberships` says the others'. */
  readonly objectId: string;
  /** Other tenants this account is a guest of, or is consented in. */
  memberships: Membership[];
  /** Object ids of the security groups it is in, in its home tenant; Lighthouse authorizations usually name these. */
  groups: string[];
  /** Users: for the resource-owner grant and the sign-in page. None means any password does. */
  password?: string;
  /** Applications: client id, secrets and PEM certificates. */
  appId?: string;
  secrets?: string[];
  certificates?: string[];
}

/** States of a subscription as Resource Manager names them. */
export type SubscriptionState = 'Enabled' | 'Warned' | 'PastDue' | 'Disabled' | 'Deleted';

/** A subscription and the tenant that owns it. */
export interface Subscription {
  readonly subscriptionId: string;
  displayName: string;
  readonly tenantId: string;
  state: SubscriptionState;
  tags: Record<string, string>;
  /** Namespace in lower case -> registered or not; what is not named is registered. */
  providers: Record<string, 'Registered' | 'NotRegistered' | 'Registering' | 'Unregistered'>;
  /** Names of regions where this subscription gets no workspaces, though Azure has the region. */
  closedRegions?: string[];
}

/** A resource group. */
export interface ResourceGroup {
  readonly subscriptionId: string;
  readonly name: string;
  readonly location: string;
  tags: Record<string, string>;
  managedBy?: string;
}

/** Any other resource: what Resource Graph lists and resource-centric queries may be asked about. */
export interface OtherResource {
  readonly id: string;
  readonly name: string;
  /** Lower case, e.g. `microsoft.compute/virtualmachines`. */
  readonly type: string;
  readonly location: string;
  readonly kind?: string;
  tags: Record<string, string>;
  properties: Record<string, unknown>;
}

/** Who has which role where. */
export interface RoleAssignment {
  /** GUID: the assignment's name. */
  readonly name: string;
  /** ARM id of a subscription, resource group or resource; `/` for the root. */
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal';
  /** GUID of a role of `ROLES`. */
  readonly roleId: string;
  readonly createdOn: string;
  /** Attributes it holds for (ABAC), in version 2.0 of that language; absent for everything of its scope. */
  readonly condition?: string;
}

/** An Azure Lighthouse offer as it is accepted at one scope: definition and assignment in one. */
export interface Delegation {
  readonly assignmentName: string;
  readonly definitionName: string;
  /** ARM id of the delegated subscription or resource group. */
  readonly scope: string;
  readonly offerName: string;
  readonly description: string;
  readonly managedByTenantId: string;
  authorizations: LighthouseAuthorization[];
  eligibleAuthorizations: EligibleAuthorization[];
}

/** Pricing tiers of a workspace. */
export type WorkspaceSku =
  | 'Free'
  | 'Standard'
  | 'Premium'
  | 'PerNode'
  | 'PerGB2018'
  | 'Standalone'
  | 'CapacityReservation'
  | 'LACluster';

/** What a workspace's daily cap does to what comes in. */
export type IngestionStatus =
  | 'RespectQuota'
  | 'ForceOn'
  | 'ForceOff'
  | 'OverQuota'
  | 'SubscriptionSuspended'
  | 'ApproachingQuota';

/** `properties` of a workspace as ARM writes them (api-version 2025-07-01). */
export interface WorkspaceProperties {
  /** GUID; the portal's "workspace ID", the query API's key. */
  customerId: string;
  provisioningState: 'Creating' | 'Succeeded' | 'Failed' | 'Canceled' | 'Deleting' | 'ProvisioningAccount' | 'Updating';
  sku: { name: WorkspaceSku; capacityReservationLevel?: number; lastSkuUpdate: string };
  retentionInDays: number;
  /** dailyQuotaGb -1 = no cap. */
  workspaceCapping: { dailyQuotaGb: number; quotaNextResetTime: string; dataIngestionStatus: IngestionStatus };
  createdDate: string;
  modifiedDate: string;
  publicNetworkAccessForIngestion: 'Enabled' | 'Disabled' | 'SecuredByPerimeter';
  publicNetworkAccessForQuery: 'Enabled' | 'Disabled' | 'SecuredByPerimeter';
  forceCmkForQuery?: boolean;
  privateLinkScopedResources?: { resourceId: string; scopeId: string }[];
  features: {
    legacy?: number;
    searchVersion?: number;
    enableLogAccessUsingOnlyResourcePermissions?: boolean;
    enableDataExport?: boolean;
    immediatePurgeDataOn30Days?: boolean;
    clusterResourceId?: string;
    disableLocalAuth?: boolean;
    unifiedSentinelBillingOnly?: boolean;
    associations?: string[];
    /** `DataActionsOnly`: roles of the control plane read no rows any more. */
    dataAuthorizationMode?: 'DataActionsOnly';
  };
  defaultDataCollectionRuleResourceId?: string;
}

/** A column as the tables API describes it. */
export interface TableColumn {
  name: string;
  type: string;
  displayName?: string;
  description?: string;
  isDefaultDisplay?: boolean;
  isHidden?: boolean;
}

/** What is the same for a table in every workspace: kept once in `World.standardTables`. */
export interface StandardTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly solutions?: readonly string[];
  readonly description?: string;
}

/** Plans of a table. */
export type TablePlan = 'Analytics' | 'Basic' | 'Auxiliary';

/** A table of a workspace as ARM's tables list knows it. A retention that is left out follows the workspace's. */
export interface WorkspaceTable {
  readonly name: string;
  plan: TablePlan;
  lastPlanModifiedDate?: string;
  /** `Protected`: who has no role made for it gets no rows, and no error. */
  protectionLevel?: 'Protected';
  retentionInDays?: number;
  totalRetentionInDays?: number;
  tableType: 'Microsoft' | 'CustomLog' | 'RestoredLogs' | 'SearchResults';
  tableSubType: 'Any' | 'Classic' | 'DataCollectionRuleBased';
  provisioningState: 'Updating' | 'InProgress' | 'Succeeded' | 'Deleting';
  displayName?: string;
  description?: string;
  solutions?: string[];
  /** Custom columns; a Microsoft table's own ones come from `World.standardTables`. */
  columns?: TableColumn[];
  /** Who made it and when: the service tells it of tables that a job made. */
  systemData?: SystemData;
  /** Of a search job's table. */
  searchResults?: {
    readonly query: string;
    readonly description: string;
    readonly limit?: number;
    readonly startSearchTime: string;
    readonly endSearchTime: string;
    readonly sourceTable: string;
    readonly azureAsyncOperationId: string;
  };
  /** Of a search job's table: per cent, rows, GB. */
  resultStatistics?: { progress: number; ingestedRecords: number; scannedGb: number };
  /** Of a table of restored logs. */
  restoredLogs?: {
    readonly startRestoreTime: string;
    readonly endRestoreTime: string;
    readonly sourceTable: string;
    readonly azureAsyncOperationId: string;
  };
}

/** A saved search; with `functionAlias` it is a function that queries may call. */
export interface SavedSearch {
  readonly name: string;
  etag: string;
  properties: {
    category: string;
    displayName: string;
    query: string;
    functionAlias?: string;
    functionParameters?: string;
    version?: number;
    tags?: { name: string; value: string }[];
  };
}

/**
 * A service linked to a workspace: an automation account, whose link goes with the workspace, or a dedicated cluster,
 * whose link outlives it. Neither refuses the deletion.
 */
export interface LinkedService {
  readonly name: string;
  properties: { resourceId?: string; writeAccessResourceId?: string; provisioningState: string };
  tags: Record<string, string>;
}

/** A diagnostic setting of any resource, as Microsoft.Insights lists it. */
export interface DiagnosticSetting {
  readonly name: string;
  readonly resourceId: string;
  properties: Record<string, unknown>;
}

/** A management lock: it holds for its scope and everything beneath, whoever calls. */
export interface Lock {
  readonly name: string;
  /** ARM id of the locked subscription, resource group or resource, as the request that set it wrote it. */
  readonly scope: string;
  level: 'CanNotDelete' | 'ReadOnly' | 'NotSpecified';
  notes?: string;
  owners?: { applicationId: string }[];
  systemData: SystemData;
}

/** Who made a resource and who changed it last; the tables API writes null for what it does not know. */
export interface SystemData {
  createdBy: string;
  createdByType: 'User' | 'Application' | null;
  createdAt: string;
  lastModifiedBy: string | null;
  lastModifiedByType: 'User' | 'Application' | null;
  lastModifiedAt: string | null;
}

/** A workspace as Resource Manager and the query service know it. */
export interface Workspace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  tags: Record<string, string>;
  etag: string;
  identity?: { type: string; principalId?: string; tenantId?: string };
  properties: WorkspaceProperties;
  /** Keyed by lower-case table name. */
  tables: Map<string, WorkspaceTable>;
  savedSearches: Map<string, SavedSearch>;
  linkedServices: Map<string, LinkedService>;
  /** By lower-case name; absent where there never was one. */
  dataExports?: Map<string, DataExport>;
  summaryRules?: Map<string, SummaryRule>;
  keys: { primary: string; secondary: string };
  /** Management packs that are switched on, e.g. `SecurityInsights` for Sentinel. */
  solutions: string[];
  /** Bytes ingested in the current cap period, for the usages list. */
  ingestedTodayBytes: number;
  /** ISO time of soft deletion; only on what is in `World.deletedWorkspaces`. */
  deletedAt?: string;
}

/** A deployment that ran, at a resource group or a subscription. */
export interface DeploymentRecord {
  readonly id: string;
  readonly name: string;
  readonly location?: string;
  properties: Record<string, unknown>;
  operations: Record<string, unknown>[];
}

/**
 * The emulated world: plain data in maps (keys are lower-case ids), a clock and a seed. Workspace log rows are not
 * here: the logs part finds them by `customerId`. Whoever changes anything calls `touch()`: indexes, caches and the
 * snapshot on disk follow it.
 */
export interface World {
  readonly seed: number;
  readonly clock: EmulatedClock;
  /** By tenant id. */
  readonly tenants: Map<string, Tenant>;
  /** By home object id. */
  readonly accounts: Map<string, Account>;
  /** By subscription id. */
  readonly subscriptions: Map<string, Subscription>;
  /** By ARM id. */
  readonly resourceGroups: Map<string, ResourceGroup>;
  readonly workspaces: Map<string, Workspace>;
  readonly deletedWorkspaces: Map<string, Workspace>;
  readonly resources: Map<string, OtherResource>;
  readonly deployments: Map<string, DeploymentRecord>;
  readonly queryPacks: Map<string, QueryPack>;
  readonly stores: Map<string, Store>;
  readonly logicApps: Map<string, LogicApp>;
  readonly governance: Map<string, Governance>;
  readonly alerting: Map<string, AlertingRecord>;
  readonly partners: Map<string, PartnerDirectory>;
  /** By lower-case table name. */
  readonly standardTables: Map<string, StandardTable>;
  readonly roleAssignments: RoleAssignment[];
  readonly delegations: Delegation[];
  readonly diagnosticSettings: DiagnosticSetting[];
  readonly collectionAssociations: CollectionAssociation[];
  readonly locks: Lock[];
  readonly activityLog: ActivityEvent[];
  /** Grows with every change. */
  readonly version: number;
  /** Says that the data changed. */
  touch(): void;
  /** Calls back after every change; returns the way to stop. */
  onChange(listener: () => void): () => void;
  /** The same GUID for the same seed and words, always. */
  guid(...words: (string | number)[]): string;
}
