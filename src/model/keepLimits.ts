/** How much of ended runs is kept. Those past a limit go, the oldest first; the newest run always stays. */
export interface KeepLimits {
  /** How many runs; those with a label are not counted. */
  readonly runs: number;
  /** Days since the run began; those with a label stay. */
  readonly days: number;
  /** Megabytes that the rows of all of them take; those with a label go last. */
  readonly megabytes: number;
}

/** What holds where nobody says otherwise. */
export const KEEP_LIMITS: KeepLimits = { runs: 30, days: 30, megabytes: 2048 };
