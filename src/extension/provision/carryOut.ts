import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { PlanId, WorkspaceKey } from '../../model/ids.ts';
import type { Plan, PlanResult } from '../../model/plan.ts';
import type { App } from '../platform/app.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import type { Report } from '../platform/progress.ts';

/** What a provisioning feature needs beyond the app: to show a workspace in the tree. */
export interface ProvisionDeps {
  readonly app: App;
  readonly reveal: (key: WorkspaceKey) => Promise<void>;
}

/**
 * Carries a plan out in Azure with its progress shown and a cancel button, then shows what was made in the tree, which
 * knows it already. The result tells what failed; rejects where it was refused before anything was done, or where the
 * worker is gone.
 */
export async function carryOut(
  deps: ProvisionDeps,
  plan: Plan,
  typed: string | undefined,
  hear: (message: string) => void,
): Promise<PlanResult> {
  const { app, reveal } = deps;
  const result = await withCancellableProgress(plan.title, (report, signal) => {
    const both: Report = (message, fraction) => {
      report(message, fraction);
      hear(message);
    };
    return applyInWorker(app, { plan: plan.id, ...(typed === undefined ? {} : { typed }) }, both, signal);
  });
  const made = result.changes.find(
    ({ resource, action, state }) => resource === 'workspace' && state === 'done' && action !== 'delete',
  );
  if (made) await app.guard.quiet('provision.reveal', () => reveal(toWorkspaceKey(made.target)));
  return result;
}

async function applyInWorker(
  app: App,
  asked: { readonly plan: PlanId; readonly typed?: string },
  report: Report,
  signal: CancelSignal,
): Promise<PlanResult> {
  const progress = app.worker.on('provision.progress', (event) => {
    if (event.plan === asked.plan) report(event.progress.message, event.progress.fraction);
  });
  const onAbort = (): void => {
    app.guard.background('provision.cancel', () => app.worker.request('provision.cancel', { plan: asked.plan }));
  };
  signal.addEventListener('abort', onAbort);
  try {
    return await app.worker.request('provision.apply', asked);
  } catch (thrown) {
    // The worker that knew how far it had come is gone: only the service knows now.
    if (toAppError(thrown).family === 'engine') await app.guard.quiet('provision.refresh', () => app.estate.load(true));
    throw thrown;
  } finally {
    progress.dispose();
    signal.removeEventListener('abort', onAbort);
  }
}
