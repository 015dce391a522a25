import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Limiter } from '../../base/limiter.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { RollupDefinition, StoredWindow, TimeWindow } from '../../model/rollup.ts';
import type { SinkPort } from '../../ports/rollups.ts';
import type { RollupGap } from './progress.ts';
import type { OpenedVersion } from './versions.ts';

/** One workspace of one roll-up for one sink. */
export interface WorkspaceJob {
  readonly definition: RollupDefinition;
  readonly version: OpenedVersion;
  readonly workspace: Workspace;
  readonly schema: SourceSchema;
  readonly estate: Estate;
  readonly sink: SinkPort;
  /** Held while a window is read and sent, and not while a sink waits for what it was sent. */
  readonly reading: Limiter;
  /**
   * Rejects where the roll-up is paused, or the customer (whose it is now, if none is given) is off
   * (`input.switchedOff`).
   */
  readonly mayRun: (customer?: CustomerKey) => Promise<void>;
  /** A range to store, again where it is stored already. */
  readonly backfill?: TimeWindow;
  /** Only where it was not run for as long as its schedule says. */
  readonly onlyDue?: boolean;
  readonly signal: CancelSignal;
  readonly stored?: (window: TimeWindow, there: StoredWindow) => void;
}

/**
 * What became of a workspace: `current` (nothing is to be read yet), `stored` (windows were), `notDue`, `busy` (another
 * runner has it), `off`, `stopped` (its schema has changed) or `failed`.
 */
export interface WorkspaceResult {
  readonly state: 'current' | 'stored' | 'notDue' | 'busy' | 'off' | 'stopped' | 'failed';
  readonly windows: number;
  readonly rows: number;
  readonly bytes: number;
  readonly until?: number;
  readonly gaps: readonly RollupGap[];
  readonly error?: AppErrorData;
}
