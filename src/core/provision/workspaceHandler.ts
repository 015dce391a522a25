import { toAppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { ProvisionPort, WorkspaceBody } from '../../ports/workspaces.ts';
import type { ChangeCall, ChangeHandler, Intent } from '../changes/changeHandler.ts';
import { findDeleted } from './nameState.ts';
import { diffWorkspace } from './workspaceDiff.ts';
import { toBody, toTemplateResource, toWorkspaceCommands, toWorkspaceRequests } from './workspaceExport.ts';
import { verifyWorkspace } from './workspaceVerify.ts';
import type { WorkspaceFound, WorkspaceWanted } from './workspaceWanted.ts';

type WorkspacePort = Pick<
  ProvisionPort,
  'workspace' | 'deletedWorkspaces' | 'putWorkspace' | 'patchWorkspace' | 'deleteWorkspace'
>;

/** Creates, recovers, changes and deletes workspaces. One that exists is changed by PATCH, never by PUT. */
export function workspaceHandler(port: WorkspacePort): ChangeHandler<WorkspaceWanted, WorkspaceFound> {
  return {
    resource: 'workspace',
    noun: 'workspace',
    read: (intent, call) => read(port, intent, call),
    diff: diffWorkspace,
    apply: async ({ target, wanted }, _action, { issuer, signal }, report) => {
      if (wanted.kind === 'present') await port.putWorkspace(issuer, target, toBody(wanted.request), report, signal);
      else if (wanted.kind === 'settings') await port.patchWorkspace(issuer, target, toPatch(wanted), signal);
      else await port.deleteWorkspace(issuer, target, wanted.permanent, report, signal);
    },
    verify: verifyWorkspace,
    describe: (_intent, found) => found?.now && `workspace ${found.now.name} in ${found.now.region}`,
    ids: ({ now }) => (now?.listing ? [{ name: 'Workspace ID', value: now.listing.guid }] : []),
    note: ({ target, wanted }, found) => {
      if (found?.now?.listing) return { kind: 'present', listing: found.now.listing };
      return wanted.kind === 'absent' && !found?.now ? { kind: 'gone', workspace: toWorkspaceKey(target) } : undefined;
    },
    commands: ({ target, wanted }, action) => toWorkspaceCommands(target, wanted, action),
    requests: ({ target, wanted }) => toWorkspaceRequests(target, wanted),
    templateResources: ({ wanted }) => (wanted.kind === 'present' ? [toTemplateResource(wanted.request)] : []),
  };
}

/** The list of the deleted is asked for only where it matters, and not being allowed to see it is no failure. */
async function read(
  port: WorkspacePort,
  { target, wanted }: Intent<WorkspaceWanted>,
  { issuer, signal }: ChangeCall,
): Promise<WorkspaceFound> {
  const now = await port.workspace(issuer, target, signal);
  if (now || wanted.kind !== 'present') return { now, deleted: undefined, deletedKnown: true };
  const { subscription, resourceGroup, name } = wanted.request;
  try {
    const gone = await port.deletedWorkspaces(issuer, subscription, signal);
    return { now, deletedKnown: true, deleted: findDeleted(gone, resourceGroup, name) };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family !== 'access') throw error;
    return { now, deleted: undefined, deletedKnown: false };
  }
}

function toPatch({ change }: WorkspaceWanted & { readonly kind: 'settings' }): Partial<WorkspaceBody> {
  const { retentionDays, dailyCapGb, tags } = change;
  return {
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(dailyCapGb === undefined ? {} : { dailyCapGb: dailyCapGb ?? -1 }),
    ...(tags ? { tags } : {}),
  };
}
