import type { Clock } from '../../base/clock.ts';
import type { GraphPort } from '../../ports/graph.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';
import type { TableCatalog } from '../schema/tableCatalog.ts';
import type { AcrossWorld } from './across/acrossWorld.ts';

/** What asking needs of the world around a run. */
export interface AskWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  /** Absent where only workspaces can be asked. */
  readonly graph?: GraphPort;
  /** What tells a table that is not there from one that is kept from the caller. */
  readonly catalog: TableCatalog;
  readonly scheduler: QuotaScheduler;
  /** Searches of Basic and Auxiliary tables have a quota of their own. */
  readonly scans: QuotaScheduler;
  readonly clock: Clock;
  readonly retry: RetryRules;
  readonly random: () => number;
  /** What plans a query for slices of time; where it is absent, what the service cuts stays cut. */
  readonly across?: AcrossWorld | undefined;
}
