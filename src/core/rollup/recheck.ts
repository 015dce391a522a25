import { AppError } from '../../base/errors.ts';
import type { TimeWindow } from '../../model/rollup.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { epochMs } from '../../model/values/ticks.ts';
import { askOne } from './askOne.ts';
import type { Leased } from './leased.ts';
import { withGap } from './progress.ts';
import type { RollupProgress } from './progress.ts';
import type { RollupWorld } from './rollupWorld.ts';
import { windowAt } from './windows.ts';
import type { WorkspaceJob } from './workspaceJob.ts';

const MINUTE_MS = 60_000;

/** What a workspace showed of windows as the run began. */
export interface Shown {
  /** What the progress keeps of a window that was stored since. */
  readonly seen: (progress: RollupProgress, window: TimeWindow) => Pick<RollupProgress, 'seen'>;
}

const NOTHING: Shown = { seen: ({ seen }) => (seen ? { seen } : {}) };
/** What is kept of a window that had no rows. */
const EMPTY = '0 0';

/**
 * Rows may come to be seen later than `lateness` has it, after their window was read. So the last windows are looked at
 * again: where their tables show more or other rows than just before they were read, they become gaps and are stored
 * again. One question for all of them, asked before the run reads any: what comes between is read, and at worst read
 * once more. Rejects with what the question met.
 */
export async function lookAgain(job: WorkspaceJob, held: Leased<RollupProgress>, world: RollupWorld): Promise<Shown> {
  const { definition, version, schema } = job;
  const { recheckMinutes = 0, windowMinutes, latenessMinutes } = definition;
  if (recheckMinutes === 0) return NOTHING;
  const to = windowAt(world.clock.now() - latenessMinutes * MINUTE_MS, windowMinutes).from;
  const range = { from: windowAt(to - recheckMinutes * MINUTE_MS, windowMinutes).from, to };
  const query = version.planner.seenQuery(version.plan, schema, range, windowMinutes);
  if (query === undefined) return NOTHING;
  const shows = await ask(query, job, world);
  const kept: Record<string, string> = {};
  let next: RollupProgress = held.value;
  for (
    let window = windowAt(range.from, windowMinutes);
    window.from < to;
    window = windowAt(window.to, windowMinutes)
  ) {
    const before = held.value.seen?.[window.from];
    const isStored = held.value.stored.some(({ from, to: end }) => from <= window.from && window.to <= end);
    const isGap = held.value.gaps.some(({ from, to: end }) => from < window.to && window.from < end);
    if (!isStored || isGap) continue;
    if (before === (shows.get(window.from) ?? EMPTY)) kept[window.from] = before;
    else next = withGap(next, { ...window, reason: 'More can be seen of it than when it was stored.' });
  }
  await held.change({ ...next, seen: kept });
  return {
    seen: ({ seen }, window) =>
      window.from >= range.from && window.to <= range.to
        ? { seen: { ...seen, [window.from]: shows.get(window.from) ?? EMPTY } }
        : seen
          ? { seen }
          : {},
  };
}

/** Rows and checksum by the begin of their window. */
async function ask(query: string, job: WorkspaceJob, world: RollupWorld): Promise<ReadonlyMap<number, string>> {
  const { tables, partial } = await askOne(query, job, world);
  if (partial) throw AppError.fromData(partial);
  const shows = new Map<number, string>();
  const rows = tables[0]?.rows ?? [];
  for (const page of 'pages' in rows ? rows.pages() : [rows])
    for (const [window, count, sum] of page) {
      const ticks = parseDatetime(String(window));
      if (ticks !== undefined) shows.set(epochMs(ticks), `${String(count)} ${String(sum)}`);
    }
  return shows;
}
