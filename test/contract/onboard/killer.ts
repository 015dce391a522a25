import type { ChangeHandler } from '../../../src/core/changes/changeHandler.ts';
import type { OnboardingFolder } from '../../../src/ports/onboarding.ts';

/** Ends a program at its n-th step, as a kill does: what was on its way arrives, and nothing follows. */
export class Killer {
  steps = 0;
  readonly at: number;
  readonly killed: Promise<'killed'>;
  private justChanged = false;
  private kill!: (word: 'killed') => void;

  constructor(at: number) {
    this.at = at;
    this.killed = new Promise((resolve) => {
      this.kill = resolve;
    });
  }

  async step(): Promise<void> {
    this.justChanged = false;
    if (++this.steps < this.at) return;
    this.kill('killed');
    await new Promise(() => undefined);
  }

  /** Steps before everything that is written down; of files only before those that `counts` says. */
  folder(folder: OnboardingFolder, counts: (name: string) => boolean = () => true): OnboardingFolder {
    return {
      hold: () => folder.hold(),
      release: () => folder.release(),
      journal: {
        read: () => folder.journal.read(),
        append: async (line) => {
          await this.step();
          await folder.journal.append(line);
        },
      },
      write: async (name, text) => {
        if (counts(name)) await this.step();
        await folder.write(name, text);
      },
    };
  }

  /** Steps before and after every change; after one and before the next is the same. */
  readonly wrap = (handler: ChangeHandler): ChangeHandler => ({
    ...handler,
    apply: async (intent, action, call, report) => {
      if (!this.justChanged) await this.step();
      await handler.apply(intent, action, call, report);
      await this.step();
      this.justChanged = true;
    },
  });
}
