import type { CancelSignal } from '../../base/cancel.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { toRunId } from '../../model/ids.ts';
import type { Run } from '../../model/run.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import type { AskingResult } from './askResult.ts';
import type { RunWorld } from './runWorld.ts';

/** What a run that is made here is called, where its rows go, and who stops it. */
export type MadeRun = Pick<AskingResult, 'id' | 'rows' | 'signal'>;

/** What fills a run that is made here with rows. */
export type MakeRun = (made: MadeRun) => Promise<Run>;

/** How a run is made here: who cancels, whether anything of it is kept, and who is told that it is at work. */
export interface Presenting {
  readonly signal: CancelSignal;
  readonly passing: boolean;
  /** By the signal that stops it. */
  readonly atWork: Map<LocalSignal, Promise<unknown>>;
  readonly work: MakeRun;
}

/**
 * An ended run that `work` fills, with its rows; where it fails none are left, and `failed` hears whether somebody
 * stopped it before it rejects.
 */
export async function presentRun(
  { newId, store }: Pick<RunWorld, 'newId' | 'store'>,
  { signal, passing, atWork, work }: Presenting,
  failed: (stopped: boolean) => void,
): Promise<{ readonly past: Run; readonly rows: RowStoreRun }> {
  const id = toRunId(newId());
  const rows = await store.open(id, { passing });
  const stop = new LocalSignal();
  const onAbort = (): void => {
    stop.abort();
  };
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) stop.abort();
  const working = work({ id, rows, signal: stop });
  atWork.set(stop, working);
  try {
    const run = await working;
    return { past: passing ? { ...run, passing } : run, rows };
  } catch (thrown) {
    await rows.discard().catch(() => undefined);
    failed(stop.aborted);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
    atWork.delete(stop);
  }
}
