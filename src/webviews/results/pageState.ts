import type { RunView } from '../../protocol/results.ts';
import { freshArrangement, toArrangement } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';

/** All that the Results page knows between two draws. */
export interface PageState {
  readonly run: RunView | null;
  readonly arrangement: Arrangement;
  /** A tab was chosen for this run, by the person or by `render`; nothing else changes it after that. */
  readonly tabChosen: boolean;
  /** Something that was asked for could not be done; it stays until the next snapshot or change. */
  readonly complaint?: string | undefined;
  /** The arrangement the person made last, to be kept across a hidden page. */
  readonly kept?: Arrangement;
}

/** What can happen to the page. */
export type PageChange =
  /** `stored` is what the page kept of an arrangement, of whichever run, and is not trusted. */
  | { readonly kind: 'run'; readonly run: RunView | null; readonly stored: unknown }
  | { readonly kind: 'arrange'; readonly change: Partial<Arrangement> }
  | { readonly kind: 'complain'; readonly message: string };

/** A page that has not heard of any run. */
export const EMPTY_PAGE: PageState = { run: null, arrangement: freshArrangement(''), tabChosen: false };

/** The state after something happened; nothing can be arranged while no run is shown. */
export function changePage(state: PageState, change: PageChange): PageState {
  switch (change.kind) {
    case 'run':
      return change.run ? showRun(state, change.run, change.stored) : { ...quiet(state), run: null };
    case 'arrange': {
      if (!state.run) return state;
      const arrangement = { ...state.arrangement, ...change.change };
      const tabChosen = state.tabChosen || change.change.tab !== undefined;
      return { ...quiet(state), arrangement, tabChosen, kept: arrangement };
    }
    case 'complain':
      return { ...state, complaint: change.message };
  }
}

function showRun(before: PageState, run: RunView, stored: unknown): PageState {
  const known = before.arrangement.run === run.run;
  const arrangement = known ? before.arrangement : toArrangement(stored, run.run, 'rows');
  const tabChosen = known ? before.tabChosen : arrangement.tab !== 'rows';
  // `render` is known with the first answer; it opens the chart unless the person has looked elsewhere meanwhile.
  const asked = run.render?.visualization;
  if (!tabChosen && asked && asked !== 'table')
    return { ...quiet(before), run, arrangement: { ...arrangement, tab: 'chart' }, tabChosen: true };
  return { ...quiet(before), run, arrangement, tabChosen };
}

function quiet(state: PageState): PageState {
  return { ...state, complaint: undefined };
}
