import { isUnanswered } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';

/** The other runs that have an answer, those of the same query first. */
export function othersToCompare(runs: readonly Run[], one: Run): readonly Run[] {
  const others = runs.filter((run) => run.id !== one.id && run.state !== 'running' && !isUnanswered(run));
  const alike = (run: Run): boolean => run.query === one.query && run.made?.kind === one.made?.kind;
  return [...others.filter(alike), ...others.filter((run) => !alike(run))];
}
