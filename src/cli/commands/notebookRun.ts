import { noAnswer, notebookAnswer } from '../../app/notebookAnswer.ts';
import { counted } from '../../base/counted.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { RunService } from '../../core/runs/runService.ts';
import { readNotebook } from '../../kql/notebook/notebookCells.ts';
import { cellName } from '../../kql/notebook/cellName.ts';
import { markdownSpans } from '../../kql/queryFiles/markdownSpans.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { positionOf } from '../../kql/queryFiles/places.ts';
import { readNotebookQueries } from '../../kql/queryFiles/readQueryFile.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type { Estate } from '../../model/estate.ts';
import type { AnswerMode, Confidentiality, EarlierResult, RunRequest } from '../../model/run.ts';

import { timeRangeLabel } from '../../model/timeRangeText.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { ReportedCell } from '../../report/notebook/notebookReport.ts';
import { textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import { unasked } from '../confidential.ts';
import { openAzure, openRuns } from '../compose.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { writeOut } from '../output/outFile.ts';
import { RunProgress } from '../output/progress.ts';
import { runToEnd } from '../runToEnd.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { ask, placedInFile, readParameters, sayProblems } from '../queryFile.ts';
import type { OpenedFile } from '../queryFile.ts';
import { readText } from '../queryText.ts';
import { codeOf } from './packRun.ts';
import { exitCode, orderOf } from './query.ts';

/** How the blocks of a notebook are asked, and where the document goes. */
export interface NotebookOptions {
  readonly values: Values;
  readonly timespan: TimeRange;
  readonly limit: number;
  readonly answer: AnswerMode;
  readonly confidential: Confidentiality;
  readonly maxRows: Pick<RunRequest, 'maxRows'>;
  readonly out: string | undefined;
}

interface Asking extends NotebookOptions {
  readonly file: OpenedFile;
  readonly given: ReadonlyMap<string, string>;
  readonly runs: RunService;
  readonly estate: Estate;
}

type QueryCell = Extract<ReportedCell, { kind: 'query' }>;

/**
 * Asks the blocks of a Markdown file one after the other and writes the document; resolves to the exit code of all of
 * them. Rejects with `input.file` where there is no block, and where nobody could be asked at all.
 */
export async function runNotebook(path: string, options: NotebookOptions, terminal: Terminal): Promise<number> {
  const text = await readText(path, terminal);
  // Whatever it is called, it is read as Markdown.
  const file: OpenedFile = { path, text, ...(await readNotebookQueries(text)) };
  sayProblems(file, terminal);
  if (file.queries.length === 0)
    throw new AppError('input.file', `There is no block of KQL ("\`\`\`kql") in ${path}. Nothing was sent.`);
  const given = readParameters(textsOf(options.values, 'param'), file.queries);
  const azure = await openAzure(options.values, terminal);
  const opened = await openRuns(azure);
  try {
    const estate = await azure.estate.load();
    const { cells, codes } = await answerAll({ ...options, file, given, runs: opened.runs, estate }, terminal);
    const { notebookHtml } = await import('../../report/toHtml.ts');
    const html = notebookHtml({ title: titleOf(text, path), at: new Date().toISOString(), cells });
    await writeOut(options.out, terminal, (put) => put(html));
    const done = codes.filter((code) => code === EXIT.complete).length;
    terminal.say(`${done} of ${counted(codes.length, 'query', 'queries')} answered in full`);
    return codeOf(codes.map((code) => ({ code })));
  } finally {
    await opened.close();
    azure.dispose();
  }
}

async function answerAll(
  asking: Asking,
  terminal: Terminal,
): Promise<{ readonly cells: readonly ReportedCell[]; readonly codes: readonly number[] }> {
  const { file } = asking;
  const { markdownHtml } = await import('../../report/markdownHtml.ts');
  const results: EarlierResult[] = [];
  const cells: ReportedCell[] = [],
    codes: number[] = [];
  const queries = [...file.queries];
  for (const cell of readNotebook(file.text).cells) {
    if (cell.kind === 'text') cells.push({ kind: 'text', html: markdownHtml(cell.value) });
    // A block without a word is no query of the file, either.
    if (cell.kind !== 'query' || cell.value.trim() === '') continue;
    const query = queries.shift();
    if (!query) break;
    const name = cellName(query.text);
    const answered = await answerOne(query, name, results, asking, terminal);
    cells.push(answered.cell);
    codes.push(answered.code);
    if (name !== undefined) results.push(answered.run === undefined ? { name } : { name, run: answered.run });
  }
  return { cells, codes };
}

async function answerOne(
  query: FileQuery,
  name: string | undefined,
  results: readonly EarlierResult[],
  { file, given, values, runs, estate, timespan, answer, confidential, maxRows, limit }: Asking,
  terminal: Terminal,
): Promise<{ readonly cell: QueryCell; readonly code: number; readonly run?: NonNullable<EarlierResult['run']> }> {
  const start = { kind: 'query', ...(name === undefined ? {} : { name }), query: query.text } as const;
  const failed = (code: number, reason: string): { cell: QueryCell; code: number } => {
    terminal.say(safeText(`${file.path}:${positionOf(file.text, query.place.start).line}: ${reason}`));
    return { cell: { ...start, asked: '', answer: noAnswer(reason) }, code };
  };
  if (terminal.signal.aborted) return failed(EXIT.cancelled, 'Not asked: the notebook was cancelled before.');
  const progress = new RunProgress(terminal, values['progress'] === true);
  let placed = (error: unknown): unknown => error;
  try {
    const asked = ask(file, query, given, values, estate);
    placed = (error) => placedInFile(error, asked);
    const timeRange = timespan.kind === 'inQuery' ? (asked.time ?? timespan) : timespan;
    const request = {
      query: asked.text,
      scope: asked.scope,
      timeRange,
      answer,
      ...confidential,
      ...maxRows,
      ...(values['no-cache'] === true ? { noCache: true } : {}),
      ...(values['scan'] === true ? { scan: true } : {}),
    };
    const { id } = await runs.startWith(request, results, terminal.signal);
    const run = await runToEnd(runs, id, progress, terminal);
    terminal.say(safeText(`${query.name}: ${run.completeness.sentence}; ${counted(run.rowCount, 'row')}`));
    const reported = await notebookAnswer(run, runs.rows(id), limit, orderOf(run));
    const asked_ =
      run.of === undefined
        ? // Resource Graph knows no time range.
          `${printScope(asked.scope)}, ${run.source === 'resourceGraph' ? 'Resource Graph as it was then' : timeRangeLabel(timeRange).toLowerCase()}`
        : 'the rows of earlier cells';
    return { cell: { ...start, asked: asked_, answer: reported }, code: exitCode(run, values), run: id };
  } catch (thrown) {
    const error = toAppError(placed(unasked(thrown)));
    return failed(terminal.signal.aborted ? EXIT.cancelled : exitCodeOf(error), placeWords(error));
  } finally {
    progress.end();
    terminal.status('');
  }
}

/** The message, with its place in the file where it has one and does not say it. */
function placeWords({ message, data }: AppError): string {
  const { line, column } = (data ?? {}) as { readonly line?: unknown; readonly column?: unknown };
  return typeof line !== 'number' || typeof column !== 'number' || message.includes(`line ${line}`)
    ? message
    : `${message} (line ${line}, column ${column})`;
}

/** The first heading, else the name of the file. */
function titleOf(text: string, path: string): string {
  for (const span of markdownSpans(text)) {
    const heading = span.kind === 'text' && /^ {0,3}#{1,6}[ \t]+(\S.{0,199})$/m.exec(text.slice(span.start, span.end));
    if (heading) return heading[1]!.replaceAll(/[#*_`]+/g, '').trim();
  }
  return path === '-' ? 'Notebook' : path.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
}
