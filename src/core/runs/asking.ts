import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { SlicedPart } from '../../kql/across/remoteQuery.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { SharedRequests, Target } from '../../model/run.ts';
import type { LogsQuery } from '../../ports/logs.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import type { AcrossWorld } from './across/acrossWorld.ts';
import type { Way, WorkspaceWay } from './plannedTarget.ts';

/** What of a target changes in a run; who it is does not. */
export type TargetChange = Pick<Target, 'state'> &
  Partial<Pick<Target, 'rows' | 'tookMs' | 'waitedMs' | 'bytes' | 'attempts' | 'slices' | 'nobodys' | 'error'>>;

/** A query that targets are asked: the whole of a run, or a part of it. Targets go by their index in the run. */
export interface Asking {
  /** Whose queue it is in the quota. */
  readonly id: string;
  readonly signal: CancelSignal;
  /** Whether Basic and Auxiliary tables may be searched. */
  readonly scan: boolean;
  readonly noCache: boolean;
  /** The query API's `timespan`. */
  readonly timespan: string | undefined;
  /** Rows that are asked of one target at most, in slices of time where the service cuts its answer; 0 for none. */
  readonly maxRows: number;
  /** Names that stand where tables do. */
  readonly tables: readonly string[] | undefined;
  /** Whether it also reads tables that it does not name. */
  readonly unnamedTables: boolean;
  /** What to call the accounts that ask, by their ids. */
  readonly accountNames: ReadonlyMap<string, string>;
  /** Of what Resource Graph brings, the columns to keep: rows come with the key of their pages. All where absent. */
  readonly keeps?: readonly string[];
  /** Where its rows go. */
  readonly rows: RowStoreRun;
  /** Makes what those who wait are sent, where that takes their tables. */
  prepare?(across: AcrossWorld | undefined): Promise<void>;
  /** What this target is sent. */
  text(index: number): string;
  /**
   * The same in slices of time; undefined where slices do not add up to it, or nobody knows. Rejects with why not.
   */
  sliced(index: number, across: AcrossWorld | undefined): Promise<SlicedPart | undefined>;
  target(index: number): Target;
  /** How a target that waits is asked. */
  way(index: number): Way;
  /** The names of those of these keys that are targets here. */
  namesOf(keys: readonly string[]): string[];
  /** What a target's rows are stored under. */
  key(index: number): string;
  /** Indexes of the targets that are to be asked: all that wait. */
  waiting(): number[];
  /** Changes one target. A later state never inherits the reason of an earlier one. */
  update(index: number, change: TargetChange): void;
  setRender(index: number, render: RenderSpec | undefined): void;
  /** A refusal of what was sent, with its place in the query as it was written. */
  asWritten(error: AppError): AppError;
}

/** A run as its parts see it: what they share, and who hears of their changes. */
export interface StagedRun extends Pick<
  Asking,
  | 'id'
  | 'signal'
  | 'scan'
  | 'noCache'
  | 'timespan'
  | 'maxRows'
  | 'accountNames'
  | 'rows'
  | 'target'
  | 'way'
  | 'namesOf'
  | 'key'
> {
  /** Who may be asked together. */
  readonly sharing: SharedRequests;
  /** Nothing of it is to be kept. */
  readonly passing: boolean;
  /** A part's state of this target has changed. */
  partChanged(index: number): void;
}

/** The target after a change: why it stood otherwise, and its slices, are of before. */
export function changedTarget(target: Target, change: TargetChange): Target {
  const { error: _reason, slices: _slices, nobodys: _nobodys, ...rest } = target;
  return { ...rest, ...change };
}

/** What a target is asked by this text. */
export function questionTo(run: Asking, index: number, query: string): LogsQuery {
  const { issuer, guid, armId } = workspaceWay(run, index);
  const { timespan, noCache } = run;
  return {
    issuer,
    workspaceGuid: guid,
    armId,
    query,
    ...(timespan === undefined ? {} : { timespan }),
    ...(noCache ? { noCache: true } : {}),
  };
}

/** The way to a workspace: what only workspaces say is looked into there. Throws where the target is none. */
export function workspaceWay(run: Asking, index: number): WorkspaceWay {
  const way = run.way(index);
  if ('armId' in way) return way;
  throw new AppError('bug.noWorkspace', 'What only a workspace says came from elsewhere.');
}
