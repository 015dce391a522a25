import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { RollupReport } from '../../core/rollup/rollupService.ts';
import type { RollupDefinition, TimeWindow } from '../../model/rollup.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure, openDryRollups, openRollups } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';
import { codeOfReports, reasonsOf, sentenceOf } from '../rollupReports.ts';

/** Lines of reasons that are told of one roll-up. */
const TOLD = 20;

/** `rollup run`: one roll-up, or all of the folder, one after the other. */
export async function runRollups(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  const backfill = backfillOf(values);
  const { found, unread } = await readRollups(values, terminal);
  const chosen = name === undefined ? found : [chooseRollup(found, name)];
  if (chosen.length === 0) throw new AppError('input.file', 'There is no roll-up to run. Nothing was sent.');
  const definitions = chosen.map(({ definition }) => definition);
  if (values['dry-run'] === true) return dryRun(definitions, values, terminal);
  const sinks = [...new Set(definitions.flatMap((definition) => definition.sinks))];
  const { rollups, close } = await openRollups(values, terminal, sinks, () => openAzure(values, terminal));
  const reports: RollupReport[] = [];
  try {
    for (const definition of definitions) {
      const told = (done: number, total: number): void => {
        const text = `${definition.name}: ${done} of ${counted(total, 'workspace')}`;
        if (terminal.errorIsScreen) terminal.status(safeText(text));
        else if (values['progress'] === true) terminal.say(safeText(text));
      };
      const report = await rollups.run(definition, {
        ...(values['due'] === true ? { onlyDue: true } : {}),
        ...(backfill ? { backfill } : {}),
        signal: terminal.signal,
        settled: told,
      });
      reports.push(report);
      terminal.status('');
      if (values['json'] !== true) await terminal.write(`${safeText(sentenceOf(report))}\n`);
      const reasons = reasonsOf(report);
      for (const reason of reasons.slice(0, TOLD)) terminal.say(safeText(`  ${reason}`));
      if (reasons.length > TOLD) terminal.say(`  and ${reasons.length - TOLD} more`);
    }
  } finally {
    terminal.status('');
    await close();
  }
  if (values['json'] === true) await terminal.write(`${toJson(reports)}\n`);
  const code = codeOfReports(reports);
  return code === EXIT.complete && unread > 0 && name === undefined ? EXIT.partial : code;
}

/** What roll-ups would bring: the last window of each workspace, read and stored nowhere. */
export async function dryRun(
  definitions: readonly RollupDefinition[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  const azure = await openAzure(values, terminal);
  try {
    const reports: RollupReport[] = [];
    for (const definition of definitions) {
      const { since: _all, ...last } = definition;
      const rollups = await openDryRollups(azure, definition.sinks.slice(0, 1));
      const report = await rollups.run({ ...last, sinks: definition.sinks.slice(0, 1) }, { signal: terminal.signal });
      reports.push(report);
      if (values['json'] !== true) {
        if (report.error) terminal.say(safeText(sentenceOf(report)));
        else await printEstimate(definition, report, terminal);
      }
      for (const reason of reasonsOf(report).slice(0, TOLD)) terminal.say(safeText(`  ${reason}`));
    }
    if (values['json'] === true) await terminal.write(`${toJson(reports)}\n`);
    return codeOfReports(reports);
  } finally {
    azure.dispose();
  }
}

async function printEstimate(
  { name, windowMinutes }: RollupDefinition,
  { workspaces }: RollupReport,
  terminal: Terminal,
): Promise<void> {
  const windows = 1440 / windowMinutes;
  const customers = new Map<string, { rows: number; bytes: number }>();
  for (const { customer, rows, bytes } of workspaces) {
    const sum = customers.get(customer) ?? { rows: 0, bytes: 0 };
    customers.set(customer, { rows: sum.rows + rows, bytes: sum.bytes + bytes });
  }
  await terminal.write(`${safeText(name)}: the last window of ${windowMinutes} minutes, and a day of such windows\n`);
  await printTable(
    terminal,
    'table',
    [
      { name: 'Customer', type: 'string' },
      { name: 'Rows', type: 'long' },
      { name: 'Bytes', type: 'long' },
      { name: 'Rows a day', type: 'long' },
      { name: 'Bytes a day', type: 'long' },
    ],
    [...customers].map(([customer, { rows, bytes }]) => [customer, rows, bytes, rows * windows, bytes * windows]),
  );
}

function backfillOf(values: Values): TimeWindow | undefined {
  const text = textOf(values, 'backfill');
  if (text === undefined) return undefined;
  const range = parseTimeRange(text);
  if (typeof range === 'string' || range.kind !== 'between')
    throw new AppError('input.usage', `--backfill is two times, 2026-01-01/2026-02-01, not "${text.slice(0, 60)}".`);
  return { from: Date.parse(range.from), to: Date.parse(range.to) };
}
