import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import { choosePath } from '../estate/path.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { QuotaScheduler } from './quotaScheduler.ts';

/** `lastData`: ISO time of the newest billing record, hourly; null where there was none in 31 days. */
export interface LastData {
  readonly workspace: WorkspaceKey;
  readonly lastData: string | null;
}

/**
 * Usage is written every hour for every table that received data, so one row of it tells without reading the tables.
 */
const QUERY = 'Usage | summarize LastData = max(TimeGenerated)';

/** When each workspace last received data, within the quotas of runs. A workspace that does not answer is left out. */
export async function lastDataOf(
  workspaces: readonly Workspace[],
  logs: LogsPort,
  scheduler: QuotaScheduler,
  signal: CancelSignal = NEVER,
): Promise<LastData[]> {
  const answers = await Promise.all(
    workspaces.map(async (workspace): Promise<LastData | undefined> => {
      const path = choosePath(workspace);
      if (!path) return undefined;
      const query = {
        issuer: { account: path.account, tenant: path.issuer },
        workspaceGuid: workspace.guid,
        armId: workspace.armId,
        query: QUERY,
        timespan: 'P31D',
      };
      const answer = await scheduler
        .take({ credential: path.account, run: 'lastData' }, () => logs.query(query, signal), signal)
        .catch(() => undefined);
      if (!answer) return undefined;
      const rows = answer.tables[0]?.rows ?? [];
      const [[cell] = []] = 'pages' in rows ? [...rows.pages()].flat() : rows;
      return { workspace: workspace.key, lastData: typeof cell === 'string' && cell !== '' ? cell : null };
    }),
  );
  return answers.filter((answer) => answer !== undefined);
}
