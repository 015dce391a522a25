import { AppError } from '../../base/errors.ts';
import { choosePath, issuerOf } from '../estate/path.ts';
import { RETRY_RULES } from '../fanOut/retry.ts';
import { findUnread } from '../runs/unreadTables.ts';
import type { RollupWorld } from './rollupWorld.ts';
import type { WorkspaceJob } from './workspaceJob.ts';

/**
 * That no rows are no rows: a protected table, or a workspace of data actions alone, gives none and no error, and the
 * window would be passed over for good. Rejects with `access.*` where not one row of a table can be read.
 */
export async function checkReadable(job: WorkspaceJob, world: RollupWorld): Promise<void> {
  const { workspace, version, schema, signal } = job;
  const { logs, catalog, quota, retry = RETRY_RULES, random = Math.random } = world;
  const there = new Set(schema.tables.map(({ name }) => name));
  const { guid, armId, region, dataActionsOnly } = workspace;
  const unread = await findUnread(
    // Of an answer only what it names itself counts here, and that has been looked at.
    { tables: [], bytes: 1 },
    undefined,
    {
      name: workspace.name,
      way: { issuer: issuerOf(workspace), guid, armId, region, ...(dataActionsOnly ? { dataActionsOnly } : {}) },
      lighthouse: choosePath(workspace)?.kind === 'lighthouse',
      tables: version.plan.part.tables.filter((name) => there.has(name)),
      unnamedTables: false,
    },
    { logs, catalog, scheduler: quota, retry, random },
    signal,
  );
  if (unread) throw AppError.fromData(unread.error);
}
