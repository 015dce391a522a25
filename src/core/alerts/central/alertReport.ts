import type { AppErrorData } from '../../../base/errors.ts';
import type { Delivered } from './outbox.ts';
import type { MissedWindows } from './windows.ts';

/** What an evaluation found, and what became of it. */
export interface AlertReport {
  readonly alert: string;
  /** ISO text, of the newest window that was looked at; absent where none was. */
  readonly evaluatedTo?: string;
  /** How many windows were looked at, the oldest first. */
  readonly windows: number;
  /** Windows that are over and were not looked at. */
  readonly missed: readonly MissedWindows[];
  /** Whom the answer is of: a sentence. */
  readonly completeness?: string;
  readonly complete: boolean;
  readonly fired: readonly string[];
  readonly resolved: readonly string[];
  readonly open: number;
  /** Alerts that are left as they are, since rows that matter are missing. */
  readonly unknown: readonly string[];
  readonly notes: readonly string[];
  readonly delivered: Delivered;
  readonly error?: AppErrorData;
}

/** What looking at windows tells. */
export type Looked = Omit<AlertReport, 'alert' | 'open' | 'delivered'>;

/** Before anything was looked at. */
export const NOT_LOOKED: Looked = {
  windows: 0,
  missed: [],
  complete: true,
  fired: [],
  resolved: [],
  unknown: [],
  notes: [],
};

/** What two looks tell, the later one second. */
export function together(before: Looked, after: Looked): Looked {
  // Where somebody is missing from one of them, that is what is to be said.
  const { completeness } = before.complete || !after.complete ? { ...before, ...after } : { ...after, ...before };
  const unknown = after.windows > 0 ? after.unknown : before.unknown;
  return {
    ...before,
    ...after,
    ...(completeness === undefined ? {} : { completeness }),
    windows: before.windows + after.windows,
    missed: [...before.missed, ...after.missed],
    complete: before.complete && after.complete,
    fired: [...before.fired, ...after.fired],
    resolved: [...before.resolved, ...after.resolved],
    unknown,
    notes: [...new Set([...before.notes, ...after.notes])],
  };
}
