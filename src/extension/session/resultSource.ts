import { findResultLine } from '../../kql/resultLine.ts';
import type { ResultLine } from '../../kql/resultLine.ts';
import { toRunId } from '../../model/ids.ts';
import type { Run } from '../../model/run.ts';
import type { RunBook } from './runBook.ts';

/** What a document that asks a result says, and the run it means, where this window knows it. */
export interface ResultSource {
  readonly line: ResultLine;
  readonly run: Run | undefined;
}

/**
 * The result that a document's queries ask instead of a scope; undefined where it has no `// @result` line. Whatever
 * the line says, it can mean a run of this window's worker alone.
 */
export function findResultSource(text: string, runs: Pick<RunBook, 'find'>): ResultSource | undefined {
  const line = findResultLine(text);
  return line && { line, run: line.run && runs.find(toRunId(line.run.id)) };
}

/** What is wrong with a document's `// @result` line, and where; undefined where nothing is, or nobody knows yet. */
export function resultProblem(
  text: string,
  runs: Pick<RunBook, 'find' | 'knowsHistory'>,
): { readonly message: string; readonly start: number; readonly end: number } | undefined {
  const source = findResultSource(text, runs);
  if (!source || source.run) return undefined;
  const { run, start, end } = source.line;
  if (!run) return { message: NO_RUN, start, end };
  return runs.knowsHistory ? { message: RESULT_GONE, start: run.start, end: run.end } : undefined;
}

/** What is said of a line that names no run. */
export const NO_RUN = 'This line names no run. Choose "Ask This Result Again" on a run to get one that does.';
/** What is said of a run whose rows are not there any more. */
export const RESULT_GONE = 'This result is no longer kept. Run its first query again, and ask the new result.';
