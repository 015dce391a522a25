import { counted } from '../../base/counted.ts';
import { titleOfRun } from '../session/queryTitle.ts';
import { findResultSource, namedRuns, resultProblem } from '../session/resultSource.ts';
import type { RunBook } from '../session/runBook.ts';
import type { ResultStatus } from './statusBar.ts';

/** What the status bar says of a document that asks results; undefined where it asks a scope. */
export function resultStatus(text: string, runs: Pick<RunBook, 'find' | 'knowsHistory'>): ResultStatus | undefined {
  const source = findResultSource(text, runs);
  if (!source) return undefined;
  const problem = resultProblem(text, runs);
  const named = namedRuns(source);
  if (named && !problem) {
    const [{ run }, ...others] = named;
    const said = named.map(({ name, run: one }) => {
      const told = `${counted(one.rowCount, 'row')}. ${one.completeness.sentence}.`;
      return others.length > 0 ? `${name}: ${titleOfRun(one)}. ${told}` : told;
    });
    return {
      result: others.length > 0 ? `${titleOfRun(run)} and ${others.length} more` : titleOfRun(run),
      run: run.id,
      detail: [...said, 'Nobody is sent anything.'].join(others.length > 0 ? '\n' : ' '),
      warning: false,
    };
  }
  return {
    run: undefined,
    result: named ? 'two runs of one name' : problem ? 'a run that is gone' : 'an earlier run',
    detail: problem?.message ?? 'The runs of earlier windows are not loaded yet.',
    warning: problem !== undefined,
  };
}
