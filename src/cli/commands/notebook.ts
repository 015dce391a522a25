import { AppError } from '../../base/errors.ts';
import { countOf, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { CONFIDENTIAL_HELP, CONFIDENTIAL_OPTIONS, confidentialOf } from '../confidential.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import { checkOut } from '../output/outFile.ts';
import { readScope } from '../scopeOption.ts';
import { parseTimespanOption } from '../timespan.ts';
import { importNotebookFile } from './notebookImport.ts';
import { runNotebook } from './notebookRun.ts';
import { answerModeOf, MAX_ROWS_HELP, maxRowsOf } from './query.ts';

/** Rows of each answer that a report has, unless it is said otherwise. */
const ROWS = 200;

/** `tenantscope notebook`: runs a Markdown file's queries into one HTML file, or imports a notebook of another tool. */
export const NOTEBOOK: Command = {
  name: 'notebook',
  summary: 'a Markdown file with queries, run into one HTML file',
  options: {
    ...CONNECTION_OPTIONS,
    ...CONFIDENTIAL_OPTIONS,
    scope: { type: 'string' },
    answer: { type: 'string' },
    param: { type: 'string', multiple: true },
    timespan: { type: 'string' },
    limit: { type: 'string' },
    'max-rows': { type: 'string' },
    out: { type: 'string' },
    'no-cache': { type: 'boolean' },
    scan: { type: 'boolean' },
    reachable: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: ['ACTION', 'FILE'],
  actions: ['run', 'import'],
  help: `Usage: tenantscope notebook run FILE.md [--scope SCOPE] [--out FILE.html] [options]
       tenantscope notebook import FILE.ipynb [--out FILE.md]

"run" asks the fenced kql blocks of a Markdown file one after the other and writes the file with their answers as one
HTML document: no script, nothing from elsewhere. One that fails stops none; the document says why. The file is not
changed. A block with a line "// @name signIns" gives its rows that name: a later block that reads signIns as a table
asks these rows, here, and no workspace. Front matter says the scope and time of all blocks that do not say their own:
  ---
  scope: group:gold
  time: 7d
  ---

"import" makes Markdown of a notebook of Azure Data Studio or Jupyter (kernels Log Analytics, Kusto, kqlmagic), and tells
what it could not take over.

  --out FILE             write there instead of standard output
  --scope SCOPE          e.g. all, "group:gold except customer:contoso" (default: as the file says, else all)
  --answer MODE          across (default) or per-workspace: each one's own answer, one under the other
  --param NAME=VALUE     for every block that has this parameter; may be given several times
  --timespan SPAN        24h, 30m, 7d, PT1H or 2024-01-01/2024-01-02 (default: as the file or the query says)
  --limit N              rows of each answer in the document, ${ROWS} unless given
${MAX_ROWS_HELP}
  --no-cache             do not take answers from the service's cache
  --scan                 search Basic and Auxiliary tables too: each search is charged by the gigabytes of its time range
  --reachable            exit with 0 when every workspace that could be asked answered, though some tenants could not be entered
  --progress             tell the progress where standard error is no screen
${CONFIDENTIAL_HELP}
${CONNECTION_HELP}

It ends with 0 where every block was answered in full, with the code of the failure where all of them have the same, else
with 4.

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action, path], terminal }) {
    const out = textOf(values, 'out');
    if (action === 'import') return importNotebookFile(path!, out, terminal);
    if (action !== 'run')
      throw new AppError(
        'input.usage',
        `"${action!.slice(0, 40)}" is not something to do with a notebook: run or import.`,
      );
    const timespan = parseTimespanOption(textOf(values, 'timespan'));
    const limit = countOf(values, 'limit') ?? ROWS;
    const answer = answerModeOf(values);
    const confidential = confidentialOf(values);
    const maxRows = maxRowsOf(values);
    readScope(values, undefined);
    if (out !== undefined) await checkOut(out);
    return runNotebook(path!, { values, timespan, limit, answer, confidential, maxRows, out }, terminal);
  },
};
