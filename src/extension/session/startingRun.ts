import { counted } from '../../base/counted.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { toRunId } from '../../model/ids.ts';
import type { RunId } from '../../model/ids.ts';
import { targetNoun } from '../../model/run.ts';
import type { Run, RunRequest } from '../../model/run.ts';

/** The id of a run that the worker has not planned yet. */
export const STARTING: RunId = toRunId('starting');

/** What can be said of a run before the worker has told whom it asks: that it starts. */
export function startingRun({ query, scope, timeRange, answer = 'across' }: RunRequest, startedAt: string): Run {
  return {
    id: STARTING,
    query,
    scope,
    timeRange,
    state: 'running',
    startedAt,
    targets: [],
    columns: [],
    rowCount: 0,
    answer,
    completeness: { asked: 0, answered: 0, complete: false, missing: [], sentence: 'Starting' },
  };
}

/** A run whose process died: its rows are gone with it, so no target counts as answered. */
export function crashedRun(run: Run, error: AppErrorData, finishedAt: string): Run {
  const workspaces = run.targets.flatMap((target) => (target.kind === 'workspace' ? [target.workspace] : []));
  const subscriptions = run.targets.flatMap((target) => (target.kind === 'subscriptions' ? [target.key] : []));
  const tenants = run.targets.flatMap((target) => (target.kind === 'tenant' ? [target.tenant] : []));
  return {
    ...run,
    state: 'failed',
    error,
    targets: run.targets.map((target) =>
      target.state === 'skipped' ? target : { ...target, state: 'failed', rows: 0, error },
    ),
    rowCount: 0,
    finishedAt,
    completeness: {
      asked: run.completeness.asked,
      answered: 0,
      complete: false,
      missing: [
        {
          reason: 'lost in a crash',
          count: run.targets.length,
          workspaces,
          ...(subscriptions.length > 0 ? { subscriptions } : {}),
          ...(tenants.length > 0 ? { tenants } : {}),
        },
      ],
      sentence: `0 of ${counted(run.completeness.asked, targetNoun(run.source))} answered: the data worker crashed`,
    },
  };
}
