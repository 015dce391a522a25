/** A second page's contract, as small as one can be that uses every part: checks, one of them failing to open. */
export type FitHost = {
  requests: {
    ready: { input: { version: 1 }; output: FitView | null };
    open: { input: { check: string }; output: null };
  };
  events: { fit: FitView };
};

export interface FitView {
  readonly done: number;
  readonly checks: readonly { readonly name: string; readonly verdict: string }[];
}
