import { AppError } from '../../../base/errors.ts';
import type { PlanExportFile, PlanExportFormat, PlanSource } from '../../../model/planExport.ts';
import { toArm } from './arm.ts';
import { toAzScript } from './azScript.ts';
import { toBicep } from './bicep.ts';
import { takeApart } from './planParts.ts';
import { toPowershell } from './powershell.ts';
import { toTerraform } from './terraform.ts';

/** What files of each format are called. */
export const EXPORT_EXTENSIONS: Readonly<Record<PlanExportFormat, string>> = {
  arm: 'json',
  bicep: 'bicep',
  terraform: 'tf',
  az: 'sh',
  powershell: 'ps1',
};

/**
 * A plan in another tool's words, which do the same: the file `name`, and what it needs beside it. `az` is for
 * PowerShell where the name ends so. No secret is in it, and the same plan gives the same text. Throws
 * `input.exportNothing` where the plan does nothing, or nothing that the format can say.
 */
export function exportPlan(
  plan: { readonly title: string; readonly source: PlanSource },
  format: PlanExportFormat,
  name = `plan.${EXPORT_EXTENSIONS[format]}`,
): readonly PlanExportFile[] {
  if (plan.source.steps.length === 0)
    throw new AppError('input.exportNothing', 'There is nothing to export: all of the plan is there already.');
  const files = WRITERS[format](plan, name).filter(({ text }) => text !== '');
  if (files.length === 0)
    throw new AppError(
      'input.exportNothing',
      `A ${format} file describes what is to be there, and this plan only changes or removes something. Export it as az or powershell.`,
    );
  return files;
}

type Writer = (
  plan: { readonly title: string; readonly source: PlanSource },
  name: string,
) => readonly PlanExportFile[];

const WRITERS: Readonly<Record<PlanExportFormat, Writer>> = {
  arm: (plan, name) => [{ name, text: toArm(takeApart(plan), name) }],
  bicep: (plan, name) => toBicep(takeApart(plan), name),
  terraform: (plan, name) => [{ name, text: toTerraform(takeApart(plan)) }],
  az: (plan, name) => [{ name, text: toAzScript(takeApart(plan), name) }],
  powershell: (plan, name) => [{ name, text: toPowershell(takeApart(plan)) }],
};
