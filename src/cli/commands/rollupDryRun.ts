import { estimateOf, ESTIMATE_RESTS_ON, SEARCH_NOTE } from '../../core/rollup/estimate.ts';
import type { CustomerEstimate } from '../../core/rollup/estimate.ts';
import { diffTexts } from '../../core/rollup/outputDiff.ts';
import type { OutputDiff } from '../../core/rollup/outputDiff.ts';
import type { RollupReport } from '../../core/rollup/rollupService.ts';
import type { Centre } from '../../model/centre.ts';
import type { Column } from '../../model/kqlType.ts';
import type { RollupDefinition } from '../../model/rollup.ts';
import { findCentres } from '../centres/centresOption.ts';
import type { Values } from '../command.ts';
import { diffInLake, openAzure, openDryRollups } from '../compose.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { findLake } from '../rollupFiles.ts';
import { codeOfReports, reasonsOf, sentenceOf, TOLD } from '../rollupReports.ts';

/**
 * What roll-ups would bring: the last window of each workspace, read and stored nowhere; what that is in a day and
 * costs at the centre, and how its columns differ from what is stored. No centre is asked anything.
 */
export async function dryRun(
  definitions: readonly RollupDefinition[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  const { centres } = await findCentres(values, terminal);
  const lake = findLake(values);
  const azure = await openAzure(values, terminal);
  try {
    const all: object[] = [];
    const reports: RollupReport[] = [];
    for (const definition of definitions) {
      const { since: _all, recheckMinutes: _none, ...last } = definition;
      const rollups = await openDryRollups(azure, definition.sinks.slice(0, 1));
      const report = await rollups.run({ ...last, sinks: definition.sinks.slice(0, 1) }, { signal: terminal.signal });
      const estimate = estimateOf(report, definition);
      const diff = lake !== undefined && report.table ? await diffInLake(lake, report.table) : undefined;
      reports.push(report);
      all.push({ ...report, estimate, ...(diff ? { diff } : {}) });
      if (values['json'] !== true) {
        if (report.error) terminal.say(safeText(sentenceOf(report)));
        else await printEstimate(definition, report, { estimate, diff, centres }, terminal);
      }
      for (const reason of reasonsOf(report).slice(0, TOLD)) terminal.say(safeText(`  ${reason}`));
      if (report.workspaces.some(({ error }) => error?.code === 'query.needsScan')) terminal.say(SEARCH_NOTE);
    }
    if (values['json'] === true) await terminal.write(`${toJson(all)}\n`);
    return codeOfReports(reports);
  } finally {
    azure.dispose();
  }
}

async function printEstimate(
  { name, windowMinutes, sinks }: RollupDefinition,
  { table }: RollupReport,
  {
    estimate,
    diff,
    centres,
  }: {
    readonly estimate: readonly CustomerEstimate[];
    readonly diff: OutputDiff | undefined;
    readonly centres: readonly Centre[];
  },
  terminal: Terminal,
): Promise<void> {
  const kinds = new Set(sinks.map((sink) => centres.find((centre) => centre.name === sink)?.kind ?? 'lake'));
  const isBilled = kinds.has('logAnalytics');
  const money = (usd: number): string => (usd > 0 && usd < 0.01 ? '<0.01' : usd.toFixed(2));
  const long = (column: string): Column => ({ name: column, type: 'long' });
  await terminal.write(`${safeText(name)}: the last window of ${windowMinutes} minutes, and a day of such windows\n`);
  await printTable(
    terminal,
    'table',
    [
      { name: 'Customer', type: 'string' },
      ...['Rows', 'Bytes', 'Rows a day', 'Bytes a day'].map(long),
      ...(isBilled ? ['USD a day', 'USD a month'].map((column): Column => ({ name: column, type: 'string' })) : []),
    ],
    estimate.map(({ customer, rows, bytes, rowsPerDay, bytesPerDay, perDay, perMonth }) => [
      customer,
      rows,
      bytes,
      rowsPerDay,
      bytesPerDay,
      ...(isBilled ? [money(perDay), money(perMonth)] : []),
    ]),
  );
  const sum = estimate.reduce((total, { perMonth }) => total + perMonth, 0);
  if (isBilled) await terminal.write(`At the centre ${money(sum)} USD a month: ${ESTIMATE_RESTS_ON}\n`);
  if (kinds.has('dataExplorer'))
    await terminal.write('Data Explorer charges its cluster by the hour, and nothing by the gigabyte.\n');
  if (table) await terminal.write(`${safeText(columnsOf(table.columns))}\n`);
  for (const [i, line] of (diff ? diffTexts(diff) : []).entries())
    await terminal.write(`${i > 0 ? '  ' : ''}${safeText(line)}\n`);
}

function columnsOf(columns: readonly Column[]): string {
  return `Columns: ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')}`;
}
