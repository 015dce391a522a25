import type { AppErrorData } from '../../base/errors.ts';
import { toRunId } from '../../model/ids.ts';
import type { RunId } from '../../model/ids.ts';
import type { Run, RunRequest } from '../../model/run.ts';

/** The id of what is shown of a query that was refused before anything was sent. */
export const REFUSED: RunId = toRunId('refused');

/** A query that was refused, as it is shown in the place of an answer: nobody was asked, and why. */
export function refusedRun(
  { query, scope, timeRange, answer = 'across' }: RunRequest,
  error: AppErrorData,
  at: string,
): Run {
  return {
    id: REFUSED,
    query,
    scope,
    timeRange,
    state: 'failed',
    startedAt: at,
    finishedAt: at,
    targets: [],
    columns: [],
    rowCount: 0,
    answer,
    completeness: { asked: 0, answered: 0, complete: false, missing: [], sentence: 'Nothing was sent' },
    error,
  };
}
