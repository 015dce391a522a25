import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { targetKey } from '../../model/run.ts';
import type { Run, Target } from '../../model/run.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import { completenessOf } from './completeness.ts';
import type { JournalNote } from './runJournal.ts';

/**
 * A run whose program was killed, as far as it had come: what had arrived whole is there, and counts; who was still
 * asked, or whose rows are not all there, has failed. Nothing else of its rows stays. Rejects with `engine.*`.
 */
export async function recoverRun({ run, stamps, total }: JournalNote, rows: RowStoreRun, now: number): Promise<Run> {
  const there = new Set(await rows.keepWhole(stamps));
  const made = total && there.has(COMBINED) ? new Set(total) : undefined;
  const counts = (target: Target): boolean => {
    if (total) return made?.has(targetKey(target)) === true;
    return target.state === 'empty' || there.has(targetKey(target));
  };
  const targets = run.targets.map((target): Target => {
    const { waits: _waits, ...rest } = target;
    if (target.state === 'failed' || target.state === 'skipped' || target.state === 'cancelled') return rest;
    if (target.state !== 'waiting' && target.state !== 'running' && counts(target)) return rest;
    return { ...rest, state: 'failed', rows: 0, error: LOST };
  });
  const completeness = completenessOf(targets, total !== undefined);
  const { unfinished: _unfinished, ...facts } = run;
  return {
    ...facts,
    state: 'cancelled',
    finishedAt: new Date(now).toISOString(),
    targets,
    columns: rows.columns().map((column) => (total ? { ...column, presentIn: total.length } : column)),
    rowCount: rows.rowCount(),
    completeness,
    ...(total && !completeness.complete ? { unfinished: true } : {}),
  };
}

/** Why a target of such a run has no answer. */
const LOST: AppErrorData = new AppError(
  'engine.crashed',
  'The program ended before all of this answer was there. Run the query again.',
).toData();
