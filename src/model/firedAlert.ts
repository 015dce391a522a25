import type { CustomerKey, SubscriptionId, TenantId } from './ids.ts';

/** What a person has said of an alert. */
export const ALERT_USER_STATES = ['New', 'Acknowledged', 'Closed'] as const;
/** One of them. */
export type AlertUserState = (typeof ALERT_USER_STATES)[number];

/** An alert of Azure Monitor that fired, and whose it is. Times are ISO texts. */
export interface FiredAlertView {
  /** ARM id. */
  readonly id: string;
  /** The GUID at its end: what people name it by. */
  readonly guid: string;
  readonly name: string;
  readonly description: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  /** 0 critical to 4 verbose. */
  readonly severity: number;
  readonly state: AlertUserState;
  /** Whether its condition still holds. */
  readonly condition: 'Fired' | 'Resolved';
  /** e.g. `Log Alerts V2`, `Platform`. */
  readonly service: string;
  /** ARM id of the rule, or whatever the service calls it. */
  readonly rule: string;
  /** ARM id of what it is about. */
  readonly target: string;
  /** The KQL of its condition, where the alert tells it. */
  readonly query?: string;
  readonly firedAt: string;
  readonly changedAt: string;
}

/** The fired alerts of a scope, the newest first, and whose are missing. */
export interface FiredAlerts {
  readonly alerts: readonly FiredAlertView[];
  readonly missing: readonly { readonly who: string; readonly why: string }[];
}
