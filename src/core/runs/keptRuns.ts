import type { Clock } from '../../base/clock.ts';
import type { KeepLimits } from '../../model/keepLimits.ts';
import type { RunId } from '../../model/ids.ts';
import type { Run } from '../../model/run.ts';
import type { RowStore, RowStoreRun } from '../../ports/rows.ts';
import type { ActiveRun } from './activeRun.ts';
import { pastLimits } from './pastLimits.ts';
import { recoverRun } from './recoverRun.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunJournal } from './runJournal.ts';

/** Where runs are kept beyond the program, each absent where nothing may be. */
export interface RunArchive {
  /** Runs that have ended. */
  readonly history?: RunHistory;
  /** Runs that go on, for the case that they never end. */
  readonly journal?: RunJournal;
}

/** A run of an earlier program, with its rows. */
export interface RestoredRun {
  readonly past: Run;
  readonly rows: RowStoreRun;
}

/** What of runs outlives the program, and for how long. */
export class KeptRuns {
  private readonly archive: RunArchive;
  private readonly store: RowStore;
  private readonly clock: Clock;

  constructor(archive: RunArchive, store: RowStore, clock: Clock) {
    this.archive = archive;
    this.store = store;
    this.clock = clock;
  }

  /**
   * The runs of earlier programs whose rows are still there, all of them: a part must not pass for the whole. Of one
   * that had not ended, what had arrived.
   */
  async *restore(isKnown: (id: RunId) => boolean): AsyncGenerator<RestoredRun> {
    const { history, journal } = this.archive;
    // One that has begun meanwhile has its note, too, and goes on.
    const left = ((await journal?.left()) ?? []).filter(({ run }) => !isKnown(run.id));
    for (const past of (await history?.load()) ?? []) {
      if (isKnown(past.id)) continue;
      const rows = await this.store.open(past.id);
      if (rows.rowCount() === past.rowCount) yield { past, rows };
      else {
        await rows.discard();
        await history?.remove(past.id);
      }
    }
    for (const note of left) {
      const { id } = note.run;
      if (!isKnown(id)) {
        const rows = await this.store.open(id);
        const past = await recoverRun(note, rows, this.clock.now());
        yield { past, rows };
        await history?.add(past);
      }
      await journal?.forget(id);
    }
  }

  /**
   * Follows a run that begins, or goes on again: how it ended before is no longer so. `changed` after every change of
   * it. Undefined where it is not kept.
   */
  follow(run: ActiveRun): ReturnType<RunJournal['follow']> | undefined {
    const { history, journal } = this.archive;
    if (run.request.passing || !journal) return undefined;
    void history?.remove(run.id);
    return journal.follow(run);
  }

  /** Keeps a run that has ended as it is now. Never rejects. */
  async add(run: Run): Promise<void> {
    if (!run.passing) await this.archive.history?.add(run);
  }

  /** Nothing of it is kept any more. Never rejects. */
  async remove(id: RunId): Promise<void> {
    await this.archive.history?.remove(id);
  }

  /** Which of these, newest first and all ended, are past a limit. What cannot be measured takes nothing. */
  async pastLimits(
    ended: readonly { readonly run: Run; readonly rows: RowStoreRun }[],
    limits: KeepLimits,
  ): Promise<RunId[]> {
    const kept = await Promise.all(
      ended.map(async ({ run, rows }) => ({ run, bytes: await rows.bytes().catch(() => 0) })),
    );
    return pastLimits(kept, limits, this.clock.now());
  }
}
