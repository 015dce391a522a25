import type { CancellationToken } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import { LocalSignal } from '../../base/rpc.ts';

/** A VS Code token as the product's signal. Garbage collected with its token: nothing to dispose. */
export function toSignal(token: CancellationToken): CancelSignal {
  const signal = new LocalSignal();
  if (token.isCancellationRequested) signal.abort();
  else
    token.onCancellationRequested(() => {
      signal.abort();
    });
  return signal;
}
