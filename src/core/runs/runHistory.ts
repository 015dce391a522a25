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
  /** How many lines were passed over, once it is loaded. */
  unread = 0;
  private runs: Run[] | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly file: TextFile;

  constructor(file: TextFile) {
    this.file = file;
  }

  async load(): Promise<readonly Run[]> {
    if (!this.runs) {
      const lines = ((await this.file.read().catch(() => undefined)) ?? '').split('\n').filter((line) => line !== '');
      const read = lines.flatMap(parseLine);
      this.unread = lines.length - read.length;
      this.runs ??= read;
    }
    return this.runs;
  }

  async add(run: Run): Promise<void> {
    const others = (await this.load()).filter((entry) => entry.id !== run.id);
    await this.store([...others, run]);
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

function parseLine(line: string): Run[] {
  try {
    const { v, run } = JSON.parse(line) as { readonly v?: unknown; readonly run?: Run };
    if (!isRun(run)) return [];
    return v === 2 ? [withAnswer(run)] : v === 1 ? [withAnswer(fromV1(run))] : [];
  } catch {
    return [];
  }
}

/** What listing, drawing and reading a run stand on: somebody may have cut the file, or written in it. */
export function isRun(run: Run | undefined): run is Run {
  if (typeof run !== 'object' || run === null) return false;
  const { id, query, startedAt, scope, timeRange, targets, columns, rowCount, completeness } = run as Partial<Run>;
  return (
    [id, query, completeness?.sentence].every((text) => typeof text === 'string') &&
    Number.isFinite(Date.parse(startedAt ?? '')) &&
    Number.isInteger(rowCount) &&
    typeof timeRange?.kind === 'string' &&
    Array.isArray(scope?.except) &&
    [targets, columns, completeness?.missing].every((list) => Array.isArray(list)) &&
    [...targets!, ...columns!].every((one) => typeof one === 'object' && one !== null)
  );
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
