import type { AlertDefinition } from '../../../model/alert.ts';

const MINUTE = 60_000;
/** How far back windows that nobody looked at are made up for: a rule looks back no further either. */
const MADE_UP_MS = 2 * 24 * 60 * MINUTE;
/** Windows of one run; each is a question to everybody. What is left is the next run's. */
const MOST_WINDOWS = 48;

/** Windows that were not looked at, by the ends of the first and the last one (ISO texts). */
export interface MissedWindows {
  readonly windows: number;
  readonly first: string;
  readonly last: string;
  /** A sentence. */
  readonly why: string;
  /** Whether the next run looks at them; else nobody ever does. */
  readonly later: boolean;
}

/** What an evaluation has before it. */
interface DueWindows {
  /** Ends of windows to be looked at, the oldest first, in milliseconds. */
  readonly ends: readonly number[];
  readonly missed: readonly MissedWindows[];
}

/** The end of the newest window that is over and, `latenessMinutes` after it, can be read; milliseconds. */
export function newestEnd(
  { everyMinutes, latenessMinutes }: Pick<AlertDefinition, 'everyMinutes' | 'latenessMinutes'>,
  now: number,
): number {
  const every = everyMinutes * MINUTE;
  return Math.floor((now - latenessMinutes * MINUTE) / every) * every;
}

/**
 * The windows between the newest that was looked at and the newest that can be: all of them, in order, so that a runner
 * that was away loses none. Without a memory it is the newest alone; none where nothing is due. Pure.
 */
export function dueWindows(
  definition: Pick<AlertDefinition, 'everyMinutes' | 'latenessMinutes'>,
  evaluatedTo: number | undefined,
  now: number,
): DueWindows {
  const every = definition.everyMinutes * MINUTE;
  const newest = newestEnd(definition, now);
  if (evaluatedTo === undefined) return { ends: [newest], missed: [] };
  // Off the grid where the frequency was another one by then.
  const next = (Math.floor(evaluatedTo / every) + 1) * every;
  if (next > newest) return { ends: [], missed: [] };
  const oldest = Math.ceil((newest - MADE_UP_MS) / every) * every;
  const first = Math.max(next, oldest);
  const last = Math.min(newest, first + (MOST_WINDOWS - 1) * every);
  const ends = Array.from({ length: (last - first) / every + 1 }, (_, n) => first + n * every);
  return {
    ends,
    missed: [
      ...missedBetween(next, first - every, every, {
        why: 'They were over more than two days before anybody looked.',
        later: false,
      }),
      ...missedBetween(last + every, newest, every, {
        why: `A run looks at ${MOST_WINDOWS} at most. The next one goes on from there.`,
        later: true,
      }),
    ],
  };
}

/** Windows from the one that ends at `first` to the one that ends at `last`; none where there are none between. */
export function missedBetween(
  first: number,
  last: number,
  every: number,
  what: Pick<MissedWindows, 'why' | 'later'>,
): readonly MissedWindows[] {
  if (last < first) return [];
  const windows = Math.round((last - first) / every) + 1;
  return [{ windows, first: new Date(first).toISOString(), last: new Date(last).toISOString(), ...what }];
}
