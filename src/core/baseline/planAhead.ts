import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import { toPlanId, toWorkspaceKey } from '../../model/ids.ts';
import type { WorkspaceGuid } from '../../model/ids.ts';
import type { WorkspaceRequest } from '../../model/plan.ts';
import type { ChangeHandler } from '../changes/changeHandler.ts';
import type { ExportablePlan } from '../changes/joinPlans.ts';
import { makePlan } from '../changes/makePlan.ts';
import { workspaceArmId } from '../provision/checkName.ts';
import { askBefore, needsMachines, typesOf } from './askBefore.ts';
import type { CheckWorld } from './checkBaseline.ts';
import { customerSettings } from './customerSettings.ts';
import { customerWorld } from './customerWorlds.ts';
import { draftFixes } from './draftFixes.ts';
import { baselineOf } from './layers.ts';
import type { Coming } from './layers.ts';

/** A workspace that is still to be made, and what is agreed with its customer. */
export interface AheadRequest {
  readonly file: BaselineFile;
  readonly estate: Estate;
  readonly workspace: WorkspaceRequest;
  readonly coming?: Coming;
}

/** What has to be done behind the making of the workspace; `leftOut` says what cannot be said before it is there. */
export interface AheadPlans {
  readonly plans: readonly ExportablePlan[];
  readonly leftOut: readonly string[];
}

/**
 * What the baseline agrees with the customer of a workspace that is still to be made, as plans for an export: nothing
 * in the workspace is there yet, all else is looked at. They are never carried out from here. Rejects as planning does.
 */
export async function planAhead(
  { file, estate, workspace: request, coming }: AheadRequest,
  world: Pick<CheckWorld, 'assess' | 'baseline' | 'clock'> & { readonly handlers: readonly ChangeHandler[] },
  signal: CancelSignal = NEVER,
): Promise<AheadPlans> {
  const tenant = estate.tenants.find(({ id }) => id === request.tenant);
  const customer = estate.customers.find(({ key }) => key === tenant?.customer);
  if (!customer) throw new AppError('input.onboarding', `Tenant ${request.tenant} is none that anybody here sees.`);
  const { baseline } = baselineOf(file, customer, coming);
  const made = comingWorkspace(request, customer);
  const issuer = { account: request.account, tenant: request.issuer };
  const asked = await askBefore(
    [{ issuer, tenants: [request.tenant] }],
    { machines: needsMachines(baseline), types: typesOf(baseline) },
    world,
    world.clock,
    signal,
  );
  const there = { ...estate, workspaces: [...estate.workspaces, made] };
  const { world: own, unknown } = customerWorld(there, customer, baseline, [made], asked);
  const wanted = customerSettings(own);
  const drafts = draftFixes({ drifted: wanted.settings.map((setting) => ({ setting, drift: {} })) }, there);
  const leftOut = [...unknown, ...wanted.unknown].map(
    ({ where, name, error }) => `${name} of ${where}: ${error.message}`,
  );
  const handlers = world.handlers.map((handler) => unmade(handler, made, (why) => leftOut.push(why)));
  const plans: ExportablePlan[] = [];
  for (const draft of drafts) plans.push((await makePlan(toPlanId('ahead'), draft, handlers, signal)).plan);
  return {
    plans: plans.filter(({ source }) => source.steps.length > 0),
    leftOut,
  };
}

function comingWorkspace(request: WorkspaceRequest, { key: customer }: Customer): Workspace {
  const { account, issuer, tenant, subscription, resourceGroup, name, region, tags, sku, retentionDays } = request;
  const armId = workspaceArmId(subscription, resourceGroup, name);
  return {
    key: toWorkspaceKey(armId),
    armId,
    guid: '' as WorkspaceGuid,
    name,
    customer,
    tenant,
    subscription,
    subscriptionName: subscription,
    resourceGroup,
    region,
    tags,
    sku: sku.name,
    retentionDays,
    ...(request.dailyCapGb === undefined ? {} : { dailyCapGb: request.dailyCapGb }),
    cap: 'none',
    sentinel: false,
    paths: [{ kind: issuer === tenant ? 'home' : 'lighthouse', account, issuer }],
  };
}

/** The same handler before the workspace is made: nothing is there of it or in it, and what it refuses is left out. */
function unmade(handler: ChangeHandler, { armId, name }: Workspace, leaveOut: (why: string) => void): ChangeHandler {
  const isOf = (target: string): boolean => `${target}/`.toLowerCase().startsWith(`${armId.toLowerCase()}/`);
  return {
    ...handler,
    read: async (intent, call) => {
      if (isOf(intent.target)) return undefined;
      try {
        return await handler.read(intent, call);
      } catch (thrown) {
        // Its resource group may still have to be made, too.
        if (toAppError(thrown).code === 'access.notFound') return undefined;
        throw thrown;
      }
    },
    diff: (intent, now, earlier) => {
      const none = { title: '', detail: '', differences: [] };
      if (handler.resource === 'workspace' && isOf(intent.target))
        return { ...none, action: 'update', title: `Give workspace ${name} the settings of the baseline` };
      try {
        return handler.diff(intent, now, earlier);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'bug') throw error;
        leaveOut(error.message);
        return { ...none, action: 'none' };
      }
    },
  };
}
