import type { CancelSignal } from '../base/cancel.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { Cell, Column } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';

/** How far the roll-ups that a query reads are in one workspace, the worst of them. */
export interface StoredWorkspace {
  /** The workspace's ID (guid). */
  readonly workspace: string;
  readonly workspaceName: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  /** Every window before it (epoch milliseconds) is stored, but for what it lacks. */
  readonly until?: number;
  /** Why rows of it are missing that were to be stored: a gap, or what stopped it. */
  readonly lacks?: string;
}

/** A question about stored rows. */
export interface StoredQuestion {
  readonly query: string;
  /** The instant `now()` stands for, ticks. */
  readonly now: bigint;
  /** What the time picker says, for tables with `TimeGenerated`: ISO texts. */
  readonly timespan?: { readonly from: string; readonly to: string };
  /** Workspaces (guids) whose rows count; all where absent. */
  readonly workspaces?: ReadonlySet<string>;
  readonly maxRows: number;
}

/** Rows of an answer, and of whom they could be. `truncated`: there are more. */
export interface StoredAnswer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly truncated: boolean;
  readonly render?: RenderSpec;
  /** Every workspace that one of the roll-ups was begun in which the query reads, in or out of the question's. */
  readonly known: readonly StoredWorkspace[];
}

/** What roll-ups have stored here, as queries ask it. */
export interface StoredRowsPort {
  /** Rejects with `query.*` and its place, with `engine.*`, and when cancelled; nobody is sent anything. */
  ask(question: StoredQuestion, signal: CancelSignal): Promise<StoredAnswer>;
}
