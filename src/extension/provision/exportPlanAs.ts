import { Uri, window, workspace } from 'vscode';
import type { Plan } from '../../model/plan.ts';
import type { PlanExportFile, PlanExportFormat } from '../../model/planExport.ts';
import type { App } from '../platform/app.ts';

interface Choice {
  readonly label: string;
  readonly detail: string;
  readonly format: PlanExportFormat;
  readonly extension: string;
}

const CHOICES: readonly Choice[] = [
  { label: 'ARM template', detail: 'JSON for az deployment', format: 'arm', extension: 'json' },
  {
    label: 'Bicep',
    detail: 'With a module for each resource group, where there are several',
    format: 'bicep',
    extension: 'bicep',
  },
  {
    label: 'Terraform',
    detail: 'azurerm, and azapi for what it has no resource of',
    format: 'terraform',
    extension: 'tf',
  },
  { label: 'Azure CLI script (bash)', detail: 'az commands', format: 'az', extension: 'sh' },
  { label: 'Azure CLI script (PowerShell)', detail: 'The same az commands', format: 'az', extension: 'ps1' },
  { label: 'PowerShell script (Az)', detail: 'Az modules', format: 'powershell', extension: 'ps1' },
];

/**
 * Asks for the form and the place of a plan in another tool's words, writes it and shows it. Secrets are left to be
 * given there. Throws `input.exportNothing` where the form cannot say the plan.
 */
export async function exportPlanAs({ worker }: App, { title, source }: Plan): Promise<void> {
  const choice = await window.showQuickPick(CHOICES, {
    title: 'Export Plan As',
    placeHolder: 'It does the same and holds no secrets; nothing is carried out here',
    matchOnDetail: true,
  });
  if (!choice) return;
  const { format, extension, label } = choice;
  const exported = (name: string): Promise<PlanExportFile[]> =>
    worker.request('provision.export', { title, source, format, name });
  // What the form cannot say is refused before anybody chooses a place.
  await exported(`plan.${extension}`);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    ...(folder ? { defaultUri: Uri.joinPath(folder, `plan.${extension}`) } : {}),
    title: 'Export Plan',
    saveLabel: 'Export',
    filters: { [label]: [extension] },
  });
  if (!target) return;
  const name = target.path.slice(target.path.lastIndexOf('/') + 1);
  for (const file of await exported(name))
    await workspace.fs.writeFile(Uri.joinPath(target, '..', file.name), new TextEncoder().encode(file.text));
  await window.showTextDocument(await workspace.openTextDocument(target));
}
