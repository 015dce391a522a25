import { AppError } from '../../base/errors.ts';
import type { Customer } from '../../model/estate.ts';
import type { TenantId } from '../../model/ids.ts';
import type { PlanSubject, WorkspaceChange, WorkspaceRequest } from '../../model/plan.ts';
import { toRegion } from '../../model/region.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { Draft } from '../changes/makePlan.ts';
import { workspaceArmId } from './checkName.ts';
import { wantResourceGroup } from './resourceGroupHandler.ts';
import { WORKSPACES_PROVIDER, wantResourceProvider } from './resourceProviderHandler.ts';
import {
  COMMITMENT_LEVELS,
  LEAST_DAILY_CAP_GB,
  validateDailyCap,
  validateName,
  validateResourceGroupName,
  validateRetention,
  validateTags,
} from './rules.ts';
import { wantWorkspace } from './workspaceWanted.ts';

/** What the plan of a new workspace is read against. `recover` where the person wants a deleted one back. */
export interface PlanContext {
  readonly customer?: Customer;
  readonly tenantName?: string;
  readonly subscriptionName?: string;
  /** As regions are called, e.g. `West Europe`. */
  readonly regionName?: string;
  /** Whose it will be, told from everybody of the same name; `about` says it at length. */
  readonly owner?: string;
  readonly about?: readonly PlanSubject[];
  readonly recover?: boolean;
  /** Where the subscription is not registered for workspaces yet: the plan registers it first. */
  readonly register?: boolean;
}

/**
 * What creating or recovering a workspace means, before anybody looked at what is there. Throws `input.workspace` for a
 * request that the service would refuse.
 */
export function draftWorkspace(asked: WorkspaceRequest, context: PlanContext = {}): Draft {
  const request = { ...asked, region: toRegion(asked.region) };
  const wrong =
    validateName(request.name) ??
    validateResourceGroupName(request.resourceGroup) ??
    validateRetention(request.retentionDays) ??
    (request.dailyCapGb === undefined ? undefined : validateDailyCap(request.dailyCapGb)) ??
    validateTags(request.tags);
  if (wrong !== undefined) throw new AppError('input.workspace', wrong);
  if (request.sku.name === 'CapacityReservation' && !COMMITMENT_LEVELS.includes(request.sku.gbPerDay)) {
    throw new AppError(
      'input.workspace',
      `There is no commitment tier of ${request.sku.gbPerDay} GB a day. The tiers are ${COMMITMENT_LEVELS.join(', ')}.`,
    );
  }
  const owner = context.owner ?? context.customer?.name ?? context.tenantName ?? request.tenant;
  const recover = context.recover ?? false;
  const named = {
    subscription: request.subscription,
    ...(context.subscriptionName === undefined ? {} : { subscriptionName: context.subscriptionName }),
  };
  const registration = context.register ? [wantResourceProvider({ ...named, namespace: WORKSPACES_PROVIDER })] : [];
  const group = request.createResourceGroup
    ? [
        wantResourceGroup({
          ...named,
          name: request.resourceGroup,
          region: request.region,
          ...(context.regionName === undefined ? {} : { regionName: context.regionName }),
        }),
      ]
    : [];
  return {
    title: `${recover ? 'Recover' : 'Create'} workspace ${request.name} for ${owner}`,
    issuer: { account: request.account, tenant: request.issuer },
    owner: request.tenant,
    about: context.about ?? [],
    intents: [
      ...registration,
      ...group.map((intent) => ({ ...intent, after: registration.map(({ id }) => id) })),
      wantWorkspace(
        workspaceArmId(request.subscription, request.resourceGroup, request.name),
        {
          kind: 'present',
          request,
          recover,
          ...(context.regionName === undefined ? {} : { regionName: context.regionName }),
        },
        [...registration, ...group].map(({ id }) => id),
      ),
    ],
    warnings: toWarnings(request, context, recover),
  };
}

/** A workspace that is there, and whose token changes it. */
export interface ExistingWorkspace {
  readonly armId: string;
  readonly name: string;
  readonly issuer: Issuer;
  readonly owner: TenantId;
  /** As the estate knows them; what a change leaves out is to be gone afterwards. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Its pricing tier, which may fix the retention. */
  readonly sku?: string;
  /** Whose it is, told from everybody of the same name; `about` says it at length. */
  readonly whose?: string;
  readonly about?: readonly PlanSubject[];
}

