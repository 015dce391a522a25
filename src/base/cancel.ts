/**
 * Cooperative cancellation without a platform: the DOM's AbortSignal by shape, so Node's, VS Code's and ours all fit.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal that never fires, for callers that cannot cancel. */
export const NEVER: CancelSignal = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};
