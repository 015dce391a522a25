import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { LocalEngine } from '../../engine/face.ts';
import { choiceOf, numberOf, textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { loadData } from '../localData.ts';
import { PRINT_FORMATS, printAnswer, writeAnswerParquet } from '../output/printAnswer.ts';
import type { Terminal } from '../output/terminal.ts';
import { readText } from '../queryText.ts';
import { HistoryFile, historyPath } from '../repl/historyFile.ts';
import type { ReplWorld } from '../repl/repl.ts';
import { runCases } from './kqlBatch.ts';

const FORMATS = [...PRINT_FORMATS, 'parquet'] as const;
const TABLE_ROWS = 1_000;

export const KQL: Command = {
  name: 'kql',
  summary: 'KQL over local files',
  options: {
    data: { type: 'string' }, format: { type: 'string' }, out: { type: 'string' }, limit: { type: 'string' }, explain: { type: 'boolean' }, batch: { type: 'boolean' }, memory: { type: 'string' }, 'no-history': { type: 'boolean' },
  },
  positionals: ['[FILE]'],
  help: `Usage: tenantscope kql FILE|- [--data DIR] [options]
       tenantscope kql --batch CASES.jsonl [--data DIR]
       tenantscope kql [--data DIR]                  on a terminal: asks for queries

Runs a KQL query on this machine. What the engine does not support is refused by name, never answered wrongly.

  --data DIR             tables from files: DIR/TABLE.jsonl[.gz], .csv[.gz], .parquet; the files of a folder below
                         are workspace("FOLDER").TABLE, and all of them together TABLE with a column _Workspace
  --format FORMAT        table (default), json, csv or parquet
  --out FILE             write there instead of standard output; parquet needs it
  --limit N              rows of a table, ${TABLE_ROWS} unless given; the other formats are never cut
  --explain              print the SQL the query becomes, and do not run it
  --batch                FILE holds lines {"id", "query"}; for each is printed {"id", "ok": true, "columns", "rows"}
                         or {"id", "ok": false, "code", "message"}, and nothing else
  --memory MB            memory the engine may use, 1024 unless given; more spills to disk
  --no-history           queries typed here are neither kept nor recalled; otherwise they are in
                         $XDG_STATE_HOME/tenantscope/kql-history, or below ~/.local/state

${EXIT_CODES_HELP}`,
  async run({ values, positionals, terminal }) {
    const [file] = positionals;
    const out = textOf(values, 'out');
    const format = choiceOf(values, 'format', FORMATS, 'table');
    if (format === 'parquet' && out === undefined) throw new AppError('input.usage', '--format parquet needs --out FILE.');
    if (file === undefined) checkInteractive(values, terminal);
    const directory = await mkdtemp(join(tmpdir(), 'tenantscope-kql-'));
    const { openEngine } = await import('../../engine/runtime/localEngine.ts');
    const engine = await openEngine({ memoryLimitMb: numberOf(values, 'memory') ?? 1024, tempDirectory: directory });
    const limit = numberOf(values, 'limit') ?? TABLE_ROWS;
    try {
      const data = await loadData(engine, textOf(values, 'data'));
      if (file === undefined) return await converse({ engine, data, limit, format: format === 'parquet' ? 'table' : format, terminal }, values['no-history'] !== true);
      if (values['batch'] === true) return await runCases(engine, data, file, terminal);
      const query = await readText(file, terminal);
      if (values['explain'] === true) { await terminal.write(`${await engine.explain(query, data)}\n`); return EXIT.complete; }
      const answer = await engine.query(query, { ...data, signal: terminal.signal });
      if (format === 'parquet') await writeAnswerParquet(answer, out!);
      else await printAnswer(answer, { format, out, limit, signal: terminal.signal }, terminal);
      return EXIT.complete;
    } finally {
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

function checkInteractive(values: Values, terminal: Terminal): void {
  const needsFile = ['batch', 'explain', 'out'].find((name) => values[name] !== undefined);
  if (needsFile !== undefined) throw new AppError('input.usage', `--${needsFile} needs a FILE with a query, or - for standard input.`);
  if (!terminal.interactive) throw new AppError('input.usage', 'FILE is missing: give a file with a query, or - for standard input. See "tenantscope kql --help".');
}

/** The prompt, until the person ends it. */
async function converse(world: Omit<ReplWorld, 'language' | 'history'> & { readonly engine: LocalEngine }, keepsHistory: boolean): Promise<number> {
  const [{ Repl }, { LocalLanguageService }] = await Promise.all([import('../repl/repl.ts'), import('../../kql/language/service.ts')]);
  const history = keepsHistory ? HistoryFile.open(historyPath(process.env, homedir()), (text) => { world.terminal.say(text); }) : undefined;
  await new Repl({ ...world, language: new LocalLanguageService(), ...(history ? { history } : {}) }).run();
  return EXIT.complete;
}
