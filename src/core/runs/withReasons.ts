import type { Target } from '../../model/run.ts';

/** The targets of a run, those that wait with why. */
export function withReasons(
  targets: readonly Target[],
  waits: (index: number) => string | undefined,
): readonly Target[] {
  return targets.map((target, index) => {
    const reason = target.state === 'waiting' ? waits(index) : undefined;
    return reason === undefined ? target : { ...target, waits: reason };
  });
}
