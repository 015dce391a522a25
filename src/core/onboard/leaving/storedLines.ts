import type { CustomerKey } from '../../../model/ids.ts';
import type { RollupProgress } from '../../rollup/progress.ts';
import type { StoredLine } from './writeDown.ts';

/** How far roll-ups are at one customer, of all that they are at, as it is written down. */
export function storedLines(
  progress: readonly Pick<
    RollupProgress,
    'customer' | 'rollup' | 'sink' | 'workspaceName' | 'since' | 'until' | 'gaps'
  >[],
  key: CustomerKey,
): readonly StoredLine[] {
  const iso = (at: number): string => new Date(at).toISOString();
  return progress
    .filter(({ customer }) => customer === key)
    .map(({ rollup, sink, workspaceName, since, until, gaps }) => ({
      rollup,
      sink,
      workspace: workspaceName,
      ...(since === undefined ? {} : { since: iso(since) }),
      ...(until === undefined ? {} : { until: iso(until) }),
      gaps: gaps.map(({ from, to, reason }) => ({ from: iso(from), to: iso(to), reason })),
    }));
}
