import type { Run } from '../../model/run.ts';
import type { RunId } from '../../model/ids.ts';
import type { TextFile } from '../../ports/textFile.ts';

/** The stored form of a run: one JSON line. A line of another version, or one that cannot be read, is passed over. */
interface StoredRun {
  readonly v: 1;
  readonly run: Run;
}

/**
 * Ended runs, newest last, in a text file of ours. Writes follow one another; a failed write costs history, never a
 * run.
 */
export class RunHistory {
  private runs: Run[] | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly file: TextFile;
  private readonly keep: number;

  constructor(file: TextFile, keep = 30) {
    this.file = file;
    this.keep = keep;
  }

  async load(): Promise<readonly Run[]> {
    this.runs ??= parseHistory((await this.file.read().catch(() => undefined)) ?? '');
    return this.runs;
  }

  async add(run: Run): Promise<void> {
    const others = (await this.load()).filter((entry) => entry.id !== run.id);
    await this.store([...others, run].slice(-this.keep));
  }

  async remove(id: RunId): Promise<void> {
    const runs = await this.load();
    if (runs.some((entry) => entry.id === id)) await this.store(runs.filter((entry) => entry.id !== id));
  }

  private store(runs: Run[]): Promise<void> {
    this.runs = runs;
    this.writing = this.writing
      .then(() => this.file.write(runs.map((run) => `${JSON.stringify({ v: 1, run } satisfies StoredRun)}\n`).join('')))
      .catch(() => undefined);
    return this.writing;
  }
}

function parseHistory(text: string): Run[] {
  return text.split('\n').flatMap((line) => {
    try {
      const stored = JSON.parse(line) as Partial<StoredRun>;
      return stored.v === 1 && typeof stored.run?.id === 'string' && Array.isArray(stored.run.targets)
        ? [stored.run]
        : [];
    } catch {
      return [];
    }
  });
}
