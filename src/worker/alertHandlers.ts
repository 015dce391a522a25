import type { Handlers } from '../base/rpc.ts';
import type { FiredAlertsService } from '../core/alerts/firedAlerts.ts';
import type { AlertsContract } from '../protocol/alerts.ts';

/** What has fired, at all customers. */
export function alertHandlers(live: () => { readonly firedAlerts: FiredAlertsService }): Handlers<AlertsContract> {
  return {
    'alerts.list': ({ scope }, signal) => live().firedAlerts.list(scope, signal),
    'alerts.change': ({ id, state, comment }, signal) => live().firedAlerts.change(id, state, comment, signal),
  };
}
