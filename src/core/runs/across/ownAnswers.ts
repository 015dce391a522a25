import { LocalSignal } from '../../../base/rpc.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import { ticksOfMs } from '../../../model/values/ticks.ts';
import type { ActiveRun } from '../activeRun.ts';
import { askTargets } from '../askTargets.ts';
import type { AskWorld } from '../askWorld.ts';
import { noteOfChoice } from '../perWorkspaceNote.ts';
import { tellNobodys } from '../tellNobodys.ts';
import type { AcrossWorld } from './acrossWorld.ts';

/** How long answers that are there wait for what sets them apart, milliseconds; then it stays untold. */
const PATIENCE_MS = 2_000;

/**
 * Brings a run each workspace's own answer, as somebody chose. What sets these apart from one over all is told by a
 * plan over the tables of the first workspace that answers: only it is asked for them, and only the note needs them.
 */
export async function askOwnAnswers(
  run: ActiveRun,
  world: AskWorld & { readonly across: AcrossWorld },
  changed: () => void,
): Promise<void> {
  const enough = new LocalSignal();
  let telling: Promise<void> | undefined;
  await askTargets(run, world, () => {
    changed();
    const first = run.noted ? undefined : run.firstAnswered();
    if (first !== undefined) telling ??= tell(run, first, world.across, enough).then(changed, () => undefined);
  });
  if (telling) {
    const stop = (): void => {
      enough.abort();
    };
    run.signal.addEventListener('abort', stop);
    const patience = run.signal.aborted ? undefined : world.clock.sleep(PATIENCE_MS, enough).catch(() => undefined);
    await Promise.race([telling, patience]);
    run.signal.removeEventListener('abort', stop);
  }
  enough.abort();
  await tellNobodys(run, world, changed);
}

async function tell(run: ActiveRun, index: number, across: AcrossWorld, signal: CancelSignal): Promise<void> {
  const target = run.target(index);
  if (target.kind !== 'workspace') return;
  const told = await across.schemas.ofWorkspaces([target.workspace], { signal });
  const outcome = told.get(target.workspace);
  if (outcome?.ok !== true) return;
  const planner = await across.planner();
  const { tables, unnamedTables } = run;
  const question = { now: ticksOfMs(run.startedAt), ...(tables && !unnamedTables ? { tables } : {}) };
  run.note = noteOfChoice(run.request.query, [outcome.value], planner, question);
}
