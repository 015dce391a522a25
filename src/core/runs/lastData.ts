import type { CancelSignal } from '../../base/cancel.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { LogsPort } from '../../ports/logs.ts';
import { askWorkspaces } from '../fanOut/askWorkspaces.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';

/** Whom to ask, and with what. */
export interface LastDataQuestion {
  readonly workspaces: readonly WorkspaceKey[];
  readonly estate: Estate;
  readonly logs: Pick<LogsPort, 'query'>;
  readonly quota: QuotaScheduler;
  readonly signal?: CancelSignal;
}

/**
 * Usage is written every hour for every table that received data, so one row of it tells without reading the tables.
 */
const QUERY = 'Usage | summarize LastData = max(TimeGenerated)';

/**
 * When each workspace last received data: the ISO time of its newest billing record, hourly; null where there was none
 * in 31 days; or why that is not known. Within the quotas of runs, behind them. Rejects only when cancelled.
 */
export function lastDataOf(question: LastDataQuestion): Promise<ReadonlyMap<WorkspaceKey, Outcome<string | null>>> {
  const { logs, ...rest } = question;
  return askWorkspaces({
    ...rest,
    name: 'lastData',
    background: true,
    ask: async ({ guid, armId }, issuer, { signal }) => {
      const answer = await logs.query({ issuer, workspaceGuid: guid, armId, query: QUERY, timespan: 'P31D' }, signal);
      const rows = answer.tables[0]?.rows ?? [];
      const [[cell] = []] = 'pages' in rows ? [...rows.pages()].flat() : rows;
      return typeof cell === 'string' && cell !== '' ? cell : null;
    },
  });
}
