import { mkdir } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { valueText } from '../../kql/queryFiles/parameters.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { positionOf } from '../../kql/queryFiles/places.ts';
import { EXPORT_FORMATS } from '../../model/exportFormat.ts';
import { choiceOf, textOf, textsOf } from '../command.ts';
import type { Command } from '../command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { resultFileNames } from '../output/resultFiles.ts';
import type { Terminal } from '../output/terminal.ts';
import { readPack } from '../packFiles.ts';
import { exportPack } from './packExport.ts';
import { importPack } from './packImport.ts';
import { runPack } from './packRun.ts';
import { readParameters, sayProblems } from '../queryFile.ts';
import type { OpenedFile } from '../queryFile.ts';
import { readScope } from '../scopeOption.ts';
import { parseTimespanOption } from '../timespan.ts';
import { CONFIDENTIAL_HELP, CONFIDENTIAL_OPTIONS, confidentialOf } from '../confidential.ts';
import { answerModeOf, maxRowsOf } from './query.ts';

/**
 * `tenantscope pack`: lists the queries of a file or folder, runs all of them, one after the other, or takes them
 * from Azure and keeps them there.
 */
export const PACK: Command = {
  name: 'pack',
  summary: 'all queries of a folder or file, over a scope',
  options: {
    ...CONNECTION_OPTIONS,
    scope: { type: 'string' },
    answer: { type: 'string' },
    ...CONFIDENTIAL_OPTIONS,
    param: { type: 'string', multiple: true },
    timespan: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
    'no-cache': { type: 'boolean' },
    'max-rows': { type: 'string' },
    scan: { type: 'boolean' },
    reachable: { type: 'boolean' },
    progress: { type: 'boolean' },
    workspace: { type: 'string' },
    'query-pack': { type: 'string' },
    'query-name': { type: 'string', multiple: true },
    plan: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: ['ACTION', 'PATH'],
  actions: ['list', 'run', 'import', 'export'],
  help: `Usage: tenantscope pack list PATH [--json]
       tenantscope pack run PATH [--scope SCOPE] [--out DIR] [options]
       tenantscope pack import DIR --workspace WORKSPACE [--query-pack NAME] [--query-name NAME ...] [--plan|--yes]
       tenantscope pack export PATH --workspace WORKSPACE [--query-pack NAME] [--query-name NAME ...] [--plan|--yes]

The queries of a file, or of all files below a folder: .kql, .csl and .kusto, rules and hunting queries of Microsoft
Sentinel (.yaml), Markdown with fenced kql or kusto blocks, workbooks, saved searches and templates (.json, .workbook).
"run" asks them one after the other; one that fails stops none, and each is told in a line: who answered, and how much.
"import" makes files of KQL of the saved searches of a workspace, or of a query pack in its subscription; "export" keeps
the queries of files there. Both show what they are going to do, ask, and do it; what is there and the same stays.

A file of KQL can say more in comment lines; several "// @name" lines make several queries:
  // @name Failed sign-ins          // @description Who failed, and from where
  // @tags identity, daily          // @param days:int = 7  How far back
  // @scope group:gold              // @time 7d
  // @schedule every morning (in your words: nothing runs by itself)
  // @function FailedSignIns(days:int = 7) (a stored function of a workspace: import writes it, export keeps it one)
Parameters of "declare query_parameters(days:int = 7)" can be given as well. These lines are not sent.

  --scope SCOPE          e.g. all, "group:gold except customer:contoso" (default: each query's "// @scope" line, else all)
  --answer MODE          across (default) or per-workspace: each one's own answer, one under the other
  --param NAME=VALUE     for every query that has this parameter; may be given several times
  --timespan SPAN        24h, 30m, 7d, PT1H or 2024-01-01/2024-01-02 (default: what each query or its rule says)
  --out DIR              a file of rows for each query, in this folder
  --format FORMAT        of these files: csv (default), json, parquet, xlsx (Excel) or md (Markdown)
  --workspace WORKSPACE  import, export: a name, customer/name, a workspace ID or a resource ID
  --query-pack NAME      import, export: a query pack in the subscription of that workspace
  --query-name NAME      import, export: only this query; may be given several times
  --plan                 import, export: only show the plan
  -y, --yes              import, export: do not ask
  --json                 what became of each query as JSON on standard output, instead of lines
${CONFIDENTIAL_HELP}
  --max-rows N           rows asked of one workspace at most, in slices of time; see "tenantscope query --help"
  --no-cache             do not take answers from the service's cache
  --scan                 search Basic and Auxiliary tables too: each search is charged by the gigabytes of its time range
  --reachable            exit with 0 when every workspace that could be asked answered, though some tenants could not be entered
  --progress             tell the progress where standard error is no screen
${CONNECTION_HELP}

It ends with 0 where every query was answered in full, with the code of the failure where all of them have the same, else
with 4.

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action, path], terminal }) {
    if (action === 'import') return importPack(path!, values, terminal);
    if (action === 'export') return exportPack(path!, values, terminal);
    if (action !== 'run' && action !== 'list')
      throw new AppError(
        'input.usage',
        `"${action!.slice(0, 40)}" is not something to do with a pack: list, run, import or export.`,
      );
    const timespan = parseTimespanOption(textOf(values, 'timespan'));
    const format = choiceOf(values, 'format', EXPORT_FORMATS, 'csv');
    const answer = answerModeOf(values);
    const confidential = confidentialOf(values);
    const maxRows = maxRowsOf(values);
    readScope(values, undefined);
    const files = await readPack(path!, terminal);
    for (const file of files) sayProblems(file, terminal);
    const queries = files.flatMap((file) => file.queries.map((query) => ({ file, query })));
    if (queries.length === 0) throw new AppError('input.file', `There is no query in ${path!}. Nothing was sent.`);
    const given = readParameters(
      textsOf(values, 'param'),
      queries.map(({ query }) => query),
    );
    if (action === 'list') return list(queries, values['json'] === true, terminal);
    const out = textOf(values, 'out');
    if (out !== undefined)
      await mkdir(out, { recursive: true }).catch((cause: unknown) => {
        throw new AppError('input.exportPath', `The folder ${out} cannot be made. Choose another place.`, { cause });
      });
    const names = resultFileNames(
      queries.map(({ query }) => query.name),
      format,
    );
    const work = queries.map((entry, i) => ({ ...entry, fileName: names[i]! }));
    const options = { values, given, timespan, format, answer, confidential, maxRows, out };
    const code = await runPack(work, options, terminal);
    // A part that could not be read may have been a query.
    return code === EXIT.complete && files.some(({ problems }) => problems.length > 0) ? EXIT.partial : code;
  },
};

async function list(
  queries: readonly { readonly file: OpenedFile; readonly query: FileQuery }[],
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const entries = queries.map(({ file, query }) => ({
    name: query.name,
    path: file.path,
    line: positionOf(file.text, query.place.start).line,
    description: query.description,
    tags: query.tags,
    parameters: query.parameters.map(({ name, type, fallback, description }) => ({
      name,
      type,
      required: fallback === undefined,
      default: fallback === undefined ? undefined : valueText(type, fallback),
      description,
    })),
    time: query.time,
    schedule: query.schedule,
    refusal: query.refusal,
  }));
  if (json) {
    await terminal.write(`${toJson(entries)}\n`);
    return EXIT.complete;
  }
  const columns = ['Query', 'Parameters', 'Tags', 'Schedule', 'Place'].map((name) => ({
    name,
    type: 'string' as const,
  }));
  const rows = entries.map(({ name, parameters, tags, schedule, path, line }) => [
    name,
    parameters
      .map((parameter) => `${parameter.name}:${parameter.type}${parameter.required ? '' : ` = ${parameter.default}`}`)
      .join(', '),
    tags.join(', '),
    schedule ?? '',
    `${path}:${line}`,
  ]);
  await printTable(terminal, 'table', columns, rows);
  return EXIT.complete;
}
