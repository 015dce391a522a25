import type { CancelSignal } from '../base/cancel.ts';
import type { SecretText } from '../base/secretText.ts';
import type { AlertUserState } from '../model/firedAlert.ts';
import type { Issuer } from './issuer.ts';

/** One condition of a rule, as Azure Monitor writes it (Microsoft.Insights 2025-01-01-preview). */
export interface RuleCriterion {
  readonly criterionType: 'StaticThresholdCriterion';
  readonly query: string;
  readonly timeAggregation: string;
  readonly metricMeasureColumn?: string;
  readonly dimensions: readonly {
    readonly name: string;
    readonly operator: 'Include' | 'Exclude';
    readonly values: readonly string[];
  }[];
  readonly operator: string;
  readonly threshold: number;
  readonly failingPeriods: { readonly numberOfEvaluationPeriods: number; readonly minFailingPeriodsToAlert: number };
}

/** `properties` of a scheduled query rule, as far as we say something about them. Durations are ISO 8601. */
export interface RuleProperties {
  readonly displayName: string;
  readonly description: string;
  readonly severity: number;
  readonly enabled: boolean;
  readonly evaluationFrequency: string;
  readonly windowSize: string;
  readonly overrideQueryTimeRange?: string;
  /** One resource id: a rule has no more. */
  readonly scopes: readonly [string];
  readonly criteria: { readonly allOf: readonly [RuleCriterion] };
  readonly autoMitigate: boolean;
  readonly actions: {
    readonly actionGroups: readonly string[];
    readonly customProperties: Readonly<Record<string, string>>;
  };
}

/** A scheduled query rule of kind LogAlert. */
export interface AlertRule {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** It evaluates with an identity of its own. */
  readonly identity: boolean;
  readonly properties: RuleProperties;
}

/** An address that an action group calls, with the common alert schema. */
export interface WebhookReceiver {
  readonly name: string;
  /** Whoever knows it may call it. */
  readonly serviceUri: SecretText;
}

/** An action group, as far as we say something about it; other receivers of it stay. */
export interface ActionGroup {
  readonly groupShortName: string;
  readonly enabled: boolean;
  readonly webhookReceivers: readonly WebhookReceiver[];
}

/** What became of a test at one receiver. */
export interface NotificationOutcome {
  readonly receiver: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Alerts of Azure Monitor. Everything rejects with an AppError. */
export interface AlertsPort {
  /** Undefined where there is none; one that cannot be seen is a failure. */
  rule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<AlertRule | undefined>;
  /** Makes or changes a rule: what we say nothing about stays as it is. Rejects with what the service refuses. */
  putRule(issuer: Issuer, armId: string, rule: AlertRule, signal?: CancelSignal): Promise<void>;
  actionGroup(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<ActionGroup | undefined>;
  /** Makes or changes an action group: receivers of other kinds stay. */
  putActionGroup(issuer: Issuer, armId: string, group: ActionGroup, signal?: CancelSignal): Promise<void>;
  /** Has the service send a made-up alert to webhooks of an action group, and waits for what became of each. */
  testActionGroup(
    issuer: Issuer,
    armId: string,
    receivers: readonly WebhookReceiver[],
    signal?: CancelSignal,
  ): Promise<readonly NotificationOutcome[]>;
  /** Says what a person thinks of a fired alert, by its ARM id. */
  changeState(
    issuer: Issuer,
    alertId: string,
    state: AlertUserState,
    comment: string | undefined,
    signal?: CancelSignal,
  ): Promise<void>;
}
