import type { AppErrorData } from '../../base/errors.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { RollupTable, TimeWindow } from '../../model/rollup.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import { withoutRange, withRange } from './windows.ts';

/** Windows that are not stored though those after them may be, and why. A backfill is a gap somebody asked for. */
export interface RollupGap extends TimeWindow {
  readonly reason: string;
}

/** Who works on a document, until when (epoch milliseconds). */
export interface Lease {
  readonly owner: string;
  readonly expires: number;
}

/**
 * How far a roll-up is in one workspace, for one sink. Every window from `since` to before `until` is stored, or in
 * `gaps`: that is the whole of what is kept, and it is only ever changed after what it says has been read back.
 */
export interface RollupProgress {
  readonly rollup: string;
  readonly sink: string;
  /** Where that sink was when it was stored in, of one whose name can come to mean another. */
  readonly place?: string;
  /** The workspace's ID, and as people know it. */
  readonly workspace: string;
  readonly workspaceName: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  /** Whose it was when rows of it were stored that lie under that customer still. */
  readonly formerly?: readonly CustomerKey[];
  /** Where it began; both are there from the first run on. */
  readonly since?: number;
  readonly until?: number;
  /** What is stored, also outside of that line (backfills). */
  readonly stored: readonly TimeWindow[];
  readonly gaps: readonly RollupGap[];
  /**
   * What the workspace showed of windows just before they were read, by their begin (epoch milliseconds): rows and a
   * checksum of its tables, as a text. Only of those that are looked at again.
   */
  readonly seen?: Readonly<Record<string, string>>;
  /** Columns (`Table.Column`) that the workspace had: one that goes is a change of its schema. */
  readonly has?: readonly string[];
  /** Why it does not go on, until that is mended. */
  readonly stopped?: AppErrorData;
  readonly last?: TimeWindow & { readonly rows: number; readonly bytes: number; readonly at: number };
  /** When a runner last looked (epoch milliseconds). */
  readonly ranAt?: number;
  readonly lease?: Lease;
}

/** A version of a roll-up, as the centre keeps it: what its plan was made over is what it is always made over. */
export interface RollupVersion {
  readonly table: RollupTable;
  readonly query: string;
  readonly pinned: SourceSchema;
}

/** What people switched off: roll-ups by name, customers by key; rows of `erased` ones must not come back. */
export interface RollupSwitches {
  readonly paused: readonly string[];
  readonly off: readonly CustomerKey[];
  readonly erased: readonly CustomerKey[];
}

/** Nothing is switched off. */
export const ALL_ON: RollupSwitches = { paused: [], off: [], erased: [] };

/** Names of documents. */
export const DOCUMENTS = {
  switches: 'switches',
  versions: 'versions',
  version: (id: string): string => `versions/${id}`,
  progresses: (id: string): string => `progress/${id}`,
  progress: (id: string, workspace: string, sink: string): string => `progress/${id}/${workspace}-${sink}`,
} as const;

/** The progress after a window is stored and read back; one at the end of the line moves it on. */
export function withStored(progress: RollupProgress, window: TimeWindow): RollupProgress {
  return {
    ...movedOn(progress, window),
    stored: withRange(progress.stored, window),
    gaps: withoutRange(progress.gaps, window),
  };
}

/** The progress after a window was given up for now; one at the end of the line moves it on. */
export function withGap(progress: RollupProgress, gap: RollupGap): RollupProgress {
  const others = withoutRange(progress.gaps, gap);
  return { ...movedOn(progress, gap), gaps: [...others, gap].sort((a, b) => a.from - b.from) };
}

function movedOn(progress: RollupProgress, { from, to }: TimeWindow): RollupProgress {
  return progress.until === from ? { ...progress, until: to } : progress;
}
