import type { AlertUserState, FiredAlerts, FiredAlertView } from '../model/firedAlert.ts';
import type { Scope } from '../model/scope.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** What has fired at customers, and what the person says of it. */
export type AlertsContract = {
  requests: {
    /** Of the last 30 days, newest first, with whose are missing. Rejects with `input.scope`. */
    'alerts.list': { input: { scope: Scope }; output: FiredAlerts };
    /** By GUID or ARM id; rejects with `input.alert` where nobody has it. */
    'alerts.change': { input: { id: string; state: AlertUserState; comment?: string }; output: FiredAlertView };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const ALERTS_DEADLINES: Deadlines<AlertsContract> = {
  'alerts.list': 5 * MINUTE,
  'alerts.change': 5 * MINUTE,
};
