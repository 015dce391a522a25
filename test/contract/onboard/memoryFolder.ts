import type { OnboardingFolder } from '../../../src/ports/onboarding.ts';

/** A folder in memory that outlives the programs which write to it. */
export class MemoryFolder implements OnboardingFolder {
  readonly files = new Map<string, string>();
  journalText = '';
  readonly journal = {
    read: () => Promise.resolve(this.journalText === '' ? undefined : this.journalText),
    append: (line: string) => {
      this.journalText += line;
      return Promise.resolve();
    },
  };
  hold(): Promise<void> {
    return Promise.resolve();
  }
  release(): Promise<void> {
    return Promise.resolve();
  }
  write(name: string, text: string): Promise<void> {
    this.files.set(name, text);
    return Promise.resolve();
  }
  /** A file that was written. */
  text(name: string): string {
    const text = this.files.get(name);
    if (text === undefined) throw new Error(`There is no ${name}, only ${[...this.files.keys()].join(', ')}.`);
    return text;
  }
}
