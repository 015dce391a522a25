import { ProgressLocation, window } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import { toSignal } from './cancel.ts';
import { plainMessage } from './plainMessage.ts';

/** Says how far work has come: a message, and the part of the whole that is done, from 0 to 1. */
export type Report = (message: string, fraction?: number) => void;

/** Long work with a cancel button, shown as a notification. `report`'s fraction is the whole so far, 0 to 1. */
export async function withCancellableProgress<T>(
  title: string,
  work: (report: Report, signal: CancelSignal) => Promise<T>,
): Promise<T> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title: plainMessage(title), cancellable: true },
    (progress, token) => {
      let reached = 0;
      const report: Report = (message, fraction) => {
        const whole = fraction === undefined ? reached : Math.max(reached, Math.min(1, fraction) * 100);
        progress.report({
          message: plainMessage(message),
          ...(fraction === undefined ? {} : { increment: whole - reached }),
        });
        reached = whole;
      };
      return work(report, toSignal(token));
    },
  );
}

/** Work that shows as a thin bar above a view. */
export async function withViewProgress<T>(viewId: string, work: () => Promise<T>): Promise<T> {
  return window.withProgress({ location: { viewId } }, work);
}
