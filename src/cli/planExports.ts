import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { customerFileNames } from '../core/runs/customerFileNames.ts';
import type { Plan } from '../model/plan.ts';
import { PLAN_EXPORT_FORMATS } from '../model/planExport.ts';
import type { PlanExportFile, PlanExportFormat } from '../model/planExport.ts';
import { choiceOf, textOf } from './command.ts';
import type { Values } from './command.ts';
import { checkOut, outError, writeOut } from './output/outFile.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';

/** What commands that make plans take beside `out`, which is where the export goes. */
export const PLAN_EXPORT_OPTIONS = { export: { type: 'string' } } as const;

/** Help of that option. */
export const PLAN_EXPORT_HELP = `  --export FORMAT        writes the plan to --out (or standard output) and does nothing: arm, bicep, terraform, az, powershell;
                         az is for bash, or for PowerShell where the file ends in .ps1. Secrets are left to be given`;

/**
 * Writes plans in the form of `--export`, the second to `NAME-2.EXT` and so on, for Terraform to `NAME-2/NAME.tf`: it
 * reads all files of a folder as one configuration. Resolves to false where none is asked for. Throws
 * `input.usage` for what it is not, and `input.exportNothing` where no plan has anything to say in it.
 */
export async function exportPlans(plans: readonly Plan[], values: Values, terminal: Terminal): Promise<boolean> {
  const format = formatOf(values);
  if (format === undefined) return false;
  const out = textOf(values, 'out');
  const { EXPORT_EXTENSIONS, exportPlan } = await import('../core/changes/formats/exportPlan.ts');
  const first = out === undefined ? `plan.${EXPORT_EXTENSIONS[format]}` : basename(out);
  const files: PlanExportFile[] = [];
  let written = 0;
  let refused: unknown;
  for (const plan of plans) {
    const numbered = numberedName(first, written + 1);
    const name = format === 'terraform' ? first : numbered;
    const folder = format === 'terraform' && written > 0 ? basename(numbered, extname(numbered)) : '';
    try {
      files.push(...exportPlan(plan, format, name).map((file) => ({ ...file, name: join(folder, file.name) })));
      written++;
    } catch (error) {
      refused ??= error;
      if (!(error instanceof AppError) || error.code !== 'input.exportNothing') throw error;
      if (plans.length > 1) terminal.say(safeText(`${plan.title}: ${error.message}`));
    }
  }
  if (files.length === 0 && refused !== undefined) throw refused;
  if (out === undefined && files.length > 1)
    throw new AppError('input.usage', `This export is ${files.length} files: say where they go with --out FILE.`);
  for (const { name, text } of files) {
    const path = out === undefined ? undefined : join(dirname(out), name);
    if (path !== undefined && dirname(name) !== '.') await makeFolder(dirname(path));
    if (path !== undefined) await checkOut(path);
    await writeOut(path, terminal, (put) => put(text));
    if (path !== undefined) terminal.say(safeText(`Wrote ${path}. Nothing was done.`));
  }
  return true;
}

/**
 * Writes plans of many customers into the folder `--out`, a folder each: what a customer's plan is made of is nobody
 * else's. One file alone goes to standard output where none is named. Resolves to false where no `--export` is asked
 * for, and throws as `exportPlans` does.
 */
export async function exportPlansByCustomer(
  plans: readonly { readonly customer: string; readonly plan: Plan }[],
  stem: string,
  values: Values,
  terminal: Terminal,
): Promise<boolean> {
  const format = formatOf(values);
  const folder = textOf(values, 'out');
  if (format === undefined) return false;
  if (folder === undefined) {
    if (plans.length > 1)
      throw new AppError(
        'input.usage',
        `These are ${plans.length} plans, one for each customer: say where they go with --out DIR.`,
      );
    return exportPlans(
      plans.map(({ plan }) => plan),
      values,
      terminal,
    );
  }
  const { EXPORT_EXTENSIONS } = await import('../core/changes/formats/exportPlan.ts');
  const names = customerFileNames(plans.map(({ customer }) => customer));
  for (const [at, { plan }] of plans.entries()) {
    const place = join(folder, names[at]!);
    await makeFolder(place);
    try {
      const out = join(place, `${stem}.${EXPORT_EXTENSIONS[format]}`);
      await exportPlans([plan], { ...values, out }, terminal);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'input.exportNothing') throw thrown;
      terminal.say(safeText(`${plan.title}: ${thrown.message}`));
    }
  }
  return true;
}

/** The form that was asked for; undefined where none was. Throws `input.usage`. */
export function formatOf(values: Values): PlanExportFormat | undefined {
  if (textOf(values, 'export') === undefined) return undefined;
  return choiceOf(values, 'export', PLAN_EXPORT_FORMATS, 'arm');
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw outError(path, error);
  });
}

function numberedName(name: string, number: number): string {
  const extension = extname(name);
  return number === 1 ? name : `${name.slice(0, name.length - extension.length)}-${number}${extension}`;
}
