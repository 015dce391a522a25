import { AppError } from '../base/errors.ts';
import type { LiteralValue } from '../kql/literal.ts';
import { oneOf, takes, valueFor } from '../kql/queryFiles/parameters.ts';
import { offsetInFile, positionOf } from '../kql/queryFiles/places.ts';
import { prepareQuery } from '../kql/queryFiles/prepareQuery.ts';
import type { PreparedQuery } from '../kql/queryFiles/prepareQuery.ts';
import type { FileQuery, QueryFile } from '../kql/queryFiles/queryFile.ts';
import { readQueryFile } from '../kql/queryFiles/readQueryFile.ts';
import { offsetOf, placeBefore } from '../kql/textEdits.ts';
import type { Estate } from '../model/estate.ts';
import type { Scope } from '../model/scope.ts';
import type { TimeRange } from '../model/timeRange.ts';
import { textOf, textsOf } from './command.ts';
import type { Values } from './command.ts';
import { showingPlaces } from './output/placedError.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';
import { readText } from './queryText.ts';
import { readScope } from './scopeOption.ts';

/** Queries of a long list that are told one by one. */
const LISTED = 50;

/** A file of queries that was read: `text` is all of it. */
export interface OpenedFile extends QueryFile {
  readonly path: string;
  readonly text: string;
}

/** A query that is ready to be asked, and where it comes from. */
export interface AskedQuery extends PreparedQuery {
  readonly query: FileQuery;
  readonly file: Pick<OpenedFile, 'path' | 'text'>;
  readonly scope: Scope;
  readonly time: TimeRange | undefined;
}

/** Reads a file of queries, or standard input for `-`; rejects with `input.file`. */
export async function openQueryFile(path: string, terminal: Terminal): Promise<OpenedFile> {
  const text = await readText(path, terminal);
  return { path, text, ...(await readQueryFile(path, text)) };
}

/** What could not be read of a file, a line each. */
export function sayProblems({ path, text, problems }: OpenedFile, terminal: Pick<Terminal, 'say'>): void {
  for (const { message, start } of problems)
    terminal.say(safeText(`${path}:${positionOf(text, start).line}: ${message}`));
}

/**
 * The one query of FILE that the options choose, with its parameters set. Rejects with `input.file`, `input.usage`
 * where one has to be chosen (after telling which there are), `input.parameter` and `input.scope`.
 */
export async function readAsked(path: string, values: Values, terminal: Terminal): Promise<AskedQuery> {
  const file = await openQueryFile(path, terminal);
  sayProblems(file, terminal);
  const query = choose(file, textOf(values, 'query-name'), terminal);
  return ask(file, query, readParameters(textsOf(values, 'param'), [query]), values);
}

function choose({ path, queries }: OpenedFile, wanted: string | undefined, terminal: Pick<Terminal, 'say'>): FileQuery {
  const [first] = queries;
  if (!first) throw new AppError('input.file', `There is no query in ${path}. Nothing was sent.`);
  if (wanted === undefined && queries.length === 1) return first;
  const named = queries.filter(({ name }) => name.toLowerCase() === wanted?.toLowerCase());
  const found = named.length > 0 ? named : queries.filter((_, i) => String(i + 1) === wanted);
  if (found.length === 1) return found[0]!;
  for (const [i, { name, description }] of queries.slice(0, LISTED).entries())
    terminal.say(safeText(`${String(i + 1).padStart(4)}  ${name}${description ? ` - ${oneLine(description)}` : ''}`));
  if (queries.length > LISTED) terminal.say(`      and ${queries.length - LISTED} more`);
  const why =
    wanted === undefined
      ? `${path} has ${queries.length} queries.`
      : `${found.length > 1 ? `${found.length} queries` : 'No query'} of ${path} ${found.length > 1 ? 'are' : 'is'} called "${wanted.slice(0, 80)}".`;
  throw new AppError('input.usage', `${why} Choose one with --query-name, by name or number. Nothing was sent.`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 100);
}

/** Values of `--param name=value` by name. Throws `input.parameter` for a name that none of the queries knows. */
export function readParameters(given: readonly string[], queries: readonly FileQuery[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(0, equals)).trim();
    if (equals < 1) throw new AppError('input.parameter', `--param is NAME=VALUE, not "${text.slice(0, 80)}".`);
    const known = [...new Set(queries.flatMap(({ parameters }) => parameters.map((parameter) => parameter.name)))];
    if (!known.includes(name))
      throw new AppError(
        'input.parameter',
        `There is no parameter "${name.slice(0, 80)}"${known.length > 0 ? `, only ${known.slice(0, 20).join(', ')}` : ': the query has none'}. Nothing was sent.`,
      );
    values.set(name, text.slice(equals + 1));
  }
  return values;
}

/** A query with its scope and its parameters' values. Throws `input.file`, `input.parameter` and `input.scope`. */
export function ask(
  file: Pick<OpenedFile, 'path' | 'text'>,
  query: FileQuery,
  given: ReadonlyMap<string, string>,
  values: Values,
  estate?: Estate,
): AskedQuery {
  if (query.refusal)
    throw new AppError('input.file', `"${query.name}" cannot be run: ${query.refusal} Nothing was sent.`);
  const typed = new Map<string, LiteralValue>();
  for (const parameter of query.parameters) {
    const { name, type, choices } = parameter;
    const text = given.get(name);
    if (text === undefined) continue;
    const value = valueFor(parameter, text);
    if (value === undefined)
      throw new AppError(
        'input.parameter',
        `--param ${name} is ${choices ? takes(parameter) : oneOf(type)}, not "${text.slice(0, 80)}". Nothing was sent.`,
      );
    typed.set(name, value);
  }
  const { missing, text, edits } = prepareQuery(query, typed);
  if (missing.length > 0) {
    const needed = query.parameters.filter(({ name }) => missing.includes(name));
    throw new AppError(
      'input.parameter',
      `"${query.name}" needs ${needed.map(({ name, type }) => `--param ${name}=VALUE (${type})`).join(' and ')}. Nothing was sent.`,
    );
  }
  return { query, file, text, edits, scope: readScope(values, query.scope, estate), time: query.time };
}

/** Does `work` as `showingPlaces` does, with the places of the file that the query comes from. */
export function readingErrors(asked: AskedQuery, terminal: Terminal, work: () => Promise<number>): Promise<number> {
  const { query, file } = asked;
  // Where the lines of a query are none of the file, its own are what a person can read.
  if (query.quoted) return showingPlaces(asked.text, `${file.path} (${query.name})`, terminal, work);
  return showingPlaces(file.text, file.path, terminal, async () => {
    try {
      return await work();
    } catch (error) {
      throw placedInFile(error, asked);
    }
  });
}

/** An error of a query with the place it has in the file; any other one as it is. */
export function placedInFile(error: unknown, { edits, file, query }: AskedQuery): unknown {
  if (!(error instanceof AppError) || error.family !== 'query' || query.quoted) return error;
  const { line, column } = (error.data ?? {}) as { readonly line?: unknown; readonly column?: unknown };
  if (typeof line !== 'number' || typeof column !== 'number') return error;
  const written = offsetOf(query.text, placeBefore(query.text, edits, { line, column }));
  const place = positionOf(file.text, offsetInFile(query.segments, written));
  const said = (at: typeof place): string => `(line ${at.line}, column ${at.column})`;
  return new AppError(
    error.code,
    error.message.replace(said({ line, column }), () => said(place)),
    {
      cause: error,
      data: { ...error.data, ...place },
    },
  );
}
