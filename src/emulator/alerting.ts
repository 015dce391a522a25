import type { TokenClaims } from './identity/bearer.ts';
import type { Role } from './roles.ts';

/** `properties` of a scheduled query rule as it was put (Microsoft.Insights 2025-01-01-preview). */
export interface RuleProperties {
  displayName?: string;
  description?: string;
  severity?: number;
  enabled?: boolean;
  evaluationFrequency?: string;
  windowSize?: string;
  overrideQueryTimeRange?: string;
  scopes?: string[];
  criteria?: { allOf?: RuleCondition[] };
  muteActionsDuration?: string;
  autoMitigate?: boolean;
  actions?: { actionGroups?: string[]; customProperties?: Record<string, string> };
  skipQueryValidation?: boolean;
  [other: string]: unknown;
}

/** One condition of a rule. */
export interface RuleCondition {
  readonly criterionType?: string;
  readonly query?: string;
  readonly timeAggregation?: string;
  readonly metricMeasureColumn?: string;
  readonly resourceIdColumn?: string;
  readonly dimensions?: readonly {
    readonly name: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
  readonly operator?: string;
  readonly threshold?: number;
  readonly failingPeriods?: {
    readonly numberOfEvaluationPeriods?: number;
    readonly minFailingPeriodsToAlert?: number;
  };
}

/** A scheduled query rule, with whose rights it asks and what it remembers of each combination of dimensions. */
export interface ScheduledQueryRule {
  readonly kind: 'rule';
  readonly id: string;
  readonly name: string;
  readonly location: string;
  ruleKind?: string;
  tags: Record<string, string>;
  identity?: { type: string; principalId?: string; tenantId?: string };
  properties: RuleProperties;
  etag: string;
  /** The rights of its last editor, as they were at that moment. */
  readonly editor: {
    readonly claims: TokenClaims;
    readonly grants: readonly { readonly scope: string; readonly role: Role }[];
  };
  /** ms of the last evaluation. */
  evaluated: number;
  /** Alerts that are fired, by dimensions, and how many evaluations in a row were not met since. */
  readonly open: Map<string, { readonly alert: string; quiet: number }>;
  mutedUntil?: number;
}

/** An action group. */
export interface ActionGroup {
  readonly kind: 'group';
  readonly id: string;
  readonly name: string;
  tags: Record<string, string>;
  properties: {
    groupShortName?: string;
    enabled?: boolean;
    webhookReceivers?: WebhookReceiver[];
    [other: string]: unknown;
  };
}

/** A receiver of an action group that is an address. */
export interface WebhookReceiver {
  readonly name: string;
  readonly serviceUri: string;
  readonly useCommonAlertSchema?: boolean;
}

/** An alert that fired; `essentials` as Microsoft.AlertsManagement writes them. */
export interface FiredAlert {
  readonly kind: 'alert';
  readonly id: string;
  readonly guid: string;
  readonly name: string;
  readonly essentials: Record<string, unknown> & {
    alertState: 'New' | 'Acknowledged' | 'Closed';
    monitorCondition: 'Fired' | 'Resolved';
    severity: string;
    startDateTime: string;
    lastModifiedDateTime: string;
  };
  readonly context: object;
  readonly customProperties: Record<string, string>;
  readonly history: { readonly event: string; readonly at: string; readonly by: string; readonly comment?: string }[];
}

/** A test of an action group. */
export interface TestNotification {
  readonly kind: 'notification';
  readonly id: string;
  readonly createdTime: string;
  readonly contextType: string;
  completedTime?: string;
  readonly actionDetails: {
    readonly MechanismType: string;
    readonly Name: string;
    readonly Status: string;
    readonly SubState: string;
    readonly SendTime: string;
    readonly Detail: string | null;
  }[];
}

/** Everything of Azure Monitor alerts, by ARM id in lower case. */
export type AlertingRecord = ScheduledQueryRule | ActionGroup | FiredAlert | TestNotification;
