import { findDoubleName, findResultLines } from '../../kql/resultLine.ts';
import type { ResultLine } from '../../kql/resultLine.ts';
import { toRunId } from '../../model/ids.ts';
import type { Run } from '../../model/run.ts';
import type { NamedRun, RunBook } from './runBook.ts';

/** One `// @result` line, and the run it means, where this window knows it. */
export interface ResultOfLine {
  readonly line: ResultLine;
  readonly run: Run | undefined;
}

/** What a document that asks results says: a line for each, in their order. */
export type ResultSource = readonly [ResultOfLine, ...ResultOfLine[]];

/**
 * The results that a document's queries ask instead of a scope; undefined where it has no `// @result` line. Whatever
 * the lines say, they can mean runs of this window's worker alone.
 */
export function findResultSource(text: string, runs: Pick<RunBook, 'find'>): ResultSource | undefined {
  const [first, ...rest] = findResultLines(text).map((line): ResultOfLine => ({
    line,
    run: line.run && runs.find(toRunId(line.run.text)),
  }));
  return first && [first, ...rest];
}

/** The runs of all lines by their names; undefined where one of them is not there, or not yet. */
export function namedRuns(source: ResultSource): readonly [NamedRun, ...NamedRun[]] | undefined {
  const [first, ...rest] = source.flatMap(({ line, run }) => (run ? [{ name: line.name.text, run }] : []));
  return first && 1 + rest.length === source.length ? [first, ...rest] : undefined;
}

/** Something wrong with a `// @result` line, and where. */
export interface ResultProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What is wrong with a document's `// @result` lines, the first of it; undefined where nothing is, or nobody knows yet.
 */
export function resultProblem(text: string, runs: Pick<RunBook, 'find' | 'knowsHistory'>): ResultProblem | undefined {
  const source = findResultSource(text, runs);
  if (!source) return undefined;
  for (const { line, run } of source) {
    if (!line.run) return { message: NO_RUN, start: line.start, end: line.end };
    if (!run && runs.knowsHistory) return { message: RESULT_GONE, start: line.run.start, end: line.run.end };
  }
  const double = findDoubleName(source.map(({ line }) => line));
  return double && { message: sameName(double.text), start: double.start, end: double.end };
}

/** What is said of a line that names no run. */
export const NO_RUN = 'This line names no run. Choose "Ask This Result Again" on a run to get one that does.';
/** What is said of a run whose rows are not there any more. */
export const RESULT_GONE = 'This result is no longer kept. Run its first query again, and ask the new result.';

function sameName(name: string): string {
  return `Two results are called ${name}. Give this one a name of its own: "// @result RUN as Name".`;
}
