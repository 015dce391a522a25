import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import { sharedNotes } from '../../core/central/sharedNote.ts';
import type { RollupReport } from '../../core/rollup/rollupService.ts';
import type { TimeWindow } from '../../model/rollup.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure, openRollups } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';
import { codeOfReports, reasonsOf, sentenceOf, TOLD } from '../rollupReports.ts';
import { dryRun } from './rollupDryRun.ts';

/** `rollup run`: one roll-up, or all of the folder, one after the other. */
export async function runRollups(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  const backfill = backfillOf(values);
  const { found, unread } = await readRollups(values, terminal);
  const chosen = name === undefined ? found : [chooseRollup(found, name)];
  if (chosen.length === 0) throw new AppError('input.file', 'There is no roll-up to run. Nothing was sent.');
  const definitions = chosen.map(({ definition }) => definition);
  if (values['dry-run'] === true) return dryRun(definitions, values, terminal);
  const sinks = [...new Set(definitions.flatMap((definition) => definition.sinks))];
  const services: Services[] = [];
  const { rollups, close } = await openRollups(values, terminal, sinks, async () => {
    const azure = await openAzure(values, terminal);
    services.push(azure);
    return azure;
  });
  const reports: RollupReport[] = [];
  try {
    for (const { estate } of services) {
      const seen = await estate.load({ signal: terminal.signal });
      const notes = new Set(definitions.flatMap(({ scope }) => sharedNotes(scope, seen)));
      for (const note of notes) terminal.say(safeText(note));
    }
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

function backfillOf(values: Values): TimeWindow | undefined {
  const text = textOf(values, 'backfill');
  if (text === undefined) return undefined;
  const range = parseTimeRange(text);
  if (typeof range === 'string' || range.kind !== 'between')
    throw new AppError('input.usage', `--backfill is two times, 2026-01-01/2026-02-01, not "${text.slice(0, 60)}".`);
  return { from: Date.parse(range.from), to: Date.parse(range.to) };
}
