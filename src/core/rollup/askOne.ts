import { AppError } from '../../base/errors.ts';
import type { LogsAnswer } from '../../ports/logs.ts';
import { askWorkspaces } from '../fanOut/askWorkspaces.ts';
import type { RollupWorld } from './rollupWorld.ts';
import type { WorkspaceJob } from './workspaceJob.ts';

/** One question to the workspace, within the quota, with the retries of every run. Rejects with its AppError. */
export async function askOne(query: string, job: WorkspaceJob, world: RollupWorld): Promise<LogsAnswer> {
  const { workspace, estate, version, signal } = job;
  const { logs, quota, background, retry, random } = world;
  const outcomes = await askWorkspaces({
    workspaces: [workspace.key],
    estate,
    quota,
    name: `rollup ${version.table.id}`,
    ...(background ? { background } : {}),
    signal,
    ...(retry ? { retry } : {}),
    ...(random ? { random } : {}),
    ask: ({ guid, armId }, issuer, attempt) =>
      logs.query({ issuer, workspaceGuid: guid, armId, query, noCache: true }, attempt.signal),
  });
  const outcome = outcomes.get(workspace.key)!;
  if (!outcome.ok) throw AppError.fromData(outcome.error);
  return outcome.value;
}
