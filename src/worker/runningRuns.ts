import type { AppErrorData } from '../base/errors.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/ids.ts';

/** The latest snapshot of every run that is going on, for telling their end when the process that ran them is gone. */
export class RunningRuns {
  private readonly runs = new Map<RunId, Run>();

  saw(run: Run): void {
    if (run.state === 'running') this.runs.set(run.id, run);
    else this.runs.delete(run.id);
  }
  all(): readonly Run[] {
    return [...this.runs.values()];
  }
}

/** A run whose process died: its rows are gone with it, so no target counts as answered. */
export function failedRun(run: Run, error: AppErrorData): Run {
  const targets = run.targets.map((target) =>
    target.state === 'skipped' ? target : { ...target, state: 'failed' as const, rows: 0, error },
  );
  return {
    ...run,
    state: 'failed',
    error,
    targets,
    rowCount: 0,
    finishedAt: new Date().toISOString(),
    completeness: {
      asked: run.completeness.asked,
      answered: 0,
      complete: false,
      missing: [
        { reason: 'lost in a crash', count: targets.length, workspaces: targets.map((target) => target.workspace) },
      ],
      sentence: `0 of ${run.completeness.asked} workspaces answered: the data worker crashed`,
    },
  };
}
