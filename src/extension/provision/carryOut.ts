import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
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
 * knows it already. Throws what went wrong, saying what is there; the caller has nothing to clean up.
 */
export async function carryOut(deps: ProvisionDeps, title: string, plan: Plan): Promise<PlanResult> {
  const { app, reveal } = deps;
  const result = await withCancellableProgress(title, (report, signal) => applyInWorker(app, plan, report, signal));
  if (!result.ok) {
    const failure = toFailure(result);
    // A cancellation is no news, but for what it leaves behind.
    if (failure.family === 'cancelled' && result.changes.some(({ state }) => state === 'done' || state === 'failed'))
      app.notify.warn(failure.message);
    throw failure;
  }
  const made = result.changes.find(
    ({ resource, action, state }) => resource === 'workspace' && state === 'done' && action !== 'delete',
  );
  if (made) await app.guard.quiet('provision.reveal', () => reveal(toWorkspaceKey(made.target)));
  return result;
}

async function applyInWorker(app: App, plan: Plan, report: Report, signal: CancelSignal): Promise<PlanResult> {
  const progress = app.worker.on('provision.progress', (event) => {
    if (event.plan === plan.id) report(event.progress.message, event.progress.fraction);
  });
  const onAbort = (): void => {
    app.guard.background('provision.cancel', () => app.worker.request('provision.cancel', { plan: plan.id }));
  };
  signal.addEventListener('abort', onAbort);
  try {
    return await app.worker.request('provision.apply', { plan: plan.id });
  } catch (thrown) {
    // The worker that knew how far it had come is gone: only the service knows now.
    if (toAppError(thrown).family === 'engine') await app.guard.quiet('provision.refresh', () => app.estate.load(true));
    throw thrown;
  } finally {
    progress.dispose();
    signal.removeEventListener('abort', onAbort);
  }
}

/** True where every change of the plan is there already. */
export function isNothingToDo(plan: Plan): boolean {
  return plan.changes.every((change) => change.action === 'none');
}

/** The failure of a plan. What there is now and how to go on stand in its message. */
function toFailure({ error }: PlanResult): AppError {
  return error
    ? AppError.fromData(error)
    : new AppError(
        'service.provision',
        'The operation did not finish. Look at the resource in the portal, then try again.',
      );
}
