import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { AlertReport } from '../../core/alerts/central/alertReport.ts';
import type { CentralAlerts } from '../../core/alerts/central/centralAlerts.ts';
import type { MissedWindows } from '../../core/alerts/central/windows.ts';
import { alertFolder, chooseAlert, readAlerts } from '../alertFiles.ts';
import type { FoundAlert } from '../alertFiles.ts';
import { AlertOut } from '../alertOut.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure, openCentralAlerts } from '../compose.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { lakeOf } from '../rollupFiles.ts';

/** `alert evaluate [NAME]`: one alert, or all of the folder, over all their customers; what came of each is told. */
export async function evaluateAlerts(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  const { found, unread } = await readAlerts(values, terminal);
  const chosen = name === undefined ? found : [chooseAlert(found, name)];
  if (chosen.length === 0) throw new AppError('input.file', 'There is no alert to evaluate. Nothing was sent.');
  const printing = chosen.find(({ definition }) =>
    definition.deliveries.some((one) => one.kind === 'jsonLines' && one.file === '-'),
  );
  if (values['json'] === true && printing)
    throw new AppError(
      'input.usage',
      `${printing.definition.name} delivers lines to standard output, where --json writes its document. Leave --json out.`,
    );
  return withCentral(values, terminal, async (alerts) => {
    await approveHost(alerts, chosen, values, terminal);
    const reports: AlertReport[] = [];
    for (const { definition } of chosen) {
      const report = await alerts.evaluate(definition, {
        ...(values['due'] === true ? { onlyDue: true } : {}),
        signal: terminal.signal,
      });
      reports.push(report);
      tell(report, terminal);
    }
    if (values['json'] === true) await terminal.write(`${toJson(reports)}\n`);
    const codes = reports.map(codeOf);
    const [first = EXIT.complete] = codes;
    const code = codes.every((one) => one === first) ? first : EXIT.partial;
    return code === EXIT.complete && unread > 0 && name === undefined ? EXIT.partial : code;
  });
}

/** `alert test NAME`: a made-up alert to every delivery of it, and to those of its action groups. */
export async function testAlert(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  const alert = chooseAlert((await readAlerts(values, terminal)).found, name);
  if (values['rules'] === true) return testRules(alert, values, terminal);
  return withCentral(values, terminal, async (alerts) => {
    await approveHost(alerts, [alert], values, terminal);
    const tests = await alerts.test(alert.definition, terminal.signal);
    if (values['json'] === true) await terminal.write(`${toJson(tests)}\n`);
    for (const { delivery, customer, failure } of tests)
      terminal.say(
        safeText(
          `${delivery}${customer === undefined ? '' : ` for ${customer}`}: ${failure ?? 'delivered, as a test'}`,
        ),
      );
    if (tests.length === 0) terminal.say('It has no delivery.');
    return tests.some(({ failure }) => failure !== undefined) ? EXIT.partial : EXIT.complete;
  });
}

async function testRules({ definition }: FoundAlert, values: Values, terminal: Terminal): Promise<number> {
  const azure = await openAzure(values, terminal);
  try {
    const tests = await azure.alertRules.test(definition, terminal.signal);
    if (values['json'] === true) await terminal.write(`${toJson(tests)}\n`);
    for (const { group, outcomes, error } of tests) {
      if (error) terminal.say(safeText(`${group}: ${error.message}`));
      for (const { receiver, ok, detail } of outcomes)
        terminal.say(safeText(`${group}: ${receiver} ${ok ? 'was called' : `failed: ${detail}`}`));
    }
    if (tests.length === 0) terminal.say('It has no action group to test: no delivery of it is a webhook.');
    const failed = tests.some(({ error, outcomes }) => error !== undefined || outcomes.some(({ ok }) => !ok));
    return failed ? EXIT.partial : EXIT.complete;
  } finally {
    azure.dispose();
  }
}

async function approveHost(
  alerts: CentralAlerts,
  chosen: readonly FoundAlert[],
  values: Values,
  terminal: Terminal,
): Promise<void> {
  const host = textOf(values, 'approve');
  if (host === undefined) return;
  const definitions = chosen.map(({ definition }) => definition);
  for (const address of await alerts.approve(definitions, host, terminal.signal))
    terminal.say(safeText(`approved: ${address}`));
}

async function withCentral(
  values: Values,
  terminal: Terminal,
  act: (alerts: CentralAlerts) => Promise<number>,
): Promise<number> {
  const lake = lakeOf(values, 'where what has fired is remembered');
  const azure = await openAzure(values, terminal);
  try {
    const files = new AlertOut({ folder: textOf(values, 'out'), templates: alertFolder(values), terminal });
    const { alerts, close } = await openCentralAlerts(azure, { lake, files });
    try {
      return await act(alerts);
    } finally {
      await close();
    }
  } finally {
    azure.dispose();
  }
}

function tell(report: AlertReport, terminal: Terminal): void {
  const { alert, error, evaluatedTo, windows, missed, completeness, complete } = report;
  const { fired, resolved, open, unknown, notes, delivered } = report;
  const say = (text: string): void => {
    terminal.say(safeText(text));
  };
  if (error) say(`${alert}: ${error.message} Nothing was decided${windows > 0 ? ' from there on' : ''}.`);
  if (error && windows === 0) return;
  const seen = windows > 1 ? `${counted(windows, 'window')}, ` : '';
  say(
    evaluatedTo === undefined
      ? `${alert}: ${missed.length > 0 ? 'nothing was evaluated' : 'not due'}, ${open} open`
      : `${alert}: ${seen}${fired.length} fired, ${resolved.length} resolved, ${open} open`,
  );
  for (const one of fired) say(`  fired: ${one}`);
  for (const one of resolved) say(`  resolved: ${one}`);
  if (!complete && completeness !== undefined) say(`  ${completeness}`);
  for (const one of missed) say(`  ${missedText(one)}`);
  for (const one of unknown) say(`  left open, since rows are missing: ${one}`);
  for (const note of notes) say(`  ${note}`);
  if (delivered.sent > 0) say(`  ${counted(delivered.sent, 'delivery', 'deliveries')} made`);
  for (const { to, reason } of delivered.waiting) say(`  not delivered to ${to}: ${reason}`);
  for (const host of delivered.unapproved)
    say(`  ${host} was never approved: look at the address in the file, then give --approve ${host} once`);
}

function missedText({ windows, first, last, why, later }: MissedWindows): string {
  const range = first === last ? `that ended at ${last}` : `that ended from ${first} to ${last}`;
  return `${counted(windows, 'window')} ${range} not evaluated${later ? ' yet' : ''}: ${why}`;
}

function codeOf({ error, complete, delivered }: AlertReport): number {
  if (error) return exitCodeOf(error);
  return complete && delivered.waiting.length === 0 ? EXIT.complete : EXIT.partial;
}
