import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled, toAppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type {
  PlanStepKind,
  ProvisionPlan,
  ProvisionProgress,
  ProvisionResult,
  WorkspaceRequest,
} from '../../model/plan.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ProvisionPort } from '../../ports/workspaces.ts';
import { workspaceArmId } from './checkName.ts';
import { toBody } from './template.ts';

/** The result with the workspace as the service describes it afterwards, for the estate. */
export type AppliedPlan = ProvisionResult & { readonly listing?: WorkspaceListing };

/**
 * Does what a plan says, step by step, and verifies the end by reading it back. Never throws: what failed is in the
 * result.
 */
export async function applyPlan(
  plan: ProvisionPlan,
  port: ProvisionPort,
  report: (progress: ProvisionProgress) => void,
  signal: CancelSignal = NEVER,
): Promise<AppliedPlan> {
  const { request } = plan;
  const issuer: Issuer = { account: request.account, tenant: request.issuer };
  const armId = workspaceArmId(request.subscription, request.resourceGroup, request.name);
  const done: PlanStepKind[] = [],
    exists: string[] = [];
  let current: PlanStepKind | undefined;
  try {
    let listing: WorkspaceListing | undefined;
    for (const [index, step] of plan.steps.entries()) {
      if (signal.aborted) throw cancelled();
      current = step.kind;
      const say = (message: string, within = 0): void => {
        report({ step: step.kind, message, fraction: (index + within) / plan.steps.length });
      };
      say(step.title);
      if (step.kind === 'createResourceGroup') {
        await port.createResourceGroup(issuer, request.subscription, request.resourceGroup, request.region, signal);
        exists.push(`resource group ${request.resourceGroup}`);
      } else {
        await port.putWorkspace(
          issuer,
          armId,
          toBody(request),
          (state) => {
            say(`${step.title}: ${state}`, 0.5);
          },
          signal,
        );
        say(`Reading workspace ${request.name} back`, 0.9);
        listing = verify(await port.workspace(issuer, armId, signal), request);
        exists.push(`workspace ${listing.name} in ${listing.region}`);
      }
      done.push(step.kind);
    }
    return {
      ok: true,
      done,
      exists,
      workspace: toWorkspaceKey(listing?.armId ?? armId),
      ...(listing ? { listing } : {}),
    };
  } catch (thrown) {
    return explain(toAppError(thrown), { request, port, issuer, armId, done, exists, current });
  }
}

function verify(listing: WorkspaceListing | undefined, request: WorkspaceRequest): WorkspaceListing {
  if (!listing)
    throw new AppError(
      'service.notVerified',
      `The service reported success but does not show the workspace ${request.name}.`,
      { retryable: true },
    );
  const different = [
    ...(listing.retentionDays === request.retentionDays
      ? []
      : [`retention is ${listing.retentionDays} days, not ${request.retentionDays}`]),
    ...(listing.dailyCapGb === request.dailyCapGb
      ? []
      : [
          `the daily cap is ${listing.dailyCapGb === undefined ? 'off' : `${listing.dailyCapGb} GB`}, not ${request.dailyCapGb === undefined ? 'off' : `${request.dailyCapGb} GB`}`,
        ]),
    ...(listing.sku.toLowerCase() === request.sku.name.toLowerCase()
      ? []
      : [`the pricing tier is ${listing.sku}, not ${request.sku.name}`]),
  ];
  if (different.length > 0)
    throw new AppError(
      'service.notVerified',
      `The workspace ${request.name} exists, but ${different.join(' and ')}. A policy of the subscription may have changed it.`,
    );
  return listing;
}

async function lookAgain(port: ProvisionPort, issuer: Issuer, armId: string): Promise<WorkspaceListing | undefined> {
  try {
    return await port.workspace(issuer, armId);
  } catch {
    return undefined;
  }
}

interface Attempt {
  readonly request: WorkspaceRequest;
  readonly port: ProvisionPort;
  readonly issuer: Issuer;
  readonly armId: string;
  readonly done: readonly PlanStepKind[];
  readonly exists: string[];
  readonly current: PlanStepKind | undefined;
}

/**
 * Says what is there now and how to go on. Looks once more at the service, because a failed call may have done its
 * work.
 */
async function explain(error: AppError, attempt: Attempt): Promise<AppliedPlan> {
  const { request, port, issuer, armId, done, exists, current } = attempt;
  const stopped = error.family === 'cancelled';
  const begun = current === 'createWorkspace' || current === 'recoverWorkspace';
  // Not with the signal of the attempt: it may have fired, and this look is what makes the message true.
  const listing = begun ? await lookAgain(port, issuer, armId) : undefined;
  if (listing) exists.push(`workspace ${listing.name} in ${listing.region}`);
  const now = exists.length > 0 ? `There is now: ${exists.join(', ')}.` : 'Nothing was created.';
  const next = listing
    ? 'Refresh the Estate view and check its settings before you run the plan again.'
    : stopped && begun
      ? `The service may still finish creating ${request.name}: look again in a minute before you repeat the plan.`
      : done.includes('createResourceGroup')
        ? `Run the plan again: it goes on in the resource group that is there, or delete ${request.resourceGroup} if you change your mind.`
        : 'Put right what the message says and run the plan again.';
  const what = stopped ? 'Cancelled.' : error.message;
  return {
    ok: false,
    done,
    exists,
    ...(listing ? { workspace: toWorkspaceKey(listing.armId), listing } : {}),
    error: { ...error.toData(), message: `${what} ${now} ${next}` },
  };
}
