import { join } from 'node:path';
import { counted } from '../../base/counted.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import type { RunService } from '../../core/runs/runService.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import type { ExportFormat } from '../../model/exportFormat.ts';
import type { Estate } from '../../model/estate.ts';
import type { AnswerMode, Confidentiality, Run, RunRequest } from '../../model/run.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { Values } from '../command.ts';
import { exitCode, printRun, reportMissing } from './query.ts';
import { unasked } from '../confidential.ts';
import { openAzure, openRuns } from '../compose.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { RunProgress } from '../output/progress.ts';
import { runToEnd } from '../runToEnd.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { ask, placedInFile } from '../queryFile.ts';
import type { AskedQuery, OpenedFile } from '../queryFile.ts';
import { readScope } from '../scopeOption.ts';

/** One query of a pack, and the name of its result file. */
export interface PackQuery {
  readonly file: OpenedFile;
  readonly query: FileQuery;
  readonly fileName: string;
}

/** How the queries of a pack are asked; `out` is a folder. */
export interface PackOptions {
  readonly values: Values;
  readonly given: ReadonlyMap<string, string>;
  readonly timespan: TimeRange;
  readonly format: ExportFormat;
  readonly answer: AnswerMode;
  readonly confidential: Confidentiality;
  readonly maxRows: Pick<RunRequest, 'maxRows'>;
  readonly out: string | undefined;
}

/** What became of one query: a run, or why there was none. */
interface PackAnswer {
  readonly code: number;
  readonly run?: Run;
  readonly out?: string;
  readonly error?: AppError;
}

/**
 * Asks the queries one after the other, so that a pack takes no more of a quota than its queries do. What fails, fails
 * for itself. Resolves to the exit code of all of them; rejects where nobody could be asked at all.
 */
export async function runPack(
  queries: readonly PackQuery[],
  options: PackOptions,
  terminal: Terminal,
): Promise<number> {
  const azure = await openAzure(options.values, terminal);
  const opened = await openRuns(azure);
  try {
    const estate = await azure.estate.load();
    readScope(options.values, undefined, estate);
    const answers: PackAnswer[] = [];
    for (const query of queries) {
      const answer = terminal.signal.aborted
        ? { code: EXIT.cancelled }
        : await answerOne(query, { ...options, ...opened, estate }, terminal);
      answers.push(answer);
      if (options.values['json'] === true) continue;
      await terminal.write(`${safeText(lineOf(query, answer))}\n`);
    }
    if (options.values['json'] === true) await terminal.write(`${toJson(documentOf(queries, answers))}\n`);
    const done = answers.filter(({ code }) => code === EXIT.complete).length;
    terminal.say(`${done} of ${counted(queries.length, 'query', 'queries')} answered in full`);
    return codeOf(answers);
  } finally {
    await opened.close();
    azure.dispose();
  }
}

interface Asking extends PackOptions {
  readonly runs: RunService;
  readonly directory: string;
  readonly estate: Estate;
}

async function answerOne(entry: PackQuery, asking: Asking, terminal: Terminal): Promise<PackAnswer> {
  let asked: AskedQuery | undefined;
  try {
    asked = ask(entry.file, entry.query, asking.given, asking.values, asking.estate);
    return await runOne(asked, entry, asking, terminal);
  } catch (thrown) {
    const error = toAppError(asked ? placedInFile(unasked(thrown), asked) : thrown);
    return { code: terminal.signal.aborted ? EXIT.cancelled : exitCodeOf(error), error };
  } finally {
    terminal.status('');
  }
}

async function runOne(
  asked: AskedQuery,
  { fileName }: PackQuery,
  { runs, values, timespan, format, answer, confidential, maxRows, out, directory }: Asking,
  terminal: Terminal,
): Promise<PackAnswer> {
  const progress = new RunProgress(terminal, values['progress'] === true);
  const { id } = await runs.start({
    query: asked.text,
    scope: asked.scope,
    timeRange: timespan.kind === 'inQuery' ? (asked.time ?? timespan) : timespan,
    answer,
    ...confidential,
    ...maxRows,
    ...(values['no-cache'] === true ? { noCache: true } : {}),
    ...(values['scan'] === true ? { scan: true } : {}),
  });
  try {
    const run = await runToEnd(runs, id, progress, terminal);
    const path = out === undefined ? undefined : join(out, fileName);
    if (path !== undefined)
      await printRun(run, runs, { format, limit: 0, out: path, perCustomer: undefined, directory }, terminal);
    reportMissing(run, terminal);
    return { code: exitCode(run, values), run, ...(path === undefined ? {} : { out: path }) };
  } finally {
    await runs.discard(id);
  }
}

function lineOf({ query }: PackQuery, { run, out, error, code }: PackAnswer): string {
  if (run)
    return `${query.name}: ${run.completeness.sentence}; ${counted(run.rowCount, 'row')}${out === undefined ? '' : `; ${out}`}`;
  if (error) return `${query.name}: failed: ${error.message}`;
  return `${query.name}: ${code === EXIT.cancelled ? 'not asked, cancelled' : 'not asked'}`;
}

function documentOf(queries: readonly PackQuery[], answers: readonly PackAnswer[]): unknown {
  return queries.map(({ file, query }, i) => {
    const { run, out, error, code } = answers[i]!;
    return {
      name: query.name,
      path: file.path,
      tags: query.tags,
      state: run?.state ?? (error ? 'failed' : 'cancelled'),
      exitCode: code,
      completeness: run?.completeness,
      perWorkspaceNote: run?.perWorkspaceNote,
      rowCount: run?.rowCount,
      out,
      error: error && { code: error.code, message: error.message },
    };
  });
}

/** What several queries end the program with: what all of them have, else partial. */
export function codeOf(answers: readonly { readonly code: number }[]): number {
  const codes = [...new Set(answers.map(({ code }) => code))];
  if (codes.includes(EXIT.cancelled)) return EXIT.cancelled;
  return codes.length === 1 ? codes[0]! : EXIT.partial;
}
