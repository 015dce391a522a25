import type { GraphPort } from '../../ports/graph.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { StoredRowsPort } from '../../ports/storedRows.ts';
import type { TableCatalog } from '../schema/tableCatalog.ts';
import type { RowStore } from '../../ports/rows.ts';
import type { Clock } from '../../base/clock.ts';
import type { Estate } from '../../model/estate.ts';
import type { ReadQuery } from './runFacts.ts';
import type { AcrossWorld } from './across/acrossWorld.ts';
import type { QueryAudits } from './queryReaders.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';
import type { KeepLimits } from '../../model/keepLimits.ts';
import type { RunArchive } from './keptRuns.ts';

/** What runs need: where to ask, where rows go, time, chance, and the parser. */
export interface RunWorld extends RunArchive {
  readonly logs: LogsPort;
  /** Absent where only workspaces can be asked. */
  readonly graph?: GraphPort;
  /** What roll-ups have stored; absent where that is not asked. */
  readonly stored?: StoredRowsPort;
  /** The tables of workspaces as Resource Manager lists them. */
  readonly catalog: TableCatalog;
  readonly store: RowStore;
  readonly clock: Clock;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly estate: () => Promise<Estate>;
  readonly readQuery: ReadQuery;
  /** What makes one answer of many; absent where each workspace only ever answers for itself. */
  readonly across?: AcrossWorld;
  /** What tells who keeps the text of queries; absent where that is not asked. */
  readonly audits?: Pick<QueryAudits, 'of'>;
  readonly scheduler?: QuotaScheduler;
  readonly retry?: RetryRules;
  /** How much of ended runs keeps its rows, asked whenever one has ended. */
  readonly limits?: () => KeepLimits;
}
