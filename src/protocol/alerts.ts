import type { AlertUserState, FiredAlerts, FiredAlertView } from '../model/firedAlert.ts';
import type { Scope } from '../model/scope.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** What has fired at customers, and what the person says of it. */
export type AlertsContract = {
  requests: {
    /**
     * What is wrong with an alert's file (its address, whose ending tells the form, and its text), at its places in
     * UTF-16 offsets; as notes what only a rule in each workspace cannot be. Nobody is asked anything.
     */
    'alerts.check': {
      input: { path: string; text: string };
      output: readonly { message: string; start: number; end: number; isNote?: true }[];
    };
    /** Of the last 30 days, newest first, with whose are missing. Rejects with `input.scope`. */
    'alerts.list': { input: { scope: Scope }; output: FiredAlerts };
    /** By GUID or ARM id; rejects with `input.alert` where nobody has it. */
    'alerts.change': { input: { id: string; state: AlertUserState; comment?: string }; output: FiredAlertView };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const ALERTS_DEADLINES: Deadlines<AlertsContract> = {
  'alerts.check': MINUTE,
  'alerts.list': 5 * MINUTE,
  'alerts.change': 5 * MINUTE,
};
