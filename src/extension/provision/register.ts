import { AppError } from '../../base/errors.ts';
import type { Workspace } from '../../model/estate.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import type { ProvisionDeps } from './carryOut.ts';
import { changeCap, changeRetention, changeTags, deleteWorkspace } from './changeWorkspace.ts';
import { createWorkspace } from './createWorkspace.ts';

type WorkspaceCommand =
  | 'tenantscope.workspace.create'
  | 'tenantscope.workspace.createHere'
  | 'tenantscope.workspace.changeRetention'
  | 'tenantscope.workspace.changeCap'
  | 'tenantscope.workspace.changeTags'
  | 'tenantscope.workspace.delete'
  | 'tenantscope.workspace.deletePermanently';

/** Making, changing and deleting workspaces. */
export function registerProvision(deps: ProvisionDeps): CommandsOf<WorkspaceCommand> {
  const { app } = deps;
  return {
    'tenantscope.workspace.create': () => createWorkspace(deps),
    'tenantscope.workspace.createHere': (node) => createWorkspace(deps, placeOf(node)),
    'tenantscope.workspace.changeRetention': (node) => changeRetention(deps, workspaceOf(app, node)),
    'tenantscope.workspace.changeCap': (node) => changeCap(deps, workspaceOf(app, node)),
    'tenantscope.workspace.changeTags': (node) => changeTags(deps, workspaceOf(app, node)),
    'tenantscope.workspace.delete': (node) => deleteWorkspace(deps, workspaceOf(app, node), false),
    'tenantscope.workspace.deletePermanently': (node) => deleteWorkspace(deps, workspaceOf(app, node), true),
  };
}

/**
 * What an entry of the tree tells, by shape: features do not know one another's types. The estate's own workspace is
 * what counts.
 */
interface NodeShape {
  readonly workspace?: { readonly key?: unknown };
  readonly customer?: { readonly key?: unknown };
  readonly tenant?: { readonly id?: unknown };
}

function workspaceOf(app: App, node: unknown): Workspace {
  const key = (node as NodeShape | undefined)?.workspace?.key;
  const workspace = app.estate.estate?.workspaces.find((one) => one.key === key);
  if (!workspace) throw new AppError('input.noNode', 'Choose this command on a workspace of the Estate view.');
  return workspace;
}

function placeOf(node: unknown): { readonly customer?: string; readonly tenant?: string } {
  const { customer, tenant } = (node ?? {}) as NodeShape;
  return {
    ...(typeof customer?.key === 'string' ? { customer: customer.key } : {}),
    ...(typeof tenant?.id === 'string' ? { tenant: tenant.id } : {}),
  };
}
