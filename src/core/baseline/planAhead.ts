import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import { toPlanId, toWorkspaceKey } from '../../model/ids.ts';
import type { WorkspaceGuid } from '../../model/ids.ts';
import type { Plan, WorkspaceRequest } from '../../model/plan.ts';
import type { ChangeHandler } from '../changes/changeHandler.ts';
import { makePlan } from '../changes/makePlan.ts';
import { workspaceArmId } from '../provision/checkName.ts';
import type { WorkspaceFound } from '../provision/workspaceWanted.ts';
import { askBefore, needsMachines, typesOf } from './askBefore.ts';
import type { CheckWorld } from './checkBaseline.ts';
import { customerSettings } from './customerSettings.ts';
import { customerWorld } from './customerWorlds.ts';
import { draftFixes } from './draftFixes.ts';
import { judge } from './judge.ts';
import { baselineOf } from './layers.ts';
import type { Coming } from './layers.ts';
import { listKey, readLists } from './readLists.ts';
import type { Setting } from './setting.ts';

/** A workspace that is still to be made, and what is agreed with its customer. */
export interface AheadRequest {
  readonly file: BaselineFile;
  readonly estate: Estate;
  readonly workspace: WorkspaceRequest;
  readonly coming?: Coming;
}

/** What has to be done behind the making of the workspace; `leftOut` says what cannot be said before it is there. */
export interface AheadPlans {
  readonly plans: readonly Plan[];
  readonly leftOut: readonly string[];
}

/**
 * What the baseline agrees with the customer of a workspace that is still to be made, as plans to read and to export:
 * nothing in the workspace is there yet, all else of its tenant is looked at. They are never carried out from here.
 * Rejects as planning does.
 */
export async function planAhead(
  { file, estate, workspace: request, coming }: AheadRequest,
  world: Omit<CheckWorld, 'handlers'> & { readonly handlers: readonly ChangeHandler[] },
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
  const others = estate.workspaces.filter((one) => one.customer === customer.key && one.tenant === request.tenant);
  const { world: own, unknown } = customerWorld(there, customer, baseline, [...others, made], asked);
  const wanted = customerSettings(own);
  const leftOut = [...unknown, ...wanted.unknown].map(
    ({ where, name, error }) => `${name} of ${where}: ${error.message}`,
  );
  const isThere = ({ intent }: Setting): boolean => others.some(({ armId }) => isIn(armId, intent.target));
  const differing = await differingOf(wanted.settings.filter(isThere), world, signal, (why) => leftOut.push(why));
  const drifted = wanted.settings.flatMap((setting) =>
    isThere(setting) ? (differing.get(setting) ?? []) : [{ setting, drift: {} }],
  );
  const drafts = draftFixes({ drifted }, there);
  const handlers = world.handlers.map((handler) => unmade(handler, made, (why) => leftOut.push(why)));
  const plans: Plan[] = [];
  for (const draft of drafts) plans.push((await makePlan(toPlanId('ahead'), draft, handlers, signal)).plan);
  return {
    plans: plans.filter(({ source }) => source.steps.length > 0),
    leftOut,
  };
}

/** Of settings of workspaces that are there those that differ, as a check finds them. */
async function differingOf(
  settings: readonly Setting[],
  world: CheckWorld,
  signal: CancelSignal,
  leaveOut: (why: string) => void,
): Promise<ReadonlyMap<Setting, { readonly setting: Setting; readonly drift: { readonly blocked?: string } }>> {
  const { lists } = await readLists(
    settings.map(({ list }) => list),
    world,
    world.clock,
    signal,
    () => undefined,
  );
  const found = new Map<Setting, { readonly setting: Setting; readonly drift: { readonly blocked?: string } }>();
  for (const setting of settings) {
    const judged = judge(setting, lists.get(listKey(setting.list)), world.handlers);
    const of = `${setting.name} of ${setting.where}`;
    if (judged.state === 'unknown') leaveOut(`${of}: ${judged.unknown.error.message}`);
    if (judged.state !== 'drift') continue;
    if (judged.drift.blocked !== undefined) leaveOut(`${of}: ${judged.drift.blocked}`);
    found.set(setting, judged);
  }
  return found;
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

/** Whether a resource is this one or in it. */
function isIn(armId: string, target: string): boolean {
  return `${target}/`.toLowerCase().startsWith(`${armId.toLowerCase()}/`);
}

/** As its own handler will find the workspace right after it was made. */
function asMade({ name, region, ...rest }: Workspace): WorkspaceFound {
  return {
    now: { name, region, provisioningState: 'Succeeded', listing: { name, region, ...rest } },
    deleted: undefined,
    deletedKnown: true,
  };
}

/** The same handler before the workspace is made: it is as asked for and empty, and what it refuses is left out. */
function unmade(handler: ChangeHandler, coming: Workspace, leaveOut: (why: string) => void): ChangeHandler {
  const isOf = (target: string): boolean => isIn(coming.armId, target);
  return {
    ...handler,
    read: async (intent, call) => {
      if (isOf(intent.target)) return handler.resource === 'workspace' ? asMade(coming) : undefined;
      try {
        return await handler.read(intent, call);
      } catch (thrown) {
        // Its resource group may still have to be made, too.
        if (toAppError(thrown).code === 'access.notFound') return undefined;
        throw thrown;
      }
    },
    diff: (intent, now, earlier) => {
      try {
        return handler.diff(intent, now, earlier);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'bug') throw error;
        leaveOut(error.message);
        return { title: '', detail: '', differences: [], action: 'none' };
      }
    },
  };
}
