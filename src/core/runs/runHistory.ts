import type { Run, Target } from '../../model/run.ts';
import type { RunId } from '../../model/ids.ts';
import type { TextFile } from '../../ports/textFile.ts';

/** The stored form of a run: one JSON line. A line of another version, or one that cannot be read, is passed over. */
interface StoredRun {
  readonly v: 2;
  readonly run: Run;
}

/** Version 1 knew workspaces only: a tenant that could not be entered was one with a key of this beginning. */
const TENANT_IN_V1 = 'tenant:';

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
      .then(() => this.file.write(runs.map((run) => `${JSON.stringify({ v: 2, run } satisfies StoredRun)}\n`).join('')))
      .catch(() => undefined);
    return this.writing;
  }
}

function parseHistory(text: string): Run[] {
  return text.split('\n').flatMap((line) => {
    try {
      const { v, run } = JSON.parse(line) as { readonly v?: unknown; readonly run?: Run };
      if (typeof run?.id !== 'string' || !Array.isArray(run.targets)) return [];
      return v === 2 ? [withAnswer(run)] : v === 1 ? [withAnswer(fromV1(run))] : [];
    } catch {
      return [];
    }
  });
}

/** Before there were across answers, each workspace answered for itself. */
function withAnswer(run: Run): Run {
  return { ...run, answer: (run as Partial<Run>).answer ?? (run.perWorkspaceNote ? 'perWorkspace' : 'across') };
}

function fromV1(run: Run): Run {
  const targets = run.targets.map((target): Target => {
    if (!('workspace' in target)) return target;
    if (!target.workspace.startsWith(TENANT_IN_V1)) return { ...target, kind: 'workspace' };
    const { workspace: _key, workspaceName: _name, ...facts } = target;
    return { ...facts, kind: 'tenant' };
  });
  return { ...run, targets };
}
