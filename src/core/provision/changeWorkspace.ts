import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { Workspace } from '../../model/estate.ts';
import type { ProvisionProgress, ProvisionResult, WorkspaceChange } from '../../model/plan.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ProvisionPort, WorkspaceBody } from '../../ports/workspaces.ts';
import { validateDailyCap, validateRetention, validateTags } from './rules.ts';
import { SOFT_DELETE_DAYS } from './rules.ts';

/**
 * Changes retention (days), daily cap (GB, null for none) or tags (all of them) and returns the workspace as it is now.
 */
export async function changeWorkspace(
  port: ProvisionPort,
  issuer: Issuer,
  armId: string,
  change: WorkspaceChange,
  signal?: CancelSignal,
): Promise<WorkspaceListing> {
  const { retentionDays, dailyCapGb, tags } = change;
  const wrong =
    (retentionDays === undefined ? undefined : validateRetention(retentionDays)) ??
    (typeof dailyCapGb === 'number' ? validateDailyCap(dailyCapGb) : undefined) ??
    (tags ? validateTags(tags) : undefined);
  if (wrong !== undefined) throw new AppError('input.workspace', wrong);
  const body: Partial<WorkspaceBody> = {
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(dailyCapGb === undefined ? {} : { dailyCapGb: dailyCapGb ?? -1 }),
    ...(tags ? { tags } : {}),
  };
  if (Object.keys(body).length === 0) throw new AppError('input.workspace', 'There is nothing to change.');
  return port.patchWorkspace(issuer, armId, body, signal);
}

/** What a change means for the data that is already there; undefined where it costs nothing. */
export function warnOfChange(workspace: Workspace, change: WorkspaceChange): string | undefined {
  if (change.retentionDays !== undefined && change.retentionDays < workspace.retentionDays) {
    return `Logs older than ${change.retentionDays} days will be removed from ${workspace.name}; the service waits 30 days before it does.`;
  }
  return typeof change.dailyCapGb === 'number'
    ? `Once ${change.dailyCapGb} GB have come in on a day, ${workspace.name} loses further logs of that day.`
    : undefined;
}

/** `typedName` is what the person typed to confirm; a permanent deletion needs the workspace's own name, exactly. */
export interface Deletion {
  readonly armId: string;
  readonly name: string;
  readonly permanent: boolean;
  readonly typedName?: string;
}

export async function deleteWorkspace(
  port: ProvisionPort,
  issuer: Issuer,
  deletion: Deletion,
  report: (progress: ProvisionProgress) => void,
  signal?: CancelSignal,
): Promise<ProvisionResult> {
  if (deletion.permanent && deletion.typedName !== deletion.name) {
    throw new AppError(
      'input.notConfirmed',
      `Type the name "${deletion.name}" exactly to delete it permanently. Nothing was deleted.`,
    );
  }
  report({ step: 'deleteWorkspace', message: `Deleting workspace ${deletion.name}` });
  try {
    await port.deleteWorkspace(
      issuer,
      deletion.armId,
      deletion.permanent,
      (state) => {
        report({ step: 'deleteWorkspace', message: `Deleting workspace ${deletion.name}: ${state}` });
      },
      signal,
    );
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const next =
      thrown.family === 'cancelled'
        ? ' The service may still finish deleting it: refresh the Estate view in a minute.'
        : '';
    return { ok: false, done: [], exists: [], error: { ...thrown.toData(), message: `${thrown.message}${next}` } };
  }
  return { ok: true, done: ['deleteWorkspace'], exists: [] };
}

/** What stays after a deletion, for the message that tells of it. */
export function describeDeletion(name: string, permanent: boolean): string {
  return permanent
    ? `${name} is deleted permanently. Its name is free again; its data is removed within 30 days.`
    : `${name} is deleted. It can be recovered with its data for ${SOFT_DELETE_DAYS} days and keeps its name until then.`;
}
