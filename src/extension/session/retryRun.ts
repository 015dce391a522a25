import type { RunId } from '../../model/ids.ts';
import { mayAnswerAgain } from '../../model/run.ts';
import type { Notifier } from '../platform/notify.ts';
import type { RunBook } from './runBook.ts';

/**
 * Asks those again that did not answer. Where the service wants tables searched instead of queried, the person is asked
 * first, because each search is charged; who declines has only the others asked again.
 */
export async function retryRun(
  app: { readonly runs: Pick<RunBook, 'find' | 'retry'>; readonly notify: Pick<Notifier, 'confirm'> },
  id: RunId,
): Promise<void> {
  const run = app.runs.find(id);
  const again = run?.targets.filter(mayAnswerAgain) ?? [];
  const toScan = again.filter((target) => target.error?.code === 'query.needsScan').length;
  const scanOnly = toScan > 0 && toScan === again.length;
  if (toScan === 0) await app.runs.retry(id);
  // Refused for want of a time range, which is said, unless others are to be asked again anyway.
  else if (run!.timeRange.kind === 'inQuery') await app.runs.retry(id, scanOnly);
  else {
    const agreed = await app.notify.confirm(
      `Search Basic and Auxiliary tables in ${toScan === 1 ? '1 workspace' : `${toScan} workspaces`}?`,
      'These tables cannot be queried, only searched. Azure charges each search by the gigabytes that the table took in within the time range, to the subscription of the workspace. Two run at once.',
      'Search',
    );
    if (agreed || !scanOnly) await app.runs.retry(id, agreed);
  }
}
