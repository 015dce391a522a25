import { counted } from '../../base/counted.ts';
import { EXPORT_FORMATS } from '../../model/exportFormat.ts';
import { madeNote } from '../../model/madeNote.ts';
import { SCHEMA_VIEWS } from '../../model/schemaView.ts';
import { choiceOf, countOf, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { openAzure, openRuns } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import { checkPlace } from '../output/writeRun.ts';
import { readScope } from '../scopeOption.ts';
import { exitCode, printRun, reportMissing } from './query.ts';

const FORMATS = ['table', ...EXPORT_FORMATS] as const;
const TABLE_ROWS = 2_000;

/** `tenantscope schema`: which table and column exists where. */
export const SCHEMA: Command = {
  name: 'schema',
  summary: 'which tables and columns the workspaces of a scope have',
  options: {
    ...CONNECTION_OPTIONS,
    scope: { type: 'string' },
    view: { type: 'string' },
    filled: { type: 'boolean' },
    format: { type: 'string' },
    out: { type: 'string' },
    limit: { type: 'string' },
    reachable: { type: 'boolean' },
  },
  positionals: ['[TABLE]'],
  help: `Usage: tenantscope schema [TABLE] [options]

Which table exists where, on which plan, filled or only known; of a TABLE, which column exists where and of which type.
Each workspace is asked for its tables, and for what received data in the last 30 days.

  --view VIEW            tables: a row a table, a column a workspace (default without a TABLE)
                         columns: a row a column of the TABLE, a column a workspace (default with one)
                         differences: columns that not all workspaces have alike
                         list: a row for each workspace and table
  --filled               only tables that received data in the last 30 days, in any workspace of the scope (in the list:
                         in that workspace)
  --scope SCOPE          e.g. all (default) or "group:gold except customer:contoso"
  --format FORMAT        table (default), json, csv, md (Markdown), parquet or xlsx (Excel); the last two need a file
  --out FILE             write there instead of standard output
  --limit N              rows of a table, ${TABLE_ROWS} unless given
  --reachable            exit with 0 though some tenants could not be entered
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals, terminal }) {
    const [table] = positionals;
    const format = choiceOf(values, 'format', FORMATS, 'table');
    const view = choiceOf(values, 'view', SCHEMA_VIEWS, table === undefined ? 'tables' : 'columns');
    const limit = countOf(values, 'limit') ?? TABLE_ROWS;
    const out = textOf(values, 'out');
    await checkPlace(format, out, undefined);
    const azure = await openAzure(values, terminal);
    const opened = await openRuns(azure);
    try {
      const estate = await azure.estate.load({ signal: terminal.signal });
      const scope = readScope(values, undefined, estate);
      const question = {
        scope,
        view,
        ...(table === undefined ? {} : { table }),
        ...(values['filled'] === true ? { filled: true as const } : {}),
      };
      const run = await opened.schema(question, terminal.signal);
      const { runs, directory } = opened;
      await printRun(run, runs, { format, limit, out, perCustomer: undefined, directory, sort: [] }, terminal);
      reportMissing(run, terminal);
      const note = run.made && madeNote(run.made).text;
      if (note) terminal.say(safeText(note));
      terminal.say(`${safeText(run.completeness.sentence)}; ${counted(run.rowCount, 'row')}`);
      return exitCode(run, values);
    } finally {
      await opened.close();
      azure.dispose();
    }
  },
};
