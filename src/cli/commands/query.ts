import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { MAX_ROWS_PER_WORKSPACE } from '../../core/runs/limits.ts';
import type { RunService } from '../../core/runs/runService.ts';
import { RUN_SOURCES, SOURCES } from '../../kql/sourceLine.ts';
import { EXPORT_FORMATS } from '../../model/exportFormat.ts';
import { targetName, targetNoun } from '../../model/run.ts';
import type { RowSort } from '../../model/rows.ts';
import type { AnswerMode, Run, RunRequest, Target } from '../../model/run.ts';
import { totalNote } from '../../model/totalNote.ts';
import { choiceOf, countOf, textOf } from '../command.ts';
import { CONFIDENTIAL_HELP, CONFIDENTIAL_OPTIONS, askReaders, confidentialOf, unasked } from '../confidential.ts';
import type { Command, Values } from '../command.ts';
import { openAzure, openRuns } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from '../exitCodes.ts';
import { checkPlace, writeRun } from '../output/writeRun.ts';
import { printTable } from '../output/printTable.ts';
import { RunProgress } from '../output/progress.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { runToEnd } from '../runToEnd.ts';
import { readAsked, readingErrors } from '../queryFile.ts';
import { parseTimespanOption } from '../timespan.ts';

const FORMATS = ['table', ...EXPORT_FORMATS] as const;
const ANSWERS = ['across', 'per-workspace'] as const;
const TABLE_ROWS = 1_000;
const ATTRIBUTION = ['_Customer', '_Tenant', '_Workspace'];
/**
 * By customer and workspace, each one's rows in its own order: the same answer prints the same, whoever was first. What
 * was made of all rows has its own order.
 */
export function orderOf(run: Run): readonly RowSort[] {
  if (run.plan?.local !== undefined) return [];
  const has = new Set(run.columns.map(({ name }) => name));
  return ATTRIBUTION.filter((name) => has.has(name)).map((column) => ({ column, descending: false }));
}

/** How the rows of several become one answer, by `--answer`. Throws `input.usage`. */
export function answerModeOf(values: Values): AnswerMode {
  return choiceOf(values, 'answer', ANSWERS, 'across') === 'across' ? 'across' : 'perWorkspace';
}

/** The help of `--max-rows`. */
export const MAX_ROWS_HELP = `  --max-rows N           how far an answer that the service cuts (500,000 rows, 64 MB) goes on: in slices of time, each a
                         query, until a workspace gave N rows or more, ${MAX_ROWS_PER_WORKSPACE.toLocaleString('en-US')} unless given; 0 for no slices.
                         It cuts nothing: for fewer rows write "| take N"`;

/** Until how many rows of a workspace slices are asked, by `--max-rows`. Throws `input.usage`. */
export function maxRowsOf(values: Values): Pick<RunRequest, 'maxRows'> {
  const maxRows = countOf(values, 'max-rows', 0);
  return maxRows === undefined ? {} : { maxRows };
}

