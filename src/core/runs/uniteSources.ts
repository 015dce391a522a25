import { targetKey } from '../../model/run.ts';
import type { Run, Target } from '../../model/run.ts';
import { completenessOf } from './completeness.ts';

/** Of two states of one target the one that lacks more counts. */
const LACKS: Readonly<Record<Target['state'], number>> = {
  empty: 0,
  answered: 1,
  partial: 2,
  skipped: 3,
  cancelled: 4,
  failed: 5,
  waiting: 6,
  running: 6,
};

/**
 * The runs whose rows one answer is made of, as if they were one: it lacks what any of them lacks, and promises what
 * all of them promise. One run alone is itself.
 */
export function uniteSources(runs: readonly Run[]): Run {
  const [first, ...others] = runs;
  if (others.length === 0) return first!;
  const targets = new Map<string, Target>();
  for (const target of runs.flatMap((run) => run.targets)) {
    const known = targets.get(targetKey(target));
    if (!known || LACKS[known.state] < LACKS[target.state]) targets.set(targetKey(target), target);
  }
  const all = [...targets.values()];
  const unfinished = runs.some((run) => run.unfinished);
  const note = runs.find((run) => run.perWorkspaceNote)?.perWorkspaceNote;
  const { unfinished: _u, perWorkspaceNote: _n, plan: _p, ...rest } = first!;
  return {
    ...rest,
    targets: all,
    completeness: completenessOf(all, unfinished),
    answer: runs.every(({ answer }) => answer === 'across') ? 'across' : 'perWorkspace',
    ...(unfinished ? { unfinished: true } : {}),
    ...(note ? { perWorkspaceNote: note } : {}),
    ...planOf(runs),
  };
}

/** The promise of all of them: exact where each is, and where one is approximate, that. */
function planOf(runs: readonly Run[]): Pick<Run, 'plan'> {
  const promises = runs.map(({ plan }) => plan?.promise);
  const approximate = promises.find((promise) => promise?.kind === 'approximate');
  const promise = approximate ?? (promises.includes(undefined) ? undefined : promises[0]);
  return promise ? { plan: { parts: [], promise } } : {};
}