/**
 * What changing retention (days), daily cap (GB, null for none) or tags (all of them) means. Throws `input.workspace`
 * for what the service would refuse and where nothing is named.
 */
export function draftSettings(workspace: ExistingWorkspace, change: WorkspaceChange): Draft {
  const { retentionDays, dailyCapGb, tags } = change;
  const wrong =
    (retentionDays === undefined ? undefined : validateRetention(retentionDays, workspace.sku)) ??
    (typeof dailyCapGb === 'number' ? validateDailyCap(dailyCapGb) : undefined) ??
    (tags ? validateTags(tags) : undefined);
  if (wrong !== undefined) throw new AppError('input.workspace', wrong);
  if (retentionDays === undefined && dailyCapGb === undefined && tags === undefined)
    throw new AppError('input.workspace', 'There is nothing to change.');
  return {
    title: `Change workspace ${workspace.name}${ofOwner(workspace)}`,
    ...commonOf(workspace),
    intents: [wantWorkspace(workspace.armId, { kind: 'settings', change, dropped: droppedTags(workspace, tags) })],
  };
}

/** Tags are set as a whole: those that are not named any more. Azure compares the names without case. */
function droppedTags({ tags: before = {} }: ExistingWorkspace, tags: WorkspaceChange['tags']): string[] {
  if (!tags) return [];
  const kept = new Set(Object.keys(tags).map((name) => name.toLowerCase()));
  return Object.keys(before).filter((name) => !kept.has(name.toLowerCase()));
}

/**
 * What deleting a workspace means. A permanent deletion is carried out only for somebody who types the workspace's own
 * name, exactly. `losses`: what goes with it, for the person who reads the plan.
 */
export function draftDeletion(workspace: ExistingWorkspace, permanent: boolean, losses: readonly string[] = []): Draft {
  return {
    title: `Delete workspace ${workspace.name}${ofOwner(workspace)}${permanent ? ' permanently' : ''}`,
    ...commonOf(workspace),
    ...(permanent ? { typed: workspace.name } : {}),
    warnings: losses,
    intents: [wantWorkspace(workspace.armId, { kind: 'absent', permanent })],
  };
}

function commonOf({ issuer, owner, about = [] }: ExistingWorkspace): Pick<Draft, 'issuer' | 'owner' | 'about'> {
  return { issuer, owner, about };
}

function ofOwner({ whose }: ExistingWorkspace): string {
  return whose === undefined ? '' : ` of ${whose}`;
}

function toWarnings(request: WorkspaceRequest, { customer }: PlanContext, recover: boolean): readonly string[] {
  const warnings: string[] = [];
  const { retentionDays, regions } = customer?.declared ?? {};
  if (regions && regions.length > 0 && !regions.some((region) => toRegion(region) === request.region))
    warnings.push(
      `${customer!.name} is declared to keep logs in ${regions.join(' or ')}; this workspace would be in ${request.region}.`,
    );
  if (retentionDays !== undefined && request.retentionDays < retentionDays)
    warnings.push(
      `${customer!.name} is declared to keep logs for ${retentionDays} days; this workspace would keep them for ${request.retentionDays}.`,
    );
  if (request.dailyCapGb !== undefined) {
    if (request.dailyCapGb < LEAST_DAILY_CAP_GB)
      warnings.push(
        `A daily cap of ${request.dailyCapGb} GB is below ${LEAST_DAILY_CAP_GB} GB, the least that other tools accept; the service may refuse it.`,
      );
    warnings.push(
      `Once ${request.dailyCapGb} GB have come in on a day, further logs of that day are lost until the cap resets - security logs too.`,
    );
  }
  if (request.sku.name === 'CapacityReservation')
    warnings.push(`A commitment tier is paid for 31 days whether it is used or not: ${request.sku.gbPerDay} GB a day.`);
  if (request.tenant !== request.issuer)
    warnings.push(
      `The subscription is delegated through Azure Lighthouse: the delegation must include Log Analytics Contributor${request.createResourceGroup ? ', and Contributor on the whole subscription where the resource group is new' : ''}.`,
    );
  if (recover && request.createResourceGroup)
    warnings.push('Recovering needs the resource group to exist; where it is gone it is created again first.');
  return warnings;
}
