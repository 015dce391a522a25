import { AppError } from '../../base/errors.ts';
import type { Customer } from '../../model/estate.ts';
import type { PlanStep, ProvisionPlan, WorkspaceRequest } from '../../model/plan.ts';
import { toCommands, toTemplate } from './template.ts';
import {
  COMMITMENT_LEVELS,
  LEAST_DAILY_CAP_GB,
  validateDailyCap,
  validateName,
  validateResourceGroupName,
  validateRetention,
  validateTags,
} from './rules.ts';

/**
 * What the plan is read against. `recover` where `checkName` found the name in soft delete here and the person wants it
 * back.
 */
export interface PlanContext {
  readonly customer?: Customer;
  readonly tenantName?: string;
  readonly subscriptionName?: string;
  readonly recover?: boolean;
}

/**
 * What provisioning will do, readable before it does anything. Rejects a request the service would refuse with
 * `input.*`.
 */
export function planWorkspace(request: WorkspaceRequest, context: PlanContext = {}): ProvisionPlan {
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
  const owner = context.customer?.name ?? context.tenantName ?? request.tenant;
  const recover = context.recover ?? false;
  return {
    title: `${recover ? 'Recover' : 'Create'} workspace ${request.name} for ${owner}`,
    request,
    steps: toSteps(request, context, recover),
    warnings: toWarnings(request, context, recover),
    template: toTemplate(request),
    commands: toCommands(request, recover),
  };
}

function toSteps(request: WorkspaceRequest, context: PlanContext, recover: boolean): readonly PlanStep[] {
  const subscription = context.subscriptionName
    ? `${context.subscriptionName} (${request.subscription})`
    : request.subscription;
  const sku =
    request.sku.name === 'CapacityReservation'
      ? `commitment tier of ${request.sku.gbPerDay} GB a day`
      : 'pay as you go';
  const cap = request.dailyCapGb === undefined ? 'no daily cap' : `daily cap ${request.dailyCapGb} GB`;
  const tags = Object.entries(request.tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  const settings = `${request.region}, ${sku}, retention ${request.retentionDays} days, ${cap}${tags ? `, tags ${tags}` : ''}`;
  const workspace: PlanStep = recover
    ? {
        kind: 'recoverWorkspace',
        title: `Recover workspace ${request.name} with its data`,
        detail: `Brought back in resource group ${request.resourceGroup} and set to: ${settings}`,
      }
    : {
        kind: 'createWorkspace',
        title: `Create workspace ${request.name}`,
        detail: `In resource group ${request.resourceGroup}: ${settings}`,
      };
  if (!request.createResourceGroup) return [workspace];
  return [
    {
      kind: 'createResourceGroup',
      title: `Create resource group ${request.resourceGroup}`,
      detail: `In subscription ${subscription}, ${request.region}`,
    },
    workspace,
  ];
}

function toWarnings(request: WorkspaceRequest, { customer }: PlanContext, recover: boolean): readonly string[] {
  const warnings: string[] = [];
  const { retentionDays, regions } = customer?.declared ?? {};
  if (regions && regions.length > 0 && !regions.includes(request.region))
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
      'The subscription is delegated through Azure Lighthouse: the delegation must include Log Analytics Contributor.',
    );
  if (recover && request.createResourceGroup)
    warnings.push('Recovering needs the resource group to exist; it is created again first.');
  return warnings;
}
