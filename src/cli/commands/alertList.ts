import { AppError } from '../../base/errors.ts';
import { SEVERITIES } from '../../model/alert.ts';
import type { AlertUserState } from '../../model/firedAlert.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readScope } from '../scopeOption.ts';

/** `alert list`: what has fired at all customers in 30 days, the newest first; open ones unless `--all`. */
export async function listFired(values: Values, terminal: Terminal): Promise<number> {
  const scope = readScope(values, undefined);
  const azure = await openAzure(values, terminal);
  try {
    const { alerts, missing } = await azure.firedAlerts.list(scope, terminal.signal);
    const shown = values['all'] === true ? alerts : alerts.filter(({ state }) => state !== 'Closed');
    if (values['json'] === true) await terminal.write(`${toJson({ alerts: shown, missing })}\n`);
    else
      await printTable(
        terminal,
        'table',
        ['Customer', 'Severity', 'Alert', 'Condition', 'State', 'Fired', 'Target', 'Id'].map((name) => ({
          name,
          type: 'string',
        })),
        shown.map((alert) => [
          alert.customerName,
          `${alert.severity} ${SEVERITIES[alert.severity] ?? ''}`,
          alert.name,
          alert.condition,
          alert.state,
          alert.firedAt,
          alert.target.slice(alert.target.lastIndexOf('/') + 1),
          alert.guid,
        ]),
      );
    for (const { who, why } of missing) terminal.say(safeText(`${who}: ${why}`));
    return missing.length > 0 ? EXIT.partial : EXIT.complete;
  } finally {
    azure.dispose();
  }
}

/** `alert ack ID`, `alert close ID` and `alert reopen ID`. */
export async function changeFired(
  id: string | undefined,
  state: AlertUserState,
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (id === undefined) throw new AppError('input.usage', 'ID is missing: the one that "alert list" shows.');
  const azure = await openAzure(values, terminal);
  try {
    const alert = await azure.firedAlerts.change(id, state, textOf(values, 'comment'), terminal.signal);
    if (values['json'] === true) await terminal.write(`${toJson(alert)}\n`);
    terminal.say(safeText(`${alert.name} of ${alert.customerName} is ${state.toLowerCase()}.`));
    return EXIT.complete;
  } finally {
    azure.dispose();
  }
}
