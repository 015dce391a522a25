import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { QueryAnswer, QueryResult } from '../../engine/face.ts';
import { csvLine, csvRow, jsonRow } from '../../engine/store/textFormats.ts';
import { choiceOf, numberOf, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { loadData } from '../localData.ts';
import { formatTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { readText } from '../queryText.ts';
import { runCases } from './kqlBatch.ts';

const FORMATS = ['table', 'json', 'csv', 'parquet'] as const;
const TABLE_ROWS = 1_000;
const PAGE = 10_000;

export const KQL: Command = {
  name: 'kql',
  summary: 'KQL over local files',
  options: {
    data: { type: 'string' }, format: { type: 'string' }, out: { type: 'string' }, limit: { type: 'string' }, explain: { type: 'boolean' }, batch: { type: 'boolean' }, memory: { type: 'string' },
  },
  positionals: ['[FILE]'],
  help: `Usage: tenantscope kql FILE|- [--data DIR] [options]
       tenantscope kql --batch CASES.jsonl [--data DIR]

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

${EXIT_CODES_HELP}`,
  async run({ values, positionals, terminal }) {
    const [file] = positionals;
    // The place for an interactive prompt, where no FILE is given on a screen.
    if (file === undefined) throw new AppError('input.usage', 'FILE is missing: give a file with a query, or - for standard input. See "tenantscope kql --help".');
    const format = choiceOf(values, 'format', FORMATS, 'table');
    const out = textOf(values, 'out');
    if (format === 'parquet' && out === undefined) throw new AppError('input.usage', '--format parquet needs --out FILE.');
    const directory = await mkdtemp(join(tmpdir(), 'tenantscope-kql-'));
    const { openEngine } = await import('../../engine/runtime/localEngine.ts');
    const engine = await openEngine({ memoryLimitMb: numberOf(values, 'memory') ?? 1024, tempDirectory: directory });
    try {
      const data = await loadData(engine, textOf(values, 'data'));
      if (values['batch'] === true) return await runCases(engine, data, file, terminal);
      const query = await readText(file, terminal);
      if (values['explain'] === true) { await terminal.write(`${await engine.explain(query, data)}\n`); return EXIT.complete; }
      const answer = await engine.query(query, { ...data, signal: terminal.signal });
      await print(answer, { format, out, limit: numberOf(values, 'limit') ?? TABLE_ROWS }, terminal);
      return EXIT.complete;
    } finally {
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

interface Printing { readonly format: (typeof FORMATS)[number]; readonly out: string | undefined; readonly limit: number }

async function print(answer: QueryAnswer, { format, out, limit }: Printing, terminal: Terminal): Promise<void> {
  if (format === 'parquet') {
    if (answer.tables.length !== 1) throw new AppError('input.usage', `The answer has ${answer.tables.length} tables; a Parquet file holds one.`);
    const { writeParquet } = await import('../../engine/store/parquet.ts');
    await writeParquet(out!, answer.tables[0]!.columns, pages(answer.tables[0]!));
    return;
  }
  if (out !== undefined) await writeFile(out, '').catch((cause: Error) => { throw new AppError('input.exportPath', `The file ${out} cannot be written: ${cause.message}`, { cause }); });
  const put = (text: string): Promise<void> => (out === undefined ? terminal.write(text) : writeFile(out, text, { flag: 'a' }));
  const several = answer.tables.length > 1;
  for (const [n, table] of answer.tables.entries()) {
    if (format === 'table') {
      if (several) await put(`${n > 0 ? '\n' : ''}${table.name}\n`);
      await put(formatTable(table.columns, await table.rows(0, limit), out === undefined ? { width: terminal.width, colours: terminal.colours } : {}));
      if (table.rowCount > limit) terminal.say(`The first ${limit.toLocaleString('en-US')} of ${table.rowCount.toLocaleString('en-US')} rows. Use --limit, or --format csv for all of them.`);
    } else if (format === 'csv') {
      await put(`${n > 0 ? '\r\n' : ''}${csvLine(table.columns.map((column) => column.name))}`);
      for await (const rows of pages(table)) await put(rows.map((row) => csvRow(table.columns, row)).join(''));
    } else {
      await put(several ? `${n === 0 ? '{' : ',\n'}${JSON.stringify(table.name)}:[` : '[');
      let first = true;
      for await (const rows of pages(table)) { await put(rows.map((row, i) => `${first && i === 0 ? '\n' : ',\n'}${jsonRow(table.columns, row)}`).join('')); first = false; }
      await put(several ? `\n]${n === answer.tables.length - 1 ? '}\n' : ''}` : '\n]\n');
    }
  }
}

async function* pages(table: QueryResult): AsyncGenerator<Awaited<ReturnType<QueryResult['rows']>>> {
  for (let first = 0; first < table.rowCount; first += PAGE) yield await table.rows(first, PAGE);
}

