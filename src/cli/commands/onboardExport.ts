import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import { joinPlans } from '../../core/changes/joinPlans.ts';
import type { ExportablePlan } from '../../core/changes/joinPlans.ts';
import { offerPlan, wantDelegation } from '../../core/onboard/delegationHandler.ts';
import type { CustomerOutcome } from '../../core/onboard/onboardAll.ts';
import { offerNames } from '../../core/onboard/prepareCustomer.ts';
import type { PreparedCustomer } from '../../core/onboard/preparedCustomer.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { ComingCustomer, OnboardingFile } from '../../model/onboarding.ts';
import type { PlanExportFormat } from '../../model/planExport.ts';
import type { OnboardingFolder } from '../../ports/onboarding.ts';
import { workspaceRequest } from '../../core/onboard/workspaceRequest.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';

/** What an export of onboarding is made of, and where it goes. */
export interface OnboardingExport {
  readonly format: PlanExportFormat;
  readonly file: OnboardingFile;
  /** What is agreed; absent where there is no baseline. */
  readonly baseline: BaselineFile | undefined;
  readonly azure: Services;
  readonly out: string;
  readonly folderOf: (customer: PreparedCustomer['customer']) => OnboardingFolder;
  readonly terminal: Terminal;
}

/**
 * Writes `onboarding.EXT` into the folder of each customer: for who is not let in by Azure Lighthouse yet the offer, as
 * the customer's administrator carries it out; else the workspace and what the baseline agrees, in their order.
 */
export async function exportOnboarding(
  prepared: readonly CustomerOutcome<PreparedCustomer>[],
  { format, file, baseline, azure, out, folderOf, terminal }: OnboardingExport,
): Promise<void> {
  const { EXPORT_EXTENSIONS, exportPlan } = await import('../../core/changes/formats/exportPlan.ts');
  for (const { value } of prepared) {
    if (!value) continue;
    const { customer } = value;
    const parts = value.issuer ? await ownParts(value, baseline, azure, terminal) : offerParts(value, file, azure);
    if (parts.length === 0) continue;
    try {
      const whole = joinPlans(`Onboarding of ${customer.name}`, parts);
      for (const { name, text } of exportPlan(whole, format, `onboarding.${EXPORT_EXTENSIONS[format]}`)) {
        await folderOf(customer).write(name, text);
        terminal.say(safeText(`Wrote ${join(out, customer.key, name)}. Nothing was done.`));
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'input.exportNothing') throw thrown;
      terminal.say(safeText(`${customer.name}: ${thrown.message}`));
    }
  }
}

function offerParts(
  { customer }: PreparedCustomer,
  { offer }: OnboardingFile,
  azure: Services,
): readonly ExportablePlan[] {
  if (!offer || customer.access !== 'lighthouse') return [];
  const intent = wantDelegation(offer, offerNames(offer, azure.onboarding), {
    scope: `/subscriptions/${customer.subscription}`,
    place: `subscription ${customer.subscription}`,
    owner: customer.tenant,
  });
  return [offerPlan(intent, customer.tenant)];
}

async function ownParts(
  { customer, plan, issuer }: PreparedCustomer,
  baseline: BaselineFile | undefined,
  azure: Services,
  terminal: Terminal,
): Promise<readonly ExportablePlan[]> {
  const makes = plan?.changes.some(({ resource, action }) => resource === 'workspace' && action === 'create');
  if (plan && issuer && baseline && makes) {
    const ahead = await azure.baseline.ahead(
      { file: baseline, workspace: workspaceRequest(customer, issuer), coming: customer },
      terminal.signal,
    );
    for (const one of ahead.leftOut) terminal.say(safeText(`${customer.name}: not in the export: ${one}`));
    return [plan, ...ahead.plans];
  }
  return [...(plan ? [plan] : []), ...(baseline ? await agreedParts(baseline, customer, azure, terminal) : [])];
}

async function agreedParts(
  file: BaselineFile,
  coming: ComingCustomer,
  azure: Services,
  terminal: Terminal,
): Promise<readonly ExportablePlan[]> {
  const scope = { include: [{ kind: 'tenant', value: coming.tenant }], except: [] } as const;
  const checked = await azure.baseline.check({ file, scope, untimed: true, coming }, terminal.signal);
  for (const { customerName, where, error } of checked.report.unknown)
    terminal.say(safeText(`${customerName}: ${where}: ${error.message}`));
  const parts: ExportablePlan[] = [];
  for (const draft of await azure.baseline.drafts(checked, terminal.signal))
    parts.push(await azure.baseline.plan(draft, terminal.signal));
  return parts;
}
