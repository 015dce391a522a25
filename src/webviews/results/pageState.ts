import type { RunView } from '../../protocol/results.ts';
import type { ColumnLayout } from '../../model/columnLayout.ts';
import { EMPTY_LAYOUT } from '../../model/columnLayout.ts';
import { freshArrangement, toArrangement } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';

/** All that the Results page knows between two draws. */
export interface PageState {
  readonly run: RunView | null;
  readonly arrangement: Arrangement;
  /** How the columns are arranged: what the run's first snapshot brought, then what the person made of it. */
  readonly layout: ColumnLayout;
  /** A tab was chosen for this run, by the person or by `render`; nothing else changes it after that. */
  readonly tabChosen: boolean;
  /** Something that was asked for could not be done; it stays until the next snapshot or change. */
  readonly complaint?: string | undefined;
  /** The arrangement the person made last, to be kept across a hidden page. */
  readonly kept?: Arrangement;
  /** The layout the person made last, to be kept by the host for this run's query. */
  readonly keptLayout?: { readonly run: string; readonly layout: ColumnLayout };
}

/** What can happen to the page. */
export type PageChange =
  /** `stored` is what the page kept of an arrangement, of whichever run, and is not trusted. */
  | { readonly kind: 'run'; readonly run: RunView | null; readonly stored: unknown }
  | { readonly kind: 'arrange'; readonly change: Partial<Arrangement> }
  | { readonly kind: 'layout'; readonly layout: ColumnLayout }
  | { readonly kind: 'complain'; readonly message: string };

/** A page that has not heard of any run. */
export const EMPTY_PAGE: PageState = {
  run: null,
  arrangement: freshArrangement(''),
  layout: EMPTY_LAYOUT,
  tabChosen: false,
};

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
    case 'layout': {
      if (!state.run) return state;
      const { layout } = change;
      return { ...quiet(state), layout, keptLayout: { run: state.run.run, layout } };
    }
    case 'complain':
      return { ...state, complaint: change.message };
  }
}

function showRun(before: PageState, run: RunView, stored: unknown): PageState {
  const known = before.arrangement.run === run.run;
  const arrangement = known ? before.arrangement : toArrangement(stored, run.run, 'rows');
  const layout = known ? before.layout : (run.layout ?? EMPTY_LAYOUT);
  const tabChosen = known ? before.tabChosen : arrangement.tab !== 'rows';
  // `render` is known with the first answer; it opens the chart unless the person has looked elsewhere meanwhile.
  const asked = run.render?.visualization;
  if (!tabChosen && asked && asked !== 'table')
    return { ...quiet(before), run, layout, arrangement: { ...arrangement, tab: 'chart' }, tabChosen: true };
  return { ...quiet(before), run, layout, arrangement, tabChosen };
}

function quiet(state: PageState): PageState {
  return { ...state, complaint: undefined };
}
