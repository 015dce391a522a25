import type { Clock } from '../../base/clock.ts';
import { targetKey } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { RowStamps } from '../../ports/rows.ts';
import type { NoteFolder } from '../../ports/notes.ts';
import type { ActiveRun } from './activeRun.ts';
import { isRun } from './runHistory.ts';

/** What was noted of a run that had not ended: how it stood, and which rows of the store are the ones it speaks of. */
export interface JournalNote {
  readonly run: Run;
  readonly stamps: RowStamps;
  /** Whom its total was made of, by their keys; absent where rows are everybody's own. */
  readonly total?: readonly string[];
}

/** The stored form of a note. One of another version, or one that cannot be read, is passed over. */
interface StoredNote extends JournalNote {
  readonly v: 1;
}

/** Of the time that passes, at most this part goes into noting: a snapshot of thousands of targets takes its time. */
const PART_OF_TIME = 1 / 20;

/** How runs that go on stand, for the next program where this one is killed. A note that cannot be written is none. */
export class RunJournal {
  private readonly folder: NoteFolder;
  private readonly clock: Clock;

  constructor(folder: NoteFolder, clock: Clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Notes of runs whose program ended before they did. One that cannot be read is cleared away. */
  async left(): Promise<readonly JournalNote[]> {
    const notes: JournalNote[] = [];
    for (const { name, text } of await this.folder.all().catch(() => [])) {
      const note = parseNote(text);
      if (note) notes.push(note);
      else await this.forget(name);
    }
    return notes;
  }

  /** Notes a run from now on: `changed` after every change, `ended` when others keep it. */
  follow(run: ActiveRun): { changed(): void; ended(): Promise<void> } {
    const { folder, clock } = this;
    let noted: number | undefined;
    let writing: Promise<void> | undefined;
    let due = false,
      over = false,
      nextAt = -Infinity;
    const write = async (): Promise<void> => {
      const began = clock.now();
      noted = run.combinedStamp;
      const note: StoredNote = { v: 1, ...noteOf(run) };
      await folder.write(run.id, JSON.stringify(note)).catch(() => undefined);
      nextAt = clock.now() + (clock.now() - began) / PART_OF_TIME;
    };
    const changed = (): void => {
      if (over) return;
      if (writing) {
        due = true;
        return;
      }
      // The rows of a total are replaced whole: those that a note does not speak of are lost with the program.
      const now = clock.now() >= nextAt || run.combinedStamp !== noted;
      const wait = now ? Promise.resolve() : clock.sleep(nextAt - clock.now(), run.closing);
      writing = wait
        .then(() => (over ? undefined : write()))
        .catch(() => undefined)
        .finally(() => {
          writing = undefined;
          if (!due) return;
          due = false;
          changed();
        });
    };
    return {
      changed,
      ended: async () => {
        over = true;
        await writing;
        await this.forget(run.id);
      },
    };
  }

  async forget(id: string): Promise<void> {
    await this.folder.remove(id).catch(() => undefined);
  }
}

/**
 * Rows that no target of the snapshot has to show for itself are none of it: they may have come a moment ago, and what
 * the run knows of a total is older than the rows while another is put in its place.
 */
function noteOf(run: ActiveRun): JournalNote {
  const snapshot = run.snapshot();
  if (run.stages?.total === true) {
    const { combinedOf, combinedStamp } = run;
    return {
      run: snapshot,
      stamps: combinedStamp === undefined ? {} : { [COMBINED]: combinedStamp },
      total: combinedOf,
    };
  }
  const all = run.rows.stamps();
  const keys = snapshot.targets.filter(({ state }) => state === 'answered' || state === 'partial').map(targetKey);
  return { run: snapshot, stamps: Object.fromEntries(keys.flatMap((key) => (key in all ? [[key, all[key]!]] : []))) };
}

function parseNote(text: string): JournalNote | undefined {
  try {
    const { v, run, stamps, total } = JSON.parse(text) as Partial<StoredNote>;
    if (v !== 1 || !isRun(run) || typeof stamps !== 'object' || (total && !Array.isArray(total))) return undefined;
    return { run, stamps, ...(total ? { total } : {}) };
  } catch {
    return undefined;
  }
}
