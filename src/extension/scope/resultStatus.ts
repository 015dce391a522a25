import { counted } from '../../base/counted.ts';
import { titleOfRun } from '../session/queryTitle.ts';
import { findResultSource, resultProblem } from '../session/resultSource.ts';
import type { RunBook } from '../session/runBook.ts';
import type { ResultStatus } from './statusBar.ts';

/** What the status bar says of a document that asks a result; undefined where it asks a scope. */
export function resultStatus(text: string, runs: Pick<RunBook, 'find' | 'knowsHistory'>): ResultStatus | undefined {
  const source = findResultSource(text, runs);
  if (!source) return undefined;
  const { run } = source;
  if (run)
    return {
      result: titleOfRun(run),
      run: run.id,
      detail: `${counted(run.rowCount, 'row')}. ${run.completeness.sentence}. Nobody is sent anything.`,
      warning: false,
    };
  const problem = resultProblem(text, runs);
  return {
    run: undefined,
    result: problem ? 'a run that is gone' : 'an earlier run',
    detail: problem?.message ?? 'The runs of earlier windows are not loaded yet.',
    warning: problem !== undefined,
  };
}
