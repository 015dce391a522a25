import { AppError } from '../base/errors.ts';
import type { RunService } from '../core/runs/runService.ts';
import type { RunId } from '../model/ids.ts';
import type { Run } from '../model/run.ts';
import type { RunProgress } from './output/progress.ts';
import type { Terminal } from './output/terminal.ts';

/**
 * Follows a run that was started to its end, with its progress on the terminal; cancelled with the terminal it ends all
 * the same, with what had come. Rejects with what failed it as a whole.
 */
export async function runToEnd(runs: RunService, id: RunId, progress: RunProgress, terminal: Terminal): Promise<Run> {
  const listening = runs.changed((run) => {
    if (run.id === id) progress.show(run);
  });
  const cancel = (): void => {
    runs.cancel(id);
  };
  terminal.signal.addEventListener('abort', cancel);
  try {
    if (terminal.signal.aborted) cancel();
    const run = await runs.ended(id);
    if (run.state === 'failed' && run.error) throw AppError.fromData(run.error);
    return run;
  } finally {
    terminal.signal.removeEventListener('abort', cancel);
    listening.dispose();
    progress.end();
  }
}
