import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { counted } from '../../base/counted.ts';
import { sharedNotes } from '../../core/central/sharedNote.ts';
import { periodOf } from '../../core/reports/period.ts';
import { reportRollups } from '../../core/reports/questions.ts';
import { REPORT_FORMATS } from '../../model/report.ts';
import type { Report, ReportFormat, ReportKind } from '../../model/report.ts';
import { customerSentence, gapText, isOver, isWhole, periodText } from '../../report/summary/summaryWords.ts';
import { textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { planFile, writePlanned } from '../output/plannedFile.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { lakeOf, rollupFolder } from '../rollupFiles.ts';
import { readScope } from '../scopeOption.ts';

/** `tenantscope report`: the daily or monthly summary of every customer, and of all of them for the provider. */
export const REPORT: Command = {
  name: 'report',
  summary: 'daily and monthly reports: volume, cost, silent sources, caps, what is out of line',
  options: {
    ...CONNECTION_OPTIONS,
    daily: { type: 'boolean' },
    monthly: { type: 'boolean' },
    date: { type: 'string' },
    scope: { type: 'string' },
    out: { type: 'string' },
    format: { type: 'string' },
    from: { type: 'string' },
    lake: { type: 'string' },
    rollups: { type: 'string' },
    'write-rollups': { type: 'boolean' },
  },
  positionals: [],
  help: `Usage: tenantscope report --daily | --monthly --out DIR [options]
       tenantscope report --write-rollups [--rollups DIR]

Writes DIR/2026-11-28/estate.html for you, and beside it customers/NAME.html for each customer: its copy, in which
nothing of others is but a median over at least three. What is missing, and why, stands on top. It reads only.

  --daily, --monthly     of a day or a month, both of UTC
  --date DATE            2026-11-28, or 2026-11; the last one that is over where absent
  --out DIR              the folder the report goes to; it is made
  --format FORMS         html, md, parquet, or several with commas between them (default: html)
  --scope SCOPE          which customers, e.g. "group:gold except customer:contoso"; all where absent
  --from WHERE           live (default): the workspaces are asked; lake: what roll-ups brought there, nobody is asked
  --lake DIR             the folder of the lake (default: $TENANTSCOPE_LAKE)
  --write-rollups        writes the roll-ups that --from lake reads to the folder of roll-ups
  --rollups DIR          that folder (default: .tenantscope/rollups)
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, terminal }) {
    if (values['write-rollups'] === true) return writeRollups(values, terminal);
    const now = Date.now();
    const wish = wishOf(values, now);
    await prepareFolder(wish.out);
    const azure = await openAzure(values, terminal);
    try {
      terminal.status('Reading the estate');
      const seen = wish.lake === undefined ? await azure.estate.load() : undefined;
      const scope = readScope(values, undefined, seen);
      for (const note of seen ? sharedNotes(scope, seen) : []) terminal.say(safeText(note));
      const { createReport } = await import('../../app/reports.ts');
      const made = await createReport(azure, {
        ...{ kind: wish.kind, scope, now, signal: terminal.signal },
        ...(wish.date === undefined ? {} : { date: wish.date }),
        ...(wish.lake === undefined ? {} : { lake: wish.lake }),
        progress: (done, total) => {
          if (terminal.errorIsScreen) terminal.status(`Asking: ${done} of ${total} questions`);
        },
      });
      terminal.status('');
      const { writeReport } = await import('../../app/reportFiles.ts');
      const { estate, customers } = await writeReport(made, wish.out, wish.formats);
      say(made.report, terminal);
      for (const path of estate) terminal.say(safeText(`Written: ${path}`));
      terminal.say(`${counted(customers, 'customer')} with a copy each.`);
      return isWhole(made.report) ? EXIT.complete : EXIT.partial;
    } finally {
      terminal.status('');
      azure.dispose();
    }
  },
};

interface Wish {
  readonly kind: ReportKind;
  readonly date: string | undefined;
  readonly out: string;
  readonly formats: readonly ReportFormat[];
  readonly lake: string | undefined;
}

/** Everything that can be wrong with the options is found before anybody is asked. */
function wishOf(values: Values, now: number): Wish {
  const [daily, monthly] = [values['daily'] === true, values['monthly'] === true];
  if (daily === monthly) throw new AppError('input.usage', 'Say either --daily or --monthly.');
  const kind = daily ? 'daily' : 'monthly';
  const date = textOf(values, 'date');
  periodOf(kind, date, now);
  const out = textOf(values, 'out');
  if (out === undefined) throw new AppError('input.usage', '--out DIR is missing: the folder the report goes to.');
  readScope(values, undefined);
  const from = textOf(values, 'from') ?? 'live';
  if (from !== 'live' && from !== 'lake')
    throw new AppError('input.usage', `--from is live or lake, not "${from.slice(0, 40)}".`);
  return {
    kind,
    date,
    out,
    formats: formatsOf(values),
    lake: from === 'lake' ? lakeOf(values, 'where roll-ups are stored') : undefined,
  };
}

function formatsOf(values: Values): readonly ReportFormat[] {
  const wanted = (textOf(values, 'format') ?? 'html').split(',').map((one) => one.trim());
  return [...new Set(wanted)].map((one) => {
    const format = REPORT_FORMATS.find((known) => known === one);
    if (format !== undefined) return format;
    throw new AppError('input.usage', `--format is of ${REPORT_FORMATS.join(', ')}, not "${one.slice(0, 40)}".`);
  });
}

async function prepareFolder(out: string): Promise<void> {
  const found = await stat(out).catch(() => undefined);
  if (found && !found.isDirectory())
    throw new AppError('input.exportPath', `--out: ${out} is no folder. Choose another place.`);
  await mkdir(out, { recursive: true }).catch((cause: Error) => {
    throw new AppError('input.exportPath', `--out: ${out} cannot be made: ${cause.message}`, { cause });
  });
}

function say(report: Report, terminal: Terminal): void {
  terminal.say(periodText(report));
  for (const customer of report.customers) {
    terminal.say(safeText(`${customer.name}: ${customerSentence(customer)}`));
    for (const gap of customer.gaps) terminal.say(safeText(`  missing: ${gapText(gap)}`));
  }
  if (!isOver(report)) terminal.say('The period is not over or not settled: the report is of what is there by now.');
}

async function writeRollups(values: Values, terminal: Terminal): Promise<number> {
  const folder = rollupFolder(values);
  await mkdir(folder, { recursive: true });
  const planned = await Promise.all(reportRollups().map(({ file, text }) => planFile(join(folder, file), text)));
  const other = planned.find(({ state }) => state === 'replaced');
  if (other)
    throw new AppError(
      'input.exportPath',
      `${other.path} is there already and says something else. Remove it first. Nothing was written.`,
    );
  for (const file of planned.filter(({ state }) => state === 'new')) await writePlanned(file);
  terminal.say(safeText(`The roll-ups of reports are in ${folder}. Pull them with "tenantscope rollup run".`));
  return EXIT.complete;
}
