import { ProgressLocation, window } from 'vscode';
import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { RunId } from '../../model/ids.ts';
import { targetNoun } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { titleOfRun } from '../session/queryTitle.ts';

/**
 * Progress in the window's status bar until the run ends; then at most one message, whatever the number of failures.
 * Tenants that cannot be entered are no news.
 */
export function followRun(app: App, first: Run, followed: Set<RunId>): void {
  followed.add(first.id);
  void window.withProgress(
    // In the status bar, where `$(name)` is an icon.
    { location: ProgressLocation.Window, title: plainLabel(titleOfRun(first)) },
    (progress) =>
      new Promise<void>((resolve) => {
        const subscription = app.runs.onDidChange((run) => {
          const now = run?.id === first.id ? run : app.runs.find(first.id);
          if (now?.state === 'running') {
            // A tenant that cannot be entered is a target, too, but no workspace that is asked.
            const asked = now.targets.filter(({ kind }) => kind !== 'tenant');
            const done = asked.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
            progress.report({ message: `${done} of ${counted(asked.length, targetNoun(now.source))}` });
            return;
          }
          subscription.dispose();
          followed.delete(first.id);
          resolve();
          if (now && !app.runs.isQuiet(now)) tell(app, now);
        });
      }),
  );
}

function tell(app: App, run: Run): void {
  // The run of a language model is not the one that is shown.
  const showTargets =
    app.runs.shown?.id === run.id
      ? ({ title: 'Show Targets', command: 'tenantscope.results.show', args: ['targets'] } as const)
      : ({ title: 'Show Results', command: 'tenantscope.runs.open', args: [run] } as const);
  if (run.state === 'failed')
    app.notify.failure(run.error ?? new AppError('engine.failed', 'The run failed.'), showTargets);
  else if (
    run.state === 'finished' &&
    run.targets.some((target) => target.state === 'failed' || target.state === 'partial')
  )
    app.notify.warn(`${run.completeness.sentence}.`, showTargets);
}
