import { randomUUID } from 'node:crypto';
import { AppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { ProvisionResult } from '../../model/plan.ts';
import type { App } from '../platform/app.ts';
import { withCancellableProgress } from '../platform/progress.ts';

/** What a provisioning feature needs beyond the app: to show a workspace in the tree. */
export interface ProvisionDeps {
  readonly app: App;
  readonly reveal: (key: WorkspaceKey) => Promise<void>;
}

/**
 * Carries something out in Azure with its progress shown and a cancel button, then brings the tree up to date - also
 * after a failure,
 * since a part may exist now. Throws what went wrong, saying what is there; the caller has nothing to clean up.
 */
export async function carryOut(
  { app, reveal }: ProvisionDeps,
  title: string,
  work: (token: string, signal: CancelSignal) => Promise<ProvisionResult>,
): Promise<ProvisionResult> {
  const token = randomUUID();
  let result: ProvisionResult;
  try {
    result = await withCancellableProgress(title, async (report, signal) => {
      const subscription = app.worker.on('provision.progress', (event) => {
        if (event.token === token) report(event.progress.message, event.progress.fraction);
      });
      try {
        return await work(token, signal);
      } finally {
        subscription.dispose();
      }
    });
  } finally {
    await app.guard.quiet('provision.refresh', () => app.estate.load(true));
  }
  if (!result.ok) throw toFailure(result);
  if (result.workspace) await app.guard.quiet('provision.reveal', () => reveal(result.workspace!));
  return result;
}

/** A failure in the middle says what exists now; how to go on stands in the service's own message. */
export function toFailure(result: ProvisionResult): AppError {
  const error = result.error
    ? AppError.fromData(result.error)
    : new AppError(
        'service.provision',
        'The operation did not finish. Look at the resource in the portal, then try again.',
      );
  const missing = result.exists.filter((name) => !error.message.includes(name));
  return missing.length
    ? new AppError(error.code, `${error.message} What exists now: ${missing.join(', ')}.`, {
        retryable: error.retryable,
        ...(error.data ? { data: { ...error.data } } : {}),
        cause: error,
      })
    : error;
}
