import { toAppError } from '../../base/errors.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { QuotaScheduler } from './quotaScheduler.ts';
import { retryAfter } from './retry.ts';

/**
 * The query API within the quota of everything else that asks it, for who asks one workspace now and then and retries
 * by itself: a centre that is asked what it has.
 */
export class LogsWithinQuota implements Pick<LogsPort, 'query'> {
  private readonly logs: Pick<LogsPort, 'query'>;
  private readonly quota: QuotaScheduler;

  constructor(logs: Pick<LogsPort, 'query'>, quota: QuotaScheduler) {
    this.logs = logs;
    this.quota = quota;
  }

  query(...[request, signal]: Parameters<LogsPort['query']>): ReturnType<LogsPort['query']> {
    const { quota } = this;
    const credential = request.issuer.account;
    return quota.take(
      { credential, run: `centre ${request.workspaceGuid}` },
      async () => {
        try {
          const answer = await this.logs.query(request, signal);
          quota.served(credential);
          return answer;
        } catch (thrown) {
          const error = toAppError(thrown);
          if (error.code === 'service.throttled') quota.throttled(credential, retryAfter(error), request.workspaceGuid);
          throw error;
        }
      },
      signal,
    );
  }
}
