import { AppError } from '../../base/errors.ts';
import { printResultQuery } from '../../kql/resultLine.ts';
import { isUnanswered } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { titleOfRun } from './queryTitle.ts';

/** Opens a new query that asks the rows of this run. Rejects with `input.*` where there are none to ask. */
export async function openResult(run: Run): Promise<void> {
  if (run.state === 'running')
    throw new AppError('input.runBusy', 'The run is still going on. Cancel it, or wait for its end.');
  if (isUnanswered(run))
    throw new AppError(
      'input.noAnswer',
      'Nobody answered this run, so there is no result to ask. Run its query again.',
    );
  await openNewQuery(printResultQuery({ id: run.id, title: titleOfRun(run) }));
}
