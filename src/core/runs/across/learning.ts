import type { Outcome } from '../../../base/outcome.ts';
import { LocalSignal } from '../../../base/rpc.ts';
import { graphSchema } from '../../../kql/graph/graphTables.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { WorkspaceKey } from '../../../model/ids.ts';
import type { Clock } from '../../../base/clock.ts';
import type { ActiveRun } from '../activeRun.ts';
import { asAsked } from '../ownRows.ts';
import type { AcrossWorld } from './acrossWorld.ts';

/** How long a run waits for the slowest to tell its tables, milliseconds; then it begins with those it knows. */
const PATIENCE_MS = 10_000;

/** Asks the targets of a run that wait what their tables are, and puts what they tell into the run. */
export class Learning {
  /** Resolves when all have told, or failed; rejects when cancelled. */
  private readonly done: Promise<void>;
  private readonly clock: Clock;
  private readonly run: ActiveRun;
  private left = false;
  private old = false;

  /** `kept`: what a target told long ago will do for now. */
  constructor(run: ActiveRun, { schemas }: AcrossWorld, clock: Clock, kept: boolean) {
    this.run = run;
    this.clock = clock;
    const asked = new Map<WorkspaceKey, number[]>();
    for (const index of run.waiting()) {
      const target = run.target(index);
      // The tables of Resource Graph are the same for everybody, and published.
      if (target.kind === 'subscriptions') run.schemas.set(index, graphSchema(run.tables));
      if (target.kind !== 'workspace' || run.schemas.has(index)) continue;
      if (run.outdated.delete(index)) schemas.forget(target.workspace);
      asked.set(target.workspace, [...(asked.get(target.workspace) ?? []), index]);
    }
    const told = (key: WorkspaceKey, outcome: Outcome<SourceSchema>, old = false): void => {
      this.old ||= old;
      for (const index of asked.get(key)!) this.take(index, outcome);
    };
    this.done =
      asked.size === 0
        ? Promise.resolve()
        : schemas.ofWorkspaces([...asked.keys()], { signal: run.signal, told, kept }).then((all) => {
            for (const [key, outcome] of all) told(key, outcome);
          });
    this.done.catch(() => undefined);
  }

  /** Whether some of what was told is of long ago. */
  get isOld(): boolean {
    return this.old;
  }

  /** True when everybody has told; false when some have and the others take their time. Rejects when cancelled. */
  async some(): Promise<boolean> {
    const enough = new LocalSignal();
    const patience = this.clock.sleep(PATIENCE_MS, enough).then(
      () => false,
      () => true,
    );
    const all = this.done.then(() => true);
    // Where patience ends first, the next one who asks hears of a failure.
    all.catch(() => undefined);
    try {
      const ended = await Promise.race([all, patience]);
      return ended || this.run.schemas.size > 0 ? ended : await all;
    } finally {
      enough.abort();
    }
  }

  /** What is told from now on is nobody's business any more. */
  leave(): void {
    this.left = true;
  }

  private take(index: number, outcome: Outcome<SourceSchema>): void {
    if (this.left || this.run.schemas.has(index) || this.run.target(index).state !== 'waiting') return;
    if (outcome.ok) this.run.schemas.set(index, asAsked(outcome.value, this.run.way(index)));
    else if (!outcome.error.code.startsWith('cancelled.'))
      this.run.update(index, { state: 'failed', error: outcome.error });
  }
}
