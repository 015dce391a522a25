import type { Clock } from '../../base/clock.ts';
import type { AssessPort } from '../../ports/assess.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';

/** What an assessment reads the world through. It changes nothing. */
export interface AssessWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  readonly assess: AssessPort;
  /** Which subscription belongs to which tenant: one listing per account and tenant. */
  readonly directory: Pick<DirectoryPort, 'subscriptions'>;
  /** The quota of the query API that everything shares (`Services.scheduler`). */
  readonly scheduler: QuotaScheduler;
  readonly clock: Clock;
  /** Of queries; `RETRY_RULES` where absent. */
  readonly retry?: RetryRules;
  readonly random?: () => number;
}
