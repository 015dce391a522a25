import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { rowsTogether } from '../../core/central/rowsTogether.ts';
import type { CentralCheck } from '../../model/centralCheck.ts';
import type { Column } from '../../model/kqlType.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { toTimespan } from '../../model/timeRange.ts';
import { parseTimespanOption } from '../timespan.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { findWorkspace } from '../scopeOption.ts';

/** How many rules are shown that would tell whose nobody's rows are; JSON has all of them. */
const SHOWN = 20;

/** `central check`. */
export async function checkCentral(values: Values, terminal: Terminal): Promise<number> {
  const wanted = textOf(values, 'workspace');
  if (wanted === undefined) throw new AppError('input.usage', '--workspace is missing: the workspace that is shared.');
  const most = percentOf(textOf(values, 'fail-on'));
  const timespan = centralSpan(values);
  const azure = await openAzure(values, terminal);
  try {
    const estate = await azure.estate.load({ signal: terminal.signal });
    const check = await azure.central.check(findWorkspace(wanted, estate), timespan, terminal.signal);
    if (values['json'] === true) await terminal.write(`${toJson(check)}\n`);
    else await print(check, terminal);
    tell(check, terminal);
    const share = check.totals.rows === 0 ? 0 : (100 * check.totals.nobodys) / check.totals.rows;
    if (most !== undefined && share > most) return EXIT.findings;
    return check.leftOut.length + check.problems.length > 0 ? EXIT.partial : EXIT.complete;
  } finally {
    azure.dispose();
  }
}

/** Rows of which time count, as the query API has it: those of the last day unless it says otherwise. */
export function centralSpan(values: Values): string {
  return toTimespan(parseTimespanOption(textOf(values, 'timespan'))) ?? 'P1D';
}

function percentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(text.replace(/%$/, ''));
  if (text.trim() !== '' && percent >= 0 && percent < 100) return percent;
  throw new AppError('input.usage', `--fail-on is a percentage from 0 to 99, not "${text.slice(0, 40)}".`);
}

const column = (name: string, type: Column['type'] = 'string'): Column => ({ name, type });

async function print({ sent, nobodys, totals }: CentralCheck, terminal: Terminal): Promise<void> {
  const customers = rowsTogether(sent, ({ customerName }) => customerName);
  await printTable(
    terminal,
    'table',
    [column('Customer'), column('Rows', 'long'), column('Share'), column('GB', 'real'), column('Tables', 'long')],
    [...customers, ...rowsTogether(nobodys, () => '(not attributed)')].map(({ what, rows, gb, tables }) => [
      what,
      rows,
      `${((100 * rows) / totals.rows).toFixed(1)} %`,
      Number(gb.toFixed(6)),
      tables,
    ]),
  );
  if (nobodys.length === 0) return;
  // A rule often tells of many machines at once.
  const rules = rowsTogether(nobodys, ({ remedy }) => remedy);
  const sources = rules.map(({ all, ...rule }) => ({
    ...rule,
    named: someOf(
      rowsTogether(all, ({ computer, resource }) => resource || computer || '(none)').map(({ what }) => what),
    ),
  }));
  const shown = sources.slice(0, SHOWN);
  await terminal.write('\n(not attributed)\n');
  // A rule is for copying, so on a screen it stands on a line that is its own.
  const below = terminal.width !== undefined;
  await printTable(
    terminal,
    'table',
    [column('Source'), column('Rows', 'long'), column('Tables', 'long'), ...(below ? [] : [column('What would tell')])],
    shown.map(({ what, named, rows, tables }) => [named, rows, tables, ...(below ? [] : [what])]),
  );
  if (below) {
    await terminal.write('\n');
    for (const { named, what } of shown) await terminal.write(`${safeText(`${named}: ${what}`)}\n`);
  }
  if (sources.length > SHOWN) await terminal.write(`... and ${sources.length - SHOWN} more, all of them in --json\n`);
}

/** `pc-1, pc-2 and 4 more`: enough to know them by. */
function someOf(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function tell({ sent, totals, workspaceName, declared, leftOut, problems }: CentralCheck, terminal: Terminal): void {
  const disputed = sent.reduce((sum, one) => sum + one.disputed, 0);
  const count = (rows: number): string => rows.toLocaleString('en-US');
  if (disputed > 0)
    terminal.say(
      `The names of the computers of ${count(disputed)} rows are in the domain of another customer; what says more of them decided.`,
    );
  for (const { table, why } of leftOut) terminal.say(safeText(`${table} was not read, ${why}.`));
  for (const { message } of problems) terminal.say(safeText(message));
  if (!declared)
    terminal.say(
      safeText(
        `${workspaceName} is not among "shared" in the customers file: queries have all its rows under its owner.`,
      ),
    );
  const customers = new Set(sent.map(({ customer }) => customer)).size;
  terminal.say(
    safeText(
      `${workspaceName}: ${counted(totals.rows, 'row')} of ${counted(customers, 'customer')}, ${count(totals.nobodys)} of them nobody's`,
    ),
  );
}
