import type { KeepLimits } from '../../model/keepLimits.ts';
import type { RunId } from '../../model/ids.ts';
import type { Run } from '../../model/run.ts';

const DAY_MS = 86_400_000;
const MB = 1_000_000;

/** A run that has ended, and what its rows take. */
export interface KeptRun {
  readonly run: Pick<Run, 'id' | 'startedAt' | 'label'>;
  readonly bytes: number;
}

/**
 * The runs to be discarded. `ended` are newest first, and the newest stays in any case. A label says that somebody
 * wants to come back to a run: it goes only where its room is needed, after all others.
 */
export function pastLimits(ended: readonly KeptRun[], limits: KeepLimits, now: number): RunId[] {
  const gone = new Set<KeptRun>();
  const [, ...older] = ended;
  const plain = (kept: KeptRun): boolean => kept.run.label === undefined;
  for (const kept of older)
    if (plain(kept) && now - Date.parse(kept.run.startedAt) > limits.days * DAY_MS) gone.add(kept);
  for (const kept of ended.filter(plain).slice(limits.runs)) if (kept !== ended[0]) gone.add(kept);
  let bytes = ended.reduce((sum, kept) => sum + (gone.has(kept) ? 0 : kept.bytes), 0);
  const oldestFirst = [...older].reverse();
  for (const kept of [...oldestFirst.filter(plain), ...oldestFirst.filter((one) => !plain(one))]) {
    if (bytes <= limits.megabytes * MB) break;
    if (gone.has(kept)) continue;
    gone.add(kept);
    bytes -= kept.bytes;
  }
  return [...gone].map(({ run }) => run.id);
}
