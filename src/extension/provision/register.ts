import { AppError } from '../../base/errors.ts';
import type { Workspace } from '../../model/estate.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import type { LayPlan } from '../session/layPlan.ts';
import type { ProvisionDeps } from './carryOut.ts';
import { changeCap, changeRetention, changeTags, deleteWorkspace } from './changeWorkspace.ts';
import { createWorkspace } from './createWorkspace.ts';
import type { CreateWish } from './createWorkspace.ts';
import { exportPlanAs } from './exportPlanAs.ts';
import { registerOnboarding } from './onboarding/register.ts';
import type { OnboardingCommand } from './onboarding/register.ts';
import { PlanDesk } from './planDesk.ts';

type WorkspaceCommand =
  | 'tenantscope.workspace.create'
  | 'tenantscope.workspace.createHere'
  | 'tenantscope.workspace.changeRetention'
  | 'tenantscope.workspace.changeCap'
  | 'tenantscope.workspace.changeTags'
  | 'tenantscope.workspace.delete'
  | 'tenantscope.workspace.deletePermanently'
  | 'tenantscope.plan.carryOut'
  | 'tenantscope.plan.copyCommands'
  | 'tenantscope.plan.copyTemplate'
  | 'tenantscope.plan.exportAs';

/** Workspaces and their changes, customers that come or go; `lay` is for plans of other features. */
export function registerProvision(deps: ProvisionDeps): {
  readonly commands: CommandsOf<WorkspaceCommand | OnboardingCommand>;
  readonly lay: LayPlan;
} {
  const { app } = deps;
  const desk = new PlanDesk(deps);
  const change = { ...deps, desk };
  const commands: CommandsOf<WorkspaceCommand> = {
    'tenantscope.workspace.create': () => createWorkspace(deps, desk),
    'tenantscope.workspace.createHere': (node) => createWorkspace(deps, desk, wishOf(node)),
    'tenantscope.workspace.changeRetention': (node) =>
      changeRetention(change, workspaceOf(app, node), proposedOf(node).days),
    'tenantscope.workspace.changeCap': (node) => changeCap(change, workspaceOf(app, node), proposedOf(node).gb),
    'tenantscope.workspace.changeTags': (node) => changeTags(change, workspaceOf(app, node)),
    'tenantscope.workspace.delete': (node) => deleteWorkspace(change, workspaceOf(app, node), false),
    'tenantscope.workspace.deletePermanently': (node) => deleteWorkspace(change, workspaceOf(app, node), true),
    'tenantscope.plan.carryOut': (document) => desk.carryOut(document),
    'tenantscope.plan.copyCommands': (document) => desk.copy(document, 'commands'),
    'tenantscope.plan.copyTemplate': (document) => desk.copy(document, 'template'),
    'tenantscope.plan.exportAs': (document) => exportPlanAs(app, desk.planOf(document)),
  };
  return { commands: { ...commands, ...registerOnboarding(deps) }, lay: (plan, news) => desk.lay(plan, news) };
}

/**
 * What an entry of the tree or a finding tells, by shape: features do not know one another's types. The estate's own
 * workspace is what counts; what is proposed stands ready in the wizard, and is no more than that.
 */
interface NodeShape {
  readonly workspace?: { readonly key?: unknown };
  readonly customer?: { readonly key?: unknown };
  readonly tenant?: { readonly id?: unknown };
  readonly proposed?: { readonly region?: unknown; readonly days?: unknown; readonly gb?: unknown };
}

function workspaceOf(app: App, node: unknown): Workspace {
  const key = (node as NodeShape | undefined)?.workspace?.key;
  const workspace = app.estate.estate?.workspaces.find((one) => one.key === key);
  if (!workspace) throw new AppError('input.noNode', 'Choose this command on a workspace of the Estate view.');
  return workspace;
}

function wishOf(node: unknown): CreateWish {
  const { customer, tenant } = (node ?? {}) as NodeShape;
  return {
    ...(typeof customer?.key === 'string' ? { customer: customer.key } : {}),
    ...(typeof tenant?.id === 'string' ? { tenant: tenant.id } : {}),
    proposed: proposedOf(node),
  };
}

function proposedOf(node: unknown): { readonly region?: string; readonly days?: number; readonly gb?: number } {
  const { region, days, gb } = (node as NodeShape | undefined)?.proposed ?? {};
  return {
    ...(typeof region === 'string' ? { region } : {}),
    ...(typeof days === 'number' ? { days } : {}),
    ...(typeof gb === 'number' ? { gb } : {}),
  };
}
