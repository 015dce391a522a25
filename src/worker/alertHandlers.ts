import type { Handlers } from '../base/rpc.ts';
import type { FiredAlertsService } from '../core/alerts/firedAlerts.ts';
import type { AlertsContract } from '../protocol/alerts.ts';
import { placed } from './placedProblem.ts';

/** What has fired, at all customers. */
export function alertHandlers(live: () => { readonly firedAlerts: FiredAlertsService }): Handlers<AlertsContract> {
  return {
    'alerts.check': async ({ path, text }) => {
      const [{ readAlertFile }, { ruleProblems }] = await Promise.all([
        import('../kql/queryFiles/alertFile.ts'),
        import('../kql/alerts/ruleProblems.ts'),
      ]);
      const file = await readAlertFile(path, text);
      const asRule = ruleProblems(file).map(({ message, start }) => ({
        ...placed(text, `Not as a rule in each workspace, only evaluated for all of them: ${message}`, start),
        isNote: true as const,
      }));
      return [...file.problems.map(({ message, start }) => placed(text, message, start)), ...asRule];
    },
    'alerts.list': ({ scope }, signal) => live().firedAlerts.list(scope, signal),
    'alerts.change': ({ id, state, comment }, signal) => live().firedAlerts.change(id, state, comment, signal),
  };
}
