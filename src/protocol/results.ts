import type {
  AnswerMode,
  Completeness,
  MadeOf,
  MergedColumn,
  PerWorkspaceNote,
  RunStages,
  RunState,
  TargetState,
  RunSource,
} from '../model/run.ts';
import type { RenderSpec } from '../model/render.ts';
import type { ColumnLayout } from '../model/columnLayout.ts';
import type {
  ChartData,
  ColumnStatistics,
  FoundPlace,
  RowFilter,
  RowFindAnswer,
  RowFindRequest,
  RowGroups,
  RowSort,
  RowWindow,
} from '../model/rows.ts';

/** A target of a run as the page lists it. */
export interface TargetView {
  /** Tells the target from the others of its run; what `signIn` names. */
  readonly workspace: string;
  /** What to call it: a workspace's name, or all of a tenant that could not be entered. */
  readonly workspaceName: string;
  readonly customerName: string;
  readonly tenantName: string;
  readonly tenant: string;
  /** How it is reached; absent where it stands for a tenant that could not be entered. */
  readonly path?: string;
  readonly state: TargetState;
  readonly rows: number;
  readonly tookMs?: number;
  readonly waitedMs?: number;
  readonly attempts: number;
  /** Why it waits, failed or came in part, and the next step. */
  readonly reason?: string;
  /** Present where asking again may bring what is missing of its answer. */
  readonly mayAnswerAgain?: true;
  /** Present where signing in again would help. */
  readonly canSignIn?: true;
}

/** Where a query is at fault: a place of its document in words, and the line that stands there. */
export interface FaultView {
  readonly where: string;
  readonly line: number;
  readonly code: string;
}

/** One run as the Results page shows it: a full snapshot, sent whole on every change. */
export interface RunView {
  readonly run: string;
  readonly title: string;
  readonly state: RunState;
  /** The run whose rows it asked, here; absent where workspaces were asked. */
  readonly of?: string;
  /** What it is where it answers no query. */
  readonly made?: MadeOf;
  /** What was asked; the workspaces where absent. */
  readonly source?: RunSource;
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly scopeLabel: string;
  readonly answer: AnswerMode;
  /** What was sent and what was made of it; absent of a run that only starts, or is from an earlier version. */
  readonly plan?: RunStages;
  /** Rows made of all targets together, of which some are missing. */
  readonly unfinished?: true;
  readonly perWorkspaceNote?: PerWorkspaceNote;
  readonly completeness: Completeness;
  readonly targets: readonly TargetView[];
  readonly columns: readonly MergedColumn[];
  readonly rowCount: number;
  readonly render?: RenderSpec;
  /** How the person arranged the columns of this query's answers; the page takes it with a run's first snapshot. */
  readonly layout?: ColumnLayout;
  /** The query put each answer's rows in an order: bars keep it. */
  readonly sorted?: true;
  /** The run as a whole failed: nothing was sent, or the engine died. */
  readonly error?: string;
  /** What `error` speaks of stands there; `reveal` goes to it. */
  readonly fault?: FaultView;
  /**
   * This is no run: the query was refused before anything was sent, and `error` says why. `before` is what the query
   * was called whose answer was shown until then, and is still there.
   */
  readonly refused?: { readonly before?: string };
}

/** A tab of the Results page. */
export type ResultsTab = 'rows' | 'chart' | 'targets' | 'plan';

/** What the Results page may ask. A page never names a command; each of these is one thing it can do. */
export type ResultsHost = {
  requests: {
    ready: { input: { version: 1 }; output: RunView | null };
    rows: {
      input: {
        run: string;
        first: number;
        count: number;
        columns?: string[];
        sort?: RowSort[];
        filters?: RowFilter[];
        search?: string;
      };
      output: RowWindow;
    };
    statistics: {
      input: { run: string; column: string; filters?: RowFilter[]; search?: string };
      output: ColumnStatistics;
    };
    groups: {
      input: { run: string; column: string; first: number; count: number; filters?: RowFilter[]; search?: string };
      output: RowGroups;
    };
    find: {
      input: {
        run: string;
        text: string;
        columns: string[];
        from: FoundPlace;
        direction: RowFindRequest['direction'];
        sort?: RowSort[];
        filters?: RowFilter[];
        search?: string;
      };
      output: RowFindAnswer;
    };
    /** Keeps how the columns are arranged for the answers of this run's query, in this workspace. */
    keepLayout: { input: { run: string; layout: ColumnLayout }; output: null };
    chart: {
      input: {
        run: string;
        kind: string;
        x?: string;
        y?: string[];
        series?: string[];
        maxPoints: number;
        filters?: RowFilter[];
        maxSeries?: number;
        also?: string[];
        panels?: boolean;
        sorted?: boolean;
      };
      output: ChartData;
    };
    copy: { input: { text: string }; output: null };
    /** Asks the person for form and place and writes the rows that pass; null where nothing was chosen. */
    export: {
      input: { run: string; sort?: RowSort[]; filters?: RowFilter[]; search?: string };
      output: { rows: number; path: string } | null;
    };
    /** Opens a query over the rows of this run. */
    askAgain: { input: { run: string }; output: null };
    /** Opens where a row that a roll-up stored comes from: the `row`th of those that pass, from 0. */
    showOrigin: {
      input: { run: string; row: number; sort?: RowSort[]; filters?: RowFilter[]; search?: string };
      output: null;
    };
    retry: { input: { run: string }; output: null };
    cancel: { input: { run: string }; output: null };
    openCell: { input: { run: string; column: string; text: string }; output: null };
    /** Goes to the place in the document that the run's error speaks of. */
    reveal: { input: { run: string }; output: null };
    /** Puts a refused query aside and shows the answer that was there before. */
    showBefore: { input: { run: string }; output: null };
    signIn: { input: { run: string; workspace: string }; output: null };
  };
  events: {
    run: RunView | null;
    /** Somebody followed a link to one of the page's tabs. */
    tab: ResultsTab;
  };
};
