import type { CancelSignal } from '../base/cancel.ts';
import type { DiagnosticSetting } from '../model/assessment/facts.ts';
import type { BaselineCollectionRule, BaselineTable } from '../model/baseline.ts';
import type { TablePlan } from '../model/estate.ts';
import type { SubscriptionId } from '../model/ids.ts';
import type { ActionGroup, AlertRule } from './alerts.ts';
import type { Asked, ByTenant } from './assess.ts';
import type { Issuer } from './issuer.ts';

/** A table of a workspace as Resource Manager shows it, as far as plan and retention go. */
export interface TableState {
  readonly name: string;
  readonly plan: TablePlan;
  readonly retentionDays: number;
  /** The retention is the workspace's, and follows it. */
  readonly followsWorkspace: boolean;
  readonly totalRetentionDays: number;
  readonly totalFollows: boolean;
  /** ISO time; absent where its plan was never another. */
  readonly planChangedAt?: string;
  /** Made by the old agents' API. */
  readonly classic: boolean;
  /** In the service's words: `Succeeded` when it is whole. */
  readonly provisioningState: string;
}

/** A management lock; ARM id of what it locks, in lower case. */
export interface LockState {
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  readonly scope: string;
  readonly notes?: string;
}

/** What a data collection rule takes from machines with the Azure Monitor Agent, and where it sends that. */
export interface AgentRuleState {
  /** Lower case. */
  readonly armId: string;
  readonly region: string;
  readonly sources: Pick<BaselineCollectionRule, 'windowsEvents' | 'syslog' | 'performance'>;
  /** ARM ids, lower case, of where what it takes from agents goes. */
  readonly workspaces: readonly string[];
}

/** What an agent rule is to be; `sources` in place of those of the same kinds. */
export interface AgentRuleBody {
  readonly region: string;
  /** ARM id. */
  readonly workspace: string;
  readonly sources: AgentRuleState['sources'];
}

/** An alert rule or an action group. */
export interface AlertingState {
  /** Lower case. */
  readonly armId: string;
  readonly state: AlertRule | ActionGroup;
}

/** Switches and pricing tier of a workspace. */
export interface WorkspaceFeatures {
  readonly sku: string;
  readonly commitmentGb?: number;
  readonly resourcePermissions: boolean;
  readonly workspaceKeys: boolean;
  readonly publicIngestion: boolean;
  readonly publicQuery: boolean;
}

/** Who changed a resource last, as far as the activity log goes back: ISO time, a name or id, and what was done. */
export interface LastChange {
  readonly at: string;
  readonly by: string;
  readonly operation: string;
}

/** A resource of a type that was asked for. ARM id as it is written. */
export interface TypedResource {
  readonly id: string;
  /** Lower case. */
  readonly type: string;
  readonly name: string;
  readonly subscription: SubscriptionId;
}

/** Where the diagnostic settings of Microsoft Entra ID are: they belong to the tenant of the token. */
export const ENTRA_SCOPE = '/providers/microsoft.aadiam';

/**
 * What a baseline compares and changes beside workspaces and saved queries. Single reads give undefined where there is
 * nothing; what cannot be seen is a failure. Everything rejects with an AppError.
 */
export interface BaselinePort {
  /** All tables of a workspace (its ARM id), in one request. */
  tables(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<readonly TableState[]>;
  table(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<TableState | undefined>;
  /** What is absent stays. */
  changeTable(issuer: Issuer, armId: string, change: BaselineTable, signal?: CancelSignal): Promise<void>;

  features(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<WorkspaceFeatures | undefined>;
  /** What is absent stays. */
  changeFeatures(
    issuer: Issuer,
    workspace: string,
    change: Partial<WorkspaceFeatures>,
    signal?: CancelSignal,
  ): Promise<void>;

  /** Settings that send anything, of any resource or subscription (ARM id) or of `ENTRA_SCOPE`. */
  diagnostics(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<readonly DiagnosticSetting[]>;
  diagnostic(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<DiagnosticSetting | undefined>;
  /** Makes a setting, or adds these categories and this workspace to one that is there: its other places stay. */
  putDiagnostic(
    issuer: Issuer,
    armId: string,
    body: { readonly workspace: string; readonly categories: readonly string[] },
    signal?: CancelSignal,
  ): Promise<void>;
  deleteDiagnostic(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void>;

  lock(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<LockState | undefined>;
  putLock(
    issuer: Issuer,
    armId: string,
    body: Pick<LockState, 'level' | 'notes'>,
    signal?: CancelSignal,
  ): Promise<void>;
  deleteLock(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void>;

  /** Every data collection rule that a token sees, in one question to Resource Graph. */
  agentRules(issuer: Issuer, signal?: CancelSignal): Promise<Asked<ByTenant<AgentRuleState>>>;
  agentRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<AgentRuleState | undefined>;
  putAgentRule(issuer: Issuer, armId: string, body: AgentRuleBody, signal?: CancelSignal): Promise<void>;

  /** Every alert rule and action group that a token sees, in one question to Resource Graph. */
  alerting(issuer: Issuer, signal?: CancelSignal): Promise<Asked<ByTenant<AlertingState>>>;

  /** The rule (ARM id, lower case) of an association. */
  association(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<{ readonly rule: string } | undefined>;
  /** `rule` is the ARM id of the rule. */
  putAssociation(
    issuer: Issuer,
    armId: string,
    body: { readonly rule: string; readonly description?: string },
    signal?: CancelSignal,
  ): Promise<void>;
  deleteAssociation(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void>;

  /** Every resource of these types (lower case) that a token sees, in one question to Resource Graph. */
  resourcesOf(issuer: Issuer, types: readonly string[], signal?: CancelSignal): Promise<Asked<ByTenant<TypedResource>>>;

  /** The newest change of a resource that succeeded in these times (ISO); the activity log goes back 90 days. */
  lastChange(
    issuer: Issuer,
    armId: string,
    range: { readonly from: string; readonly to: string },
    signal?: CancelSignal,
  ): Promise<LastChange | undefined>;
}
