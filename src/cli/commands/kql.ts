import { visibleLines } from '../../base/visibleText.ts';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { LocalEngine } from '../../engine/face.ts';
import { removePath } from '../../engine/replaceFile.ts';
import { choiceOf, countOf, textOf, textsOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { loadData } from '../localData.ts';
import { checkOut, writeOut } from '../output/outFile.ts';
import { showingPlaces } from '../output/placedError.ts';
import { PRINT_FORMATS, printAnswer, writeAnswerParquet } from '../output/printAnswer.ts';
import type { Terminal } from '../output/terminal.ts';
import { readText } from '../queryText.ts';
import { HistoryFile, historyPath } from '../repl/historyFile.ts';
import type { ReplWorld } from '../repl/repl.ts';
import { makeTemporaryFolder } from '../temporaryFolder.ts';
import { runCases } from './kqlBatch.ts';

const FORMATS = [...PRINT_FORMATS, 'parquet'] as const;
const TABLE_ROWS = 1_000;

/** `tenantscope kql`: one query, a batch or a prompt, over local files and without Azure. */
export const KQL: Command = {
  name: 'kql',
  summary: 'KQL over local files',
  options: {
    data: { type: 'string', multiple: true },
    format: { type: 'string' },
    out: { type: 'string' },
    limit: { type: 'string' },
    explain: { type: 'boolean' },
    batch: { type: 'boolean' },
    memory: { type: 'string' },
    'geo-db': { type: 'string' },
    seed: { type: 'string' },
    'no-history': { type: 'boolean' },
  },
  positionals: ['[FILE]'],
  help: `Usage: tenantscope kql FILE|- [--data DIR|FILE] [options]
       tenantscope kql --batch CASES.jsonl [--data DIR|FILE]
       tenantscope kql [--data DIR|FILE]             on a terminal: asks for queries

Runs a KQL query on this machine. What the engine does not support is refused by name, never answered wrongly.
externaldata reads the file of that name beside FILE (for - and on a terminal: in the current folder), never the network.

  --data DIR             tables from files: DIR/TABLE.jsonl[.gz], .json, .csv, .tsv, .parquet; the files of a folder
                         below are workspace("FOLDER").TABLE, and all of them together TABLE with a column _Workspace;
                         a lake of roll-ups has a table for each of them
  --data FILE            one file as the table of its name; --data may be given several times
  --format FORMAT        table (default), json, csv or parquet
  --out FILE             write there instead of standard output; parquet needs it
  --limit N              rows of a table, ${TABLE_ROWS} unless given; the other formats are never cut
  --explain              print the SQL the query becomes, and do not run it
  --batch                FILE holds lines {"id", "query"}; for each is printed {"id", "ok": true, "columns", "rows"}
                         or {"id", "ok": false, "code", "message"}, and nothing else
  --memory MB            memory the engine may use, 1024 unless given; more spills to disk
  --geo-db FILE          places by address (.mmdb: GeoLite2, GeoIP2, DB-IP) for geo_info_from_ip_address()
  --seed N               makes sample, sample-distinct and rand() give the same again
  --no-history           queries typed here are neither kept nor recalled; otherwise they are in
                         $XDG_STATE_HOME/tenantscope/kql-history, or below ~/.local/state (on Windows
                         below %LOCALAPPDATA%)

${EXIT_CODES_HELP}`,
  async run({ values, positionals, terminal }) {
    const [file] = positionals;
    const out = textOf(values, 'out');
    const format = choiceOf(values, 'format', FORMATS, 'table');
    if (format === 'parquet' && out === undefined)
      throw new AppError('input.usage', '--format parquet needs --out FILE.');
    if (file === undefined) checkInteractive(values, terminal);
    const limit = countOf(values, 'limit') ?? TABLE_ROWS,
      memory = countOf(values, 'memory', 16) ?? 1024,
      seed = countOf(values, 'seed', 0);
    if (out !== undefined) await checkOut(out);
    const directory = await makeTemporaryFolder(
      'tenantscope-kql-',
      'The engine spills there what does not fit in memory.',
    );
    const { openEngine } = await import('../../engine/openEngine.ts');
    const engine = await openEngine({
      memoryLimitMb: memory,
      tempDirectory: directory,
      geoDatabase: textOf(values, 'geo-db'),
    }).catch(async (thrown: unknown) => {
      await removePath(directory);
      throw thrown;
    });
    try {
      const data = {
        ...(await loadData(engine, textsOf(values, 'data'), terminal.signal)),
        beside: folderOf(file),
        ...(seed === undefined ? {} : { seed }),
      };
      if (file === undefined)
        return await converse(
          { engine, data, limit, format: format === 'parquet' ? 'table' : format, terminal },
          values['no-history'] !== true,
        );
      if (values['batch'] === true) return await runCases(engine, data, file, terminal);
      const query = await readText(file, terminal);
      return await showingPlaces(query, file, terminal, async () => {
        if (values['explain'] === true) {
          const sql = await engine.explain(query, data);
          await writeOut(out, terminal, (put) => put(`${out === undefined ? visibleLines(sql) : sql}\n`));
          return EXIT.complete;
        }
        const answer = await engine.query(query, { ...data, signal: terminal.signal });
        if (format === 'parquet') await writeAnswerParquet(answer, out!, terminal.signal);
        else await printAnswer(answer, { format, out, limit, signal: terminal.signal }, terminal);
        return EXIT.complete;
      });
    } finally {
      await engine.close();
      await removePath(directory);
    }
  },
};

/** Where `externaldata` may read: the folder of the query's file, or the current one. */
function folderOf(file: string | undefined): string {
  return file === undefined || file === '-' ? process.cwd() : dirname(resolve(file));
}

function checkInteractive(values: Values, terminal: Terminal): void {
  const needsFile = ['batch', 'explain', 'out'].find((name) => values[name] !== undefined);
  if (needsFile !== undefined)
    throw new AppError('input.usage', `--${needsFile} needs a FILE with a query, or - for standard input.`);
  if (!terminal.interactive)
    throw new AppError(
      'input.usage',
      'FILE is missing: give a file with a query, or - for standard input. See "tenantscope kql --help".',
    );
}

/** The prompt, until the person ends it. */
async function converse(
  world: Omit<ReplWorld, 'language' | 'history'> & { readonly engine: LocalEngine },
  keepsHistory: boolean,
): Promise<number> {
  const [{ Repl }, { LocalLanguageService }] = await Promise.all([
    import('../repl/repl.ts'),
    import('../../kql/language/service.ts'),
  ]);
  const history = keepsHistory
    ? HistoryFile.open(historyPath(process.env, homedir()), (text) => {
        world.terminal.say(text);
      })
    : undefined;
  await new Repl({ ...world, language: new LocalLanguageService(), ...(history ? { history } : {}) }).run();
  return EXIT.complete;
}
