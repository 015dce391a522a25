import type { ChartData, RowSort, RowWindow } from '../model/rows.ts';
import type { RenderSpec } from '../model/render.ts';
import type { MergedColumn, RunState } from '../model/run.ts';

/** How an output of ours is marked; the renderer of the manifest draws exactly this. */
export const RUN_OUTPUT = 'application/vnd.tenantscope.run+json';

/** One run as the output of a cell: what has to be known of the answer, and what it looks like. No rows. */
export interface NotebookRunView {
  /** Absent where nothing was sent: `sentence` then says why. */
  readonly run?: string;
  readonly state: RunState;
  readonly standing: 'running' | 'failed' | 'complete' | 'incomplete';
  readonly sentence: string;
  /** Who is missing and why, a line each. */
  readonly missing: string;
  /** Whom it asked, in words. */
  readonly asked: string;
  /** How the answer is to be read, a sentence each. */
  readonly notes: readonly string[];
  /** Where the query is at fault: a place in words, and the line that stands there. */
  readonly fault?: { readonly where: string; readonly code: string };
  readonly columns: readonly MergedColumn[];
  readonly rowCount: number;
  readonly render?: RenderSpec;
  /** The query put its rows in an order. */
  readonly sorted?: true;
}

/** What an output may ask. It names no command; each of these is one thing it can do, for a run of its own notebook. */
export type NotebookHost = {
  requests: {
    rows: { input: { run: string; first: number; count: number; sort: RowSort[] }; output: RowWindow };
    chart: {
      input: { run: string; kind: string; maxPoints: number; also: string[]; sorted?: boolean };
      output: ChartData;
    };
    copy: { input: { text: string }; output: null };
    /** Shows the run in the Results page. */
    open: { input: { run: string }; output: null };
  };
  events: Record<string, never>;
};
