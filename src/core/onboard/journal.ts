import type { ChangeState, PlanResult } from '../../model/plan.ts';
import type { OnboardingState } from '../../model/onboarding.ts';
import type { JournalFile } from '../../ports/onboarding.ts';

/** One step of an onboarding or offboarding, as it is written down. No secret has a place in it. */
export type JournalEntry =
  /**
   * An attempt begins; `subject` is whom it is for, and has to stay the same. Letting go names the customer, and the
   * workspaces (ARM ids) that were written down.
   */
  | {
      readonly step: 'attempt';
      readonly at: string;
      readonly subject: string;
      readonly name?: string;
      readonly kept?: readonly string[];
    }
  | { readonly step: 'handedOver'; readonly at: string }
  /** These changes are about to be sent: whether one arrived is not known until `changed`. */
  | { readonly step: 'planned'; readonly at: string; readonly changes: readonly string[] }
  | { readonly step: 'changed'; readonly at: string; readonly change: string; readonly state: ChangeState }
  | { readonly step: 'queryable'; readonly at: string }
  | { readonly step: 'dataArrived'; readonly at: string; readonly tables: readonly string[] }
  | { readonly step: 'ended'; readonly at: string; readonly state: OnboardingState };

/** What earlier attempts have left in the journal. */
export interface Told {
  /** Attempts that changed something, or ended before they knew: looking alone is none. */
  readonly attempts: number;
  readonly subject?: string;
  /** What the subject is called, where that was written down. */
  readonly name?: string;
  /** Workspaces that attempts at letting go have written down. */
  readonly kept?: ReadonlySet<string>;
  /** Changes that were sent by an attempt that ended before it could say what became of them. */
  readonly cutOff: ReadonlySet<string>;
  /** Changes that an earlier attempt made, and when. */
  readonly made: ReadonlyMap<string, string>;
  /** True where something was begun and its attempt never came to its end: the program was ended. */
  readonly interrupted: boolean;
  /** How the last attempt ended; absent where it did not. */
  readonly ended?: OnboardingState;
  /** When the last of `attempts` wrote its last line. */
  readonly last?: string;
}

/** A journal: what came before, and a way to go on writing. */
export class Journal {
  private readonly file: JournalFile;
  private readonly now: () => string;

  constructor(file: JournalFile, now: () => string) {
    this.file = file;
    this.now = now;
  }

  async told(): Promise<Told> {
    return tell(parseJournal((await this.file.read()) ?? ''));
  }

  /** Resolves when it is on the disk: what it says is only then done. */
  async add(entry: Unstamped<JournalEntry>): Promise<void> {
    const { step, ...rest } = entry;
    await this.file.append(`${JSON.stringify({ step, at: this.now(), ...rest })}\n`);
  }

  /** Writes down what became of every change of a plan. */
  async addResult({ changes }: PlanResult): Promise<void> {
    for (const { id, state } of changes) await this.add({ step: 'changed', change: id, state });
  }
}

type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

/** The entries of a journal; a line that is torn, or of nobody here, is passed over. */
export function parseJournal(text: string): readonly JournalEntry[] {
  return text.split('\n').flatMap((line): JournalEntry[] => {
    try {
      const entry = JSON.parse(line) as Partial<JournalEntry> | null;
      return typeof entry?.step === 'string' && typeof entry.at === 'string' ? [entry as JournalEntry] : [];
    } catch {
      return [];
    }
  });
}

function tell(entries: readonly JournalEntry[]): Told {
  let subject: string | undefined;
  let name: string | undefined;
  let ended: OnboardingState | undefined;
  const cutOff = new Set<string>();
  const made = new Map<string, string>();
  const kept = new Set<string>();
  let attempts = 0;
  let last: string | undefined;
  let [isStory, counts, begun] = [false, false, false];
  for (const entry of entries) {
    const sent =
      (entry.step === 'planned' && entry.changes.length > 0) || (entry.step === 'changed' && entry.state === 'done');
    if (sent && !counts) {
      counts = true;
      attempts++;
    }
    if (entry.step === 'attempt') {
      // Letting go names its customer, onboarding does not: where one follows the other a new story begins.
      if (isStory && (name === undefined) !== (entry.name === undefined)) {
        attempts = 0;
        last = undefined;
        subject = undefined;
        begun = false;
        cutOff.clear();
        made.clear();
        kept.clear();
      }
      isStory = true;
      counts = false;
      subject ??= entry.subject;
      name = entry.name;
      for (const id of entry.kept ?? []) kept.add(id);
      ended = undefined;
    } else if (entry.step === 'planned') {
      begun = true;
      for (const change of entry.changes) cutOff.add(change);
    } else if (entry.step === 'changed') {
      cutOff.delete(entry.change);
      if (entry.state === 'done') made.set(entry.change, entry.at);
    } else if (entry.step === 'ended') {
      begun = false;
      ended = entry.state;
    }
    if (counts) last = entry.at;
  }
  return {
    attempts,
    cutOff,
    made,
    interrupted: begun,
    kept,
    ...(subject === undefined ? {} : { subject }),
    ...(name === undefined ? {} : { name }),
    ...(ended === undefined ? {} : { ended }),
    ...(last === undefined ? {} : { last }),
  };
}