/** `tenantscope query`: runs a query over a scope and prints or writes its rows. */
export const QUERY: Command = {
  name: 'query',
  summary: 'one question to every workspace of a scope',
  options: {
    ...CONNECTION_OPTIONS,
    scope: { type: 'string' },
    answer: { type: 'string' },
    ...CONFIDENTIAL_OPTIONS,
    source: { type: 'string' },
    explain: { type: 'boolean' },
    estimate: { type: 'boolean' },
    'query-name': { type: 'string' },
    param: { type: 'string', multiple: true },
    timespan: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    'per-customer': { type: 'string' },
    limit: { type: 'string' },
    'no-cache': { type: 'boolean' },
    'max-rows': { type: 'string' },
    scan: { type: 'boolean' },
    reachable: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: ['FILE'],
  help: `Usage: tenantscope query FILE|- [options]

Asks every workspace of the scope and makes one answer of it: the rows that one workspace holding everybody's rows would
return. _Customer, _Tenant and _Workspace say whose a row is and can be used in the query. Where there is no such answer
each workspace gives its own, and it is said. FILE is KQL, a rule or hunting query of Microsoft Sentinel (YAML), Markdown
with fenced KQL, a workbook, saved searches or a template (JSON); "tenantscope pack --help" tells what they can say.

  --query-name NAME      which query, by name or number, of a FILE that has several
  --param NAME=VALUE     the value of a parameter of the query; may be given several times
  --scope SCOPE          e.g. all, "group:gold except customer:contoso", "workspace:law-prod"
                         (default: the file's "// @scope" line, else all)
  --answer MODE          across (default) or per-workspace: each one's own answer, one under the other
  --source SOURCE        workspaces, or resource-graph: what Azure Resource Graph knows of the scope's subscriptions, now
                         (default: the query's "// @source" line, else workspaces)
  --explain              print what would be sent to whom, who can read it and what is done with it, as Markdown (on a
                         screen as plain text)
  --estimate             with --explain: ask each workspace how many rows it would send, a query for each part
${CONFIDENTIAL_HELP}
  --timespan SPAN        24h, 30m, 7d, PT1H or 2024-01-01/2024-01-02 (default: what the file or the query says)
  --format FORMAT        table (default), json, csv, md (Markdown), parquet or xlsx (Excel); the last two need a file
  --out FILE             write there instead of standard output
  --per-customer DIR     a file for each customer in that folder, its own rows alone, beside it how complete they are
  --limit N              rows of a table, ${TABLE_ROWS} unless given; of the formats only md is cut, at 1,000 rows
${MAX_ROWS_HELP}
  --no-cache             do not take answers from the service's cache
  --scan                 search Basic and Auxiliary tables too: each search is charged by the gigabytes of its --timespan
  --reachable            exit with 0 when every workspace that could be asked answered, though some tenants could not be entered
  --progress             tell the progress where standard error is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals, terminal }) {
    const format = choiceOf(values, 'format', FORMATS, 'table');
    const timespan = parseTimespanOption(textOf(values, 'timespan'));
    const limit = countOf(values, 'limit') ?? TABLE_ROWS;
    const answer = answerModeOf(values);
    const confidential = confidentialOf(values);
    const maxRows = maxRowsOf(values);
    const explained = values['explain'] === true;
    if (values['estimate'] === true && !explained)
      throw new AppError(
        'input.usage',
        '--estimate goes with --explain: it counts the rows of the plan that is printed.',
      );
    const source = values['source'] === undefined ? undefined : choiceOf(values, 'source', SOURCES, 'workspaces');
    const out = textOf(values, 'out');
    const perCustomer = textOf(values, 'per-customer');
    await checkPlace(format, out, perCustomer);
    const asked = await readAsked(positionals[0]!, values, terminal);
    const azure = await openAzure(values, terminal);
    const opened = await openRuns(azure);
    try {
      return await readingErrors(asked, terminal, async () => {
        const { runs } = opened;
        const request: RunRequest = {
          query: asked.text,
          scope: asked.scope,
          timeRange: timespan.kind === 'inQuery' ? (asked.time ?? timespan) : timespan,
          answer,
          ...confidential,
          ...maxRows,
          ...(source ? { source: RUN_SOURCES[source] } : {}),
          ...(values['no-cache'] === true ? { noCache: true } : {}),
          ...(values['scan'] === true ? { scan: true } : {}),
        };
        if (explained) return explain(runs, request, values['estimate'] === true, terminal);
        const progress = new RunProgress(terminal, values['progress'] === true);
        const ready = await askReaders(runs, request, terminal);
        const { id } = await runs.start(ready, terminal.signal).catch((error: unknown) => {
          throw unasked(error);
        });
        const run = await runToEnd(runs, id, progress, terminal);
        await printRun(run, runs, { format, limit, out, perCustomer, directory: opened.directory }, terminal);
        report(run, terminal);
        return exitCode(run, values);
      });
    } finally {
      await opened.close();
      azure.dispose();
    }
  },
};

async function explain(runs: RunService, request: RunRequest, estimate: boolean, terminal: Terminal): Promise<number> {
  const explanation = await runs.explain(request, terminal.signal, estimate);
  const { explainMarkdown } = await import('../../app/explainMarkdown.ts');
  // A screen shows Markdown as it stands.
  const form = { level: 1, named: Number.POSITIVE_INFINITY, plain: terminal.width !== undefined };
  await terminal.write(explainMarkdown(explanation, form));
  return EXIT.complete;
}

interface Printing {
  readonly format: (typeof FORMATS)[number];
  readonly limit: number;
  readonly out: string | undefined;
  readonly perCustomer: string | undefined;
  readonly directory: string;
  /** The order of the rows; by customer and workspace unless given. */
  readonly sort?: readonly RowSort[];
}

/** Prints the rows of a run, or writes them to `out`; `directory` is for what is made on the way. */
export async function printRun(
  run: Run,
  runs: RunService,
  { format, limit, out, perCustomer, directory, sort = orderOf(run) }: Printing,
  terminal: Terminal,
): Promise<void> {
  const rows = runs.rows(run.id);
  if (format !== 'table') {
    await writeRun(run, rows, { format, sort }, { out, perCustomer, directory }, terminal);
    return;
  }
  const { table, truncated } = await rows.table(limit, [], sort);
  if (table.columns.some(({ name }) => !ATTRIBUTION.includes(name)) || table.rows.length > 0)
    await printTable(terminal, 'table', table.columns, table.rows, { cuts: true });
  if (truncated)
    terminal.say(
      `The first ${limit.toLocaleString('en-US')} of ${run.rowCount.toLocaleString('en-US')} rows. Use --limit, or --format csv for all of them.`,
    );
}

/** Everything about the answer that is not rows: who is missing and why, and how to read it. */
function report(run: Run, terminal: Terminal): void {
  reportMissing(run, terminal);
  terminal.say(`${safeText(run.completeness.sentence)}; ${counted(run.rowCount, 'row')}`);
}

/** How an answer is to be read, and who is missing from it and why, one line for each kind of reason. */
export function reportMissing(run: Run, terminal: Pick<Terminal, 'say'>): void {
  if (run.perWorkspaceNote) terminal.say(safeText(`Per ${targetNoun(run.source)}: ${run.perWorkspaceNote.sentence}`));
  const total = totalNote(run);
  if (total !== undefined) terminal.say(`Across: ${total}`);
  if (run.plan?.promise?.kind === 'approximate') terminal.say(safeText(`Approximate: ${run.plan.promise.error}`));
  // Forty failures of one kind are one line.
  const kinds = new Map<string, Target[]>();
  for (const target of run.targets)
    if (target.error && target.state !== 'cancelled')
      kinds.set(target.error.code, [...(kinds.get(target.error.code) ?? []), target]);
  for (const targets of kinds.values()) {
    const names = targets
      .slice(0, 5)
      .map((target) => `${target.customerName}/${targetName(target)}`)
      .join(', ');
    terminal.say(
      `${safeText(names)}${targets.length > 5 ? ` and ${targets.length - 5} more` : ''}: ${safeText(targets[0]!.error!.message)}`,
    );
  }
}

/** What a run ends the program with. */
export function exitCode(run: Run, values: Values): number {
  if (run.state === 'cancelled') return EXIT.cancelled;
  const lacking = run.targets.filter(
    (target) =>
      target.state === 'failed' ||
      target.state === 'partial' ||
      (target.state === 'skipped' && values['reachable'] !== true),
  );
  const [first] = lacking;
  if (!first) return EXIT.complete;
  // Where nobody answered, the reason says more than "partial".
  const answered = run.targets.some(
    (target) => target.state === 'answered' || target.state === 'empty' || target.state === 'partial',
  );
  return answered || !first.error ? EXIT.partial : exitCodeOf(first.error);
}
