import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { LocalEngine, QueryOptions } from '../../engine/face.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { PRINT_FORMATS } from '../output/printAnswer.ts';
import type { PrintFormat } from '../output/printAnswer.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { completeWord } from './completer.ts';
import type { Completions } from './completer.ts';

/** What can be typed at the prompt beside queries. */
export const DOT_COMMANDS = ['.tables', '.schema', '.explain', '.format', '.load', '.help', '.quit'] as const;

/** What `.help` prints. */
export const HELP = `A query may have several lines; it ends with a blank line or with ;
  .tables             the tables that are loaded
  .schema TABLE       the columns of a table, or of any query
  .explain QUERY      the SQL a query becomes
  .format FORMAT      how answers are printed: ${PRINT_FORMATS.join(', ')}
  .load FILE          one more file as the table of its name
  .help               this
  .quit               the end, as Ctrl+D
Tab completes. Ctrl+C leaves what is typed, or cancels the query that runs.`;

/** What the commands work on: the engine, its tables, and the terminal to print on. */
export interface DotWorld {
  readonly engine: Pick<LocalEngine, 'query' | 'sql'>;
  readonly data: Pick<QueryOptions, 'database' | 'resolve'>;
  readonly terminal: Terminal;
}

/** Reads `.format X`; without X undefined. */
export function formatOf(argument: string): PrintFormat | undefined {
  const format = PRINT_FORMATS.find((entry) => entry === argument.toLowerCase());
  if (argument !== '' && format === undefined)
    throw new AppError('input.usage', `"${argument.slice(0, 40)}" is not a format: ${PRINT_FORMATS.join(', ')}.`);
  return format;
}

/** Tables by name, with their rows; functions stand for the tables of all folders together. */
export async function printTables({ engine, data: { database }, terminal }: DotWorld): Promise<void> {
  const rows: Cell[][] = [];
  for (const { name, columns, source } of database.tables)
    rows.push([name, columns.length, (await engine.sql(`SELECT count(*) FROM ${source}`)).rows[0]?.[0] ?? null]);
  for (const { name } of database.functions ?? []) rows.push([name, null, null]);
  rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  if (rows.length === 0) {
    terminal.say('No tables are loaded. Start with --data DIR to have the files of a folder as tables.');
    return;
  }
  await printTable(
    terminal,
    'table',
    [
      { name: 'Table', type: 'string' },
      { name: 'Columns', type: 'int' },
      { name: 'Rows', type: 'long' },
    ],
    rows,
  );
}

/** The columns of a table by its name, or of a query. */
export async function printSchema(
  { engine, data, terminal }: DotWorld,
  argument: string,
  signal: NonNullable<QueryOptions['signal']>,
): Promise<void> {
  if (argument === '') throw new AppError('input.usage', 'Name a table: .schema TABLE');
  const columns =
    data.database.tables.find((table) => table.name === argument)?.columns ??
    (await columnsOf({ engine, data }, argument, signal));
  await printTable(
    terminal,
    'table',
    [
      { name: 'Column', type: 'string' },
      { name: 'Type', type: 'string' },
    ],
    columns.map(({ name, type }) => [name, type]),
  );
}

async function columnsOf(
  { engine, data }: Pick<DotWorld, 'engine' | 'data'>,
  argument: string,
  signal: NonNullable<QueryOptions['signal']>,
): Promise<readonly Column[]> {
  const isFunction = data.database.functions?.some(({ name }) => name === argument);
  const answer = await engine.query(`${isFunction ? `[${JSON.stringify(argument)}]` : argument}\n| take 0`, {
    ...data,
    signal,
  });
  try {
    return answer.tables[0]?.columns ?? [];
  } finally {
    for (const table of answer.tables) await table.dispose();
  }
}

/** The error for a word with a dot that is no command: `input.usage`, with those there are. */
export function unknownCommand(name: string): AppError {
  return new AppError('input.usage', `"${safeText(name.slice(0, 40))}" is not a command: ${DOT_COMMANDS.join(' ')}.`);
}

/** Completes a line that begins with a dot; undefined where a query follows. */
export function completeDot(line: string, data: DotWorld['data']): Completions | undefined {
  const [, name, typed] = /^(\.\w*)(?:\s+(.*))?$/s.exec(line) ?? [];
  if (name === undefined || typed === undefined) return completeWord(DOT_COMMANDS, line);
  if (name === '.format') return completeWord(PRINT_FORMATS, typed);
  if (name === '.load') return completePath(typed);
  if (name === '.schema')
    return completeWord(
      [...data.database.tables, ...(data.database.functions ?? [])].map((entry) => entry.name),
      typed,
    );
  return name === '.explain' ? undefined : [[], ''];
}

/** `~/` is the home folder here as in a shell; on Windows `~\` too. */
export function pathOf(typed: string): string {
  return typed.replace(process.platform === 'win32' ? /^~(?=$|[/\\])/ : /^~(?=$|\/)/, () => homedir());
}

/** A typed path's folder, to its last separator, the name after it, and the separator that goes on: both on Windows. */
export function splitTyped(
  typed: string,
  platform: NodeJS.Platform = process.platform,
): { readonly folder: string; readonly name: string; readonly separator: string } {
  // A drive without a separator (C:) is its current folder.
  const folder = (platform === 'win32' ? /^(?:.*[/\\]|[a-z]:)?/is : /^(?:.*\/)?/s).exec(typed)![0];
  const last = folder.at(-1);
  return { folder, name: typed.slice(folder.length), separator: last === '\\' && platform === 'win32' ? last : '/' };
}

/** Files and folders that begin with what is typed of a path; hidden ones where their dot is typed. */
function completePath(typed: string): Completions {
  const { folder, name, separator } = splitTyped(typed);
  try {
    const found = readdirSync(folder === '' ? '.' : join(pathOf(folder)), { withFileTypes: true }).filter(
      (entry) => entry.name.startsWith('.') === name.startsWith('.'),
    );
    const paths = found.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? separator : ''}`);
    return completeWord(paths.sort(), typed);
  } catch {
    return [[], typed];
  }
}
